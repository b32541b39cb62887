package tracker

// Registry is what is known of processes and their data, for everybody who has to do
// with them: their definitions and totals, the systems, objects and attributes that they
// read and write, contacts, dependencies, clusters, locations and lookups. It takes part
// in the transaction of its tracker, if there is one; see [Tracker.In]. Get it with
// [Tracker.Registry]. It costs nothing to make, and every call on that of a nil or a
// zero Tracker is [ErrInvalid].
//
// Most of it is registered by the starts of runs that name it ([Process]). What runs
// jobs is on [Tracker] and [Run], what operators do in [Admin].
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
