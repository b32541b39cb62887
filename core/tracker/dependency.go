package tracker

import (
	"context"
	"fmt"
	"iter"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// DependencyKind is how strictly a process depends on another.
type DependencyKind string

// The kinds of dependencies.
const (
	// Normal blocks while the parent's latest run is active, failed or on hold. A
	// parent that never ran does not block.
	Normal DependencyKind = "normal"
	// Hard blocks like Normal, and also until the parent has run.
	Hard DependencyKind = "hard"
	// Soft never blocks. [Run.SoftDependencies] reports it.
	Soft DependencyKind = "soft"
)

// Freshness says whether a dependency also waits for new data.
type Freshness string

const (
	// Fresh also makes the child wait until the parent has completed since the child
	// itself last did.
	Fresh Freshness = "fresh"
	// AnyAge does not wait for new data: data that the child has already seen will do.
	AnyAge Freshness = "any age"
)

// DependencyOptions says how a process depends on another. Empty fields leave a stored
// dependency's values unchanged; a new dependency is [Normal] and [AnyAge] by default.
type DependencyOptions struct {
	Kind      DependencyKind
	Freshness Freshness
}

// AddDependency makes the process child depend on the process parent. It registers both
// if necessary. If the dependency exists, it gets the given kind and freshness. If the
// dependency would close a cycle, the error is [ErrCycle].
func (g *Registry) AddDependency(ctx context.Context, child, parent string, options DependencyOptions) error {
	t := g.of()
	d, err := dependency(child, parent, options)
	if err != nil {
		return err
	}
	added, err := t.made().store.AddDependency(ctx, d, t.made().actor)
	if err != nil {
		return t.failed(fmt.Sprintf("add dependency of %q on %q", d.Child, d.Parent), err)
	}
	if !added {
		return dependsAlready(d.Child, d.Parent)
	}
	return nil
}

// dependency checks the arguments of a dependency.
func dependency(child, parent string, o DependencyOptions) (store.Dependency, error) {
	child, parent, err := pair(child, parent)
	d := store.Dependency{Child: child, Parent: parent, Kind: string(o.Kind)}
	if err != nil {
		return d, err
	}
	switch o.Kind {
	case "", Normal, Hard, Soft:
	default:
		return d, invalid("dependency kind", string(o.Kind), "unknown", "use normal, hard or soft")
	}
	switch fresh := o.Freshness == Fresh; o.Freshness {
	case "":
	case Fresh, AnyAge:
		d.Fresh = &fresh
	default:
		return d, invalid("freshness", string(o.Freshness), "unknown", "use fresh or any age, or none to keep the stored value")
	}
	if child == parent {
		return d, dependsOnItself(child)
	}
	return d, nil
}

func dependsOnItself(process string) error {
	return fmt.Errorf("process %q cannot depend on itself: %w; name another parent", process, ErrCycle)
}

func dependsAlready(child, parent string) error {
	return fmt.Errorf("process %q cannot depend on %q, which depends on it already: %w; leave this dependency out, or remove one of the others with RemoveDependency", child, parent, ErrCycle)
}

// RemoveDependency ends a dependency. If there is no such dependency, the error is
// [ErrNotFound].
func (g *Registry) RemoveDependency(ctx context.Context, child, parent string) error {
	t := g.of()
	child, parent, err := pair(child, parent)
	if err != nil {
		return err
	}
	removed, err := t.made().store.RemoveDependency(ctx, child, parent)
	if err != nil {
		return t.failed(fmt.Sprintf("remove dependency of %q on %q", child, parent), err)
	}
	if !removed {
		return &NotFoundError{What: "dependency", Name: child + " on " + parent}
	}
	return nil
}

func pair(child, parent string) (string, string, error) {
	child, err := name("child process", child)
	if err != nil {
		return "", "", err
	}
	parent, err = name("parent process", parent)
	return child, parent, err
}

// Dependency is one process's dependence on another.
type Dependency struct {
	Child  string // the process that waits …
	Parent string // … for this one
	Kind   DependencyKind
	Fresh  bool // see [Fresh]
	Audit  Audit
}

func storedDependency(row store.StoredDependency) Dependency {
	return Dependency{Child: row.Child, Parent: row.Parent, Kind: DependencyKind(row.Kind), Fresh: row.Fresh, Audit: audit(row.Audit)}
}

// AllDependencies lists the dependencies of all processes, in the order in which the
// processes that wait were registered. It ends after the first error.
func (g *Registry) AllDependencies(ctx context.Context) iter.Seq2[Dependency, error] {
	t := g.of()
	return pages(t, list[store.PlacedDependency, Dependency]{
		doing:   "list all dependencies",
		convert: func(row store.PlacedDependency) Dependency { return storedDependency(row.StoredDependency) },
		keys:    func(row store.PlacedDependency) []int64 { return []int64{row.ChildID, row.ParentID} },
		read: func(limit int64, after []int64) ([]store.PlacedDependency, error) {
			return t.made().store.AllDependencies(ctx, after, limit)
		},
	})
}

// Dependencies are a process's dependencies, in both directions.
type Dependencies struct {
	Parents  []Dependency // the processes that it depends on
	Children []Dependency // what depends on it
}

// Dependencies returns the processes that a process depends on, and those that depend
// on it, in the order of their names. If the process does not exist, the error is
// [ErrNotFound].
func (g *Registry) Dependencies(ctx context.Context, process string) (Dependencies, error) {
	t := g.of()
	var all Dependencies
	process, err := name("process name", process)
	if err != nil {
		return all, err
	}
	parents, children, err := t.made().store.Dependencies(ctx, process)
	for _, row := range parents {
		all.Parents = append(all.Parents, storedDependency(row))
	}
	for _, row := range children {
		all.Children = append(all.Children, storedDependency(row))
	}
	return all, t.ofProcess("list dependencies of", process, err)
}
