package tracker

import (
	"context"
	"fmt"
)

// Hold puts a process on hold, for the reason given: it cannot start until
// [Admin.Release]. A run that is active goes on. A process that is on hold
// already keeps its reason, and one that does not exist is [ErrNotFound].
func (a *Admin) Hold(ctx context.Context, process, reason string) error {
	t := a.of()
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
func (a *Admin) Release(ctx context.Context, process, reason string) error {
	t := a.of()
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
