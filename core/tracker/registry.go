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

// A DependencyOption changes a dependency.
type DependencyOption func(*store.Dependency)

// Fresh makes the child wait, besides, until the parent has completed since the
// child itself did.
func Fresh() DependencyOption { return wantFresh(true) }

// Any ends [Fresh]: data that the child has seen will do.
func Any() DependencyOption { return wantFresh(false) }

func wantFresh(want bool) DependencyOption { return func(d *store.Dependency) { d.Fresh = &want } }

// AddDependency makes the process child depend on the process parent. Both are
// registered if they are not. If the dependency exists, it gets the kind; with the
// empty kind, it keeps the one that it has, and a new one is [Normal]. One that
// would close a cycle is [ErrCycle].
func (t *Tracker) AddDependency(ctx context.Context, child, parent string, kind DependencyKind, options ...DependencyOption) error {
	child, parent, err := pair(child, parent)
	if err != nil {
		return err
	}
	switch kind {
	case "", Normal, Hard, Soft:
	default:
		return invalid("dependency kind", string(kind), "unknown", "use normal, hard or soft")
	}
	if child == parent {
		return dependsOnItself(child)
	}
	d := store.Dependency{Child: child, Parent: parent, Kind: string(kind)}
	for _, option := range options {
		if option == nil {
			return noOption()
		}
		option(&d)
	}
	added, err := t.made().store.AddDependency(ctx, d, t.made().actor)
	if err != nil {
		return t.failed(fmt.Sprintf("add dependency of %q on %q", child, parent), err)
	}
	if !added {
		return dependsAlready(child, parent)
	}
	return nil
}

func dependsOnItself(process string) error {
	return fmt.Errorf("process %q cannot depend on itself: %w; name another parent", process, ErrCycle)
}

func dependsAlready(child, parent string) error {
	return fmt.Errorf("process %q cannot depend on %q, which depends on it already: %w; leave this one out, or remove one in between with RemoveDependency", child, parent, ErrCycle)
}

// RemoveDependency ends a dependency. One that does not exist is [ErrNotFound].
func (t *Tracker) RemoveDependency(ctx context.Context, child, parent string) error {
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

// Hold puts a process on hold, for the reason given: it cannot start until
// [Tracker.Release]. A run that is active goes on. A process that is on hold
// already keeps its reason, and one that does not exist is [ErrNotFound].
func (t *Tracker) Hold(ctx context.Context, process, reason string) error {
	process, err := name("process name", process)
	if err != nil {
		return err
	}
	changed, err := t.made().store.Hold(ctx, process, t.made().actor, t.prose(reason))
	if err != nil {
		return t.failed(fmt.Sprintf("hold process %q", process), err)
	}
	if changed {
		return nil
	}
	return t.mustExist(ctx, process)
}

// Release ends the hold of a process, for the reason given. From then on its failures
// do not count that would put it on hold again; those of a process that is not on hold
// yet do not either, and the history has that as a change from "released" to
// "released". Releasing a process that is not on hold and has not failed is harmless;
// one that does not exist is [ErrNotFound].
func (t *Tracker) Release(ctx context.Context, process, reason string) error {
	process, err := name("process name", process)
	if err != nil {
		return err
	}
	changed, err := t.made().store.Release(ctx, process, t.made().actor, t.prose(reason))
	if err != nil {
		return t.failed(fmt.Sprintf("release process %q", process), err)
	}
	if changed {
		return nil
	}
	return t.mustExist(ctx, process)
}

func (t *Tracker) mustExist(ctx context.Context, process string) error {
	known, err := t.made().store.ProcessKnown(ctx, process)
	if err != nil {
		return t.failed("look up process", err)
	}
	if !known {
		return &NotFoundError{What: "process", Name: process}
	}
	return nil
}

// AddRunStatus makes a status of runs of your own, which is either active (the
// run goes on) or ended. Adding one that exists changes nothing, and is
// [ErrMismatch] if the stored one is of the other sort.
func (t *Tracker) AddRunStatus(ctx context.Context, status RunStatus, active bool) error {
	s, err := name("run status", string(status))
	if err != nil {
		return err
	}
	stored, err := t.made().store.AddRunStatus(ctx, s, t.made().actor, active)
	if err != nil {
		return t.failed("add run status", err)
	}
	if stored != active {
		sort := map[bool]string{true: "active", false: "ended"}
		return &MismatchError{
			What: fmt.Sprintf("run status %q", s), Field: "sort", Stored: sort[stored], Given: sort[active],
			Remedy: "choose another name",
		}
	}
	return nil
}
