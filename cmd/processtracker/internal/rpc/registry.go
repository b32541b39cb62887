package rpc

import (
	"context"
	"slices"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// OneProcess is a process, as far as the caller knows it.
type OneProcess struct {
	Process tracker.Process
}

// SystemGiven is what is said of a system.
type SystemGiven struct {
	Name    string
	Type    string // "database", "files", "service", "stream", "application", or one of your own
	Charset string // such as "UTF-8"
}

// OneSystem is a system to describe.
type OneSystem struct {
	System SystemGiven
}

func (s OneSystem) described() tracker.System {
	return tracker.System{Name: s.System.Name, Type: s.System.Type, Charset: s.System.Charset}
}

// ObjectGiven is what is said of an object.
type ObjectGiven struct {
	System  string
	Name    string
	Charset string // if it is another than its system's
}

// OneObject is an object to describe.
type OneObject struct {
	Object ObjectGiven
}

func (o OneObject) described() tracker.Object {
	return tracker.Object{System: o.Object.System, Name: o.Object.Name, Charset: o.Object.Charset}
}

// AttributesGiven are attributes of an object, to describe. Their id and audit are left
// out.
type AttributesGiven struct {
	System     string
	Object     string
	Attributes []tracker.Attribute
}

// ProcessContact is a contact of a process.
type ProcessContact struct {
	Process string
	Contact tracker.Contact
}

// SystemContact is a contact of a system.
type SystemContact struct {
	System  string
	Contact tracker.Contact
}

// DependencyGiven is a dependency and how strict it is.
type DependencyGiven struct {
	Child  string // the process that waits …
	Parent string // … for this one
	tracker.DependencyOptions
}

// DependencyNamed is a dependency.
type DependencyNamed struct {
	Child  string
	Parent string
}

// OneCluster is a cluster.
type OneCluster struct {
	Cluster tracker.Cluster
}

// Membership is a process's share of a cluster.
type Membership struct {
	Process string
	Cluster string
}

// LocationGiven is a location to register.
type LocationGiven struct {
	Path string
	Name string // made from the path if empty
}

// OneLocation is a location as it is stored.
type OneLocation struct {
	Location tracker.Location
}

// FileCount is how many files lie in a location.
type FileCount struct {
	Path  string
	Files int64
}

// RunStatus is a status of runs of your own.
type RunStatus struct {
	Status tracker.RunStatus
	Active bool // a run with this status goes on
}

// LookupName is a name in a lookup.
type LookupName struct {
	Lookup tracker.Lookup
	Name   string
}

// Rename is another name for one in a lookup.
type Rename struct {
	Lookup   tracker.Lookup
	From, To string
}

// does makes a method of a function of the registry.
func does[P any](name, summary string, do func(*tracker.Registry, context.Context, P) error) Method {
	return with(name, summary, func(ctx context.Context, t *tracker.Tracker, p P) (Nothing, error) {
		return nothing(do(t.Registry(), ctx, p))
	})
}

func registryWrites() []Method {
	return slices.Concat(registryDescriptions(), registryLinks(), registryNames())
}

func registryDescriptions() []Method {
	return []Method{
		does("registry.register", "registers a process and everything that it names, without starting a run.",
			func(g *tracker.Registry, ctx context.Context, p OneProcess) error { return g.Register(ctx, p.Process) }),
		does("registry.redefine", "registers a process, and gives it the type, tool and frequency named even if others are stored.",
			func(g *tracker.Registry, ctx context.Context, p OneProcess) error { return g.Redefine(ctx, p.Process) }),
		does("registry.describe_system", "describes a system. Fields that you leave out keep their values.",
			func(g *tracker.Registry, ctx context.Context, p OneSystem) error {
				return g.DescribeSystem(ctx, p.described())
			}),
		does("registry.redescribe_system", "describes a system, and clears the fields that you leave out.",
			func(g *tracker.Registry, ctx context.Context, p OneSystem) error {
				return g.RedescribeSystem(ctx, p.described())
			}),
		does("registry.describe_object", "describes an object. Fields that you leave out keep their values.",
			func(g *tracker.Registry, ctx context.Context, p OneObject) error {
				return g.DescribeObject(ctx, p.described())
			}),
		does("registry.redescribe_object", "describes an object, and clears the fields that you leave out.",
			func(g *tracker.Registry, ctx context.Context, p OneObject) error {
				return g.RedescribeObject(ctx, p.described())
			}),
		does("registry.describe_attributes", "describes attributes of an object, all or none. Fields that you leave out keep their values.",
			func(g *tracker.Registry, ctx context.Context, p AttributesGiven) error {
				return g.DescribeAttributes(ctx, p.System, p.Object, p.Attributes...)
			}),
		does("registry.redescribe_attributes", "describes attributes of an object, and clears the fields of these that you leave out.",
			func(g *tracker.Registry, ctx context.Context, p AttributesGiven) error {
				return g.RedescribeAttributes(ctx, p.System, p.Object, p.Attributes...)
			}),
	}
}

func registryLinks() []Method {
	return []Method{
		does("registry.add_process_contact", "gives a contact to a process.",
			func(g *tracker.Registry, ctx context.Context, p ProcessContact) error {
				return g.AddProcessContact(ctx, p.Process, p.Contact)
			}),
		does("registry.remove_process_contact", "takes a contact from a process.",
			func(g *tracker.Registry, ctx context.Context, p ProcessContact) error {
				return g.RemoveProcessContact(ctx, p.Process, p.Contact)
			}),
		does("registry.add_system_contact", "gives a contact to a system, and so to all processes that read it.",
			func(g *tracker.Registry, ctx context.Context, p SystemContact) error {
				return g.AddSystemContact(ctx, p.System, p.Contact)
			}),
		does("registry.remove_system_contact", "takes a contact from a system.",
			func(g *tracker.Registry, ctx context.Context, p SystemContact) error {
				return g.RemoveSystemContact(ctx, p.System, p.Contact)
			}),
		does("registry.add_dependency", "makes the process child depend on the process parent, or changes their dependency.",
			func(g *tracker.Registry, ctx context.Context, p DependencyGiven) error {
				return g.AddDependency(ctx, p.Child, p.Parent, p.DependencyOptions)
			}),
		does("registry.remove_dependency", "ends a dependency.",
			func(g *tracker.Registry, ctx context.Context, p DependencyNamed) error {
				return g.RemoveDependency(ctx, p.Child, p.Parent)
			}),
		does("registry.set_cluster", "registers a cluster, or changes its maxima.",
			func(g *tracker.Registry, ctx context.Context, p OneCluster) error {
				return g.SetCluster(ctx, p.Cluster)
			}),
		does("registry.join_cluster", "makes a process share a cluster.",
			func(g *tracker.Registry, ctx context.Context, p Membership) error {
				return g.JoinCluster(ctx, p.Process, p.Cluster)
			}),
		does("registry.leave_cluster", "ends a process's share of a cluster.",
			func(g *tracker.Registry, ctx context.Context, p Membership) error {
				return g.LeaveCluster(ctx, p.Process, p.Cluster)
			}),
		with("registry.register_location", "registers a location by its path.",
			func(ctx context.Context, t *tracker.Tracker, p LocationGiven) (OneLocation, error) {
				l, err := t.Registry().RegisterLocation(ctx, p.Path, p.Name)
				return OneLocation{l}, err
			}),
		does("registry.set_file_count", "stores how many files a listing of the location found.",
			func(g *tracker.Registry, ctx context.Context, p FileCount) error {
				return g.SetFileCount(ctx, p.Path, p.Files)
			}),
	}
}

func registryNames() []Method {
	return []Method{
		does("registry.add_run_status", "adds a run status of your own.",
			func(g *tracker.Registry, ctx context.Context, p RunStatus) error {
				return g.AddRunStatus(ctx, p.Status, p.Active)
			}),
		does("registry.add_lookup_name", "adds a name of your own to a lookup.",
			func(g *tracker.Registry, ctx context.Context, p LookupName) error {
				return g.AddLookupName(ctx, p.Lookup, p.Name)
			}),
		does("registry.rename_lookup_name", "renames a name of your own in a lookup.",
			func(g *tracker.Registry, ctx context.Context, p Rename) error {
				return g.RenameLookupName(ctx, p.Lookup, p.From, p.To)
			}),
		does("registry.delete_lookup_name", "deletes a name of your own from a lookup.",
			func(g *tracker.Registry, ctx context.Context, p LookupName) error {
				return g.DeleteLookupName(ctx, p.Lookup, p.Name)
			}),
	}
}
