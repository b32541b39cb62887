package tracker

// Registry describes processes and their data: definitions and totals, the systems,
// objects and attributes that processes read and write, contacts, dependencies, clusters,
// locations and lookups. People, catalogues and deployments use it. Jobs rarely have to:
// a start registers what its [Process] names.
//
// [Tracker.Registry] returns it, and costs nothing. It takes part in the transaction of
// its tracker, if there is one; see [Tracker.In]. Every call on the registry of a nil or
// a zero Tracker is [ErrInvalid]. What runs jobs is on [Tracker] and [Run], what
// operators do in [Admin].
type Registry struct{ tracker *Tracker }

// Registry returns the registry of the tracker's database.
func (t *Tracker) Registry() *Registry { return &Registry{t} }

// of is the tracker, which may be nil.
func (g *Registry) of() *Tracker {
	if g == nil {
		return nil
	}
	return g.tracker
}
