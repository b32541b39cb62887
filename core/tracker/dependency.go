package tracker

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// DependencyKind is how strictly a process depends on another.
type DependencyKind string

// The kinds of dependencies.
const (
	// Normal blocks while the parent's latest run is active, failed or on hold. A
	// parent that never ran does not block.
	Normal DependencyKind = "normal"
	// Hard blocks, besides, until the parent has run.
	Hard DependencyKind = "hard"
	// Soft never blocks; the run reports it: [Run.SoftDependencies].
	Soft DependencyKind = "soft"
)

// Freshness says whether a dependency also waits for new data.
type Freshness string

const (
	// Fresh makes the child wait, besides, until the parent has completed since the
	// child itself did.
	Fresh Freshness = "fresh"
	// AnyAge does not: data that the child has seen will do.
	AnyAge Freshness = "any age"
)

// DependencyOptions is how a process depends on another. What is empty stays as it is
// stored; a new dependency is [Normal] and [AnyAge].
type DependencyOptions struct {
	Kind      DependencyKind
	Freshness Freshness
}

// AddDependency makes the process child depend on the process parent. Both are
// registered if they are not. If the dependency exists, it gets the kind and the
// freshness given. One that would close a cycle is [ErrCycle].
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

// dependency checks what is said of one.
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
		return d, invalid("freshness", string(o.Freshness), "unknown", "use fresh or any age, or none to leave it")
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
	return fmt.Errorf("process %q cannot depend on %q, which depends on it already: %w; leave this one out, or remove one in between with RemoveDependency", child, parent, ErrCycle)
}

// RemoveDependency ends a dependency. One that does not exist is [ErrNotFound].
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

// Dependencies are those of a process.
type Dependencies struct {
	Parents  []Dependency // what it depends on
	Children []Dependency // what depends on it
}

// Dependencies returns what a process depends on and what depends on it, in the
// order of their names. A process that does not exist is [ErrNotFound].
func (g *Registry) Dependencies(ctx context.Context, process string) (Dependencies, error) {
	t := g.of()
	var all Dependencies
	process, err := name("process name", process)
	if err != nil {
		return all, err
	}
	rows, err := t.made().store.Dependencies(ctx, process)
	if err != nil {
		return all, t.failed(fmt.Sprintf("list dependencies of process %q", process), err)
	}
	if len(rows) == 0 {
		return all, t.mustExist(ctx, process)
	}
	for _, row := range rows {
		d := Dependency{
			Child: row.Child, Parent: row.Parent, Kind: DependencyKind(row.Kind), Fresh: row.Fresh, Audit: audit(row.Audit),
		}
		if d.Child == process {
			all.Parents = append(all.Parents, d)
		} else {
			all.Children = append(all.Children, d)
		}
	}
	return all, nil
}
