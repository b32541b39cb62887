package rpc

import (
	"context"
	"iter"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// OfProcess names a process.
type OfProcess struct {
	Process string
}

// OfObject names an object of a system.
type OfObject struct {
	System string
	Object string
}

// OfPath names a location.
type OfPath struct {
	Path string
}

// OfLookup names a lookup.
type OfLookup struct {
	Lookup tracker.Lookup
}

// The results of the registry's lists.
type (
	// Processes is a page of processes.
	Processes struct {
		Processes []tracker.ProcessInfo
		Next      tracker.Cursor
	}
	// Systems is a page of systems.
	Systems struct {
		Systems []tracker.System
		Next    tracker.Cursor
	}
	// Objects is a page of objects.
	Objects struct {
		Objects []tracker.Object
		Next    tracker.Cursor
	}
	// Attributes are those of an object.
	Attributes struct {
		Attributes []tracker.Attribute
	}
	// Contacts are those of a process.
	Contacts struct {
		Contacts []tracker.ContactInfo
	}
	// Totals are those of a process.
	Totals struct {
		Totals tracker.Totals
	}
	// LookupNames are those of a lookup.
	LookupNames struct {
		Names []tracker.LookupName
	}
)

// asks makes a method of a function of the registry that only reads.
func asks[P, R any](name, summary string, do func(context.Context, *tracker.Registry, P) (R, error)) Method {
	return with(name, summary, func(ctx context.Context, t *tracker.Tracker, p P) (R, error) {
		return do(ctx, t.Registry(), p)
	})
}

func registryReads() []Method {
	return []Method{
		asks("registry.definition", "reads a process, in the form in which it would be registered.",
			func(ctx context.Context, g *tracker.Registry, p OfProcess) (OneProcess, error) {
				process, err := g.Definition(ctx, p.Process)
				return OneProcess{process}, err
			}),
		asks("registry.processes", "finds processes, oldest first.",
			func(ctx context.Context, g *tracker.Registry, f tracker.ProcessFilter) (r Processes, err error) {
				r.Processes, r.Next, err = page(f.Limit, func(limit int) iter.Seq2[tracker.ProcessInfo, error] {
					f.Limit = limit
					return g.Processes(ctx, f)
				})
				return r, err
			}),
		asks("registry.totals", "reads the totals of a process over all its runs, and its watermark.",
			func(ctx context.Context, g *tracker.Registry, p OfProcess) (Totals, error) {
				totals, err := g.Totals(ctx, p.Process)
				return Totals{totals}, err
			}),
		asks("registry.contacts", "lists the contacts of a process, its own first, then those of its sources.",
			func(ctx context.Context, g *tracker.Registry, p OfProcess) (Contacts, error) {
				contacts, err := g.Contacts(ctx, p.Process)
				return Contacts{contacts}, err
			}),
		asks("registry.dependencies", "reads the dependencies of a process, in both directions.",
			func(ctx context.Context, g *tracker.Registry, p OfProcess) (tracker.Dependencies, error) {
				return g.Dependencies(ctx, p.Process)
			}),
		asks("registry.location", "reads a location.",
			func(ctx context.Context, g *tracker.Registry, p OfPath) (OneLocation, error) {
				l, err := g.Location(ctx, p.Path)
				return OneLocation{l}, err
			}),
		asks("registry.systems", "lists systems, oldest first.",
			func(ctx context.Context, g *tracker.Registry, f tracker.SystemFilter) (r Systems, err error) {
				r.Systems, r.Next, err = page(f.Limit, func(limit int) iter.Seq2[tracker.System, error] {
					f.Limit = limit
					return g.Systems(ctx, f)
				})
				return r, err
			}),
		asks("registry.objects", "lists objects, oldest first.",
			func(ctx context.Context, g *tracker.Registry, f tracker.ObjectFilter) (r Objects, err error) {
				r.Objects, r.Next, err = page(f.Limit, func(limit int) iter.Seq2[tracker.Object, error] {
					f.Limit = limit
					return g.Objects(ctx, f)
				})
				return r, err
			}),
		asks("registry.attributes", "lists the attributes of an object, oldest first.",
			func(ctx context.Context, g *tracker.Registry, p OfObject) (Attributes, error) {
				attributes, err := all(g.Attributes(ctx, p.System, p.Object))
				return Attributes{attributes}, err
			}),
		asks("registry.lookup_names", "lists the names in a lookup, the preloaded ones first.",
			func(ctx context.Context, g *tracker.Registry, p OfLookup) (LookupNames, error) {
				names, err := all(g.LookupNames(ctx, p.Lookup))
				return LookupNames{names}, err
			}),
	}
}
