package tracker

// Registry describes processes and their data: definitions and totals, the systems,
// objects and attributes that processes read and write, contacts, dependencies, clusters,
// locations and lookups. People, catalogues and deployments use it. Jobs rarely have to:
// a start registers what its [Process] names.
//
// Get it with [Tracker.Registry], which costs nothing. If its tracker belongs to a
// transaction, so does the Registry; see [Tracker.In]. Every call on the Registry of a
// nil or zero Tracker returns [ErrInvalid]. To run jobs, use [Tracker] and [Run]; for
// operators, there is [Admin].
//
// You can rename a registered item while it is in use: everything that refers to it has
// the new name at once. A program that still gives the old name registers that name
// again. The methods that rename or change an item return [ErrExists] if the new name is
// taken and [ErrNotFound] if the old name does not exist. Those that delete an item return
// [ErrNotFound] if it does not exist and [ErrInUse], with an [InUseError], if something
// refers to it. In each of these cases nothing changes.
//
// Methods such as [Registry.ChangeCluster] change a part of what is stored, and lose nothing
// that another caller changes at the same time: they call a function with the stored values,
// and store what it makes of them if the values are still the same. If not, they call it
// again with the new ones. It should only set fields. If there is no such item, they return
// [ErrNotFound]; if a new value is not valid, [ErrInvalid].
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
