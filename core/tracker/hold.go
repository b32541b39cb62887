package tracker

import "context"

// Hold puts a process on hold, for the given reason: the process cannot start until
// [Admin.Release]. An active run goes on. A process that is already on hold keeps its
// reason. If the process does not exist, the error is [ErrNotFound].
func (a *Admin) Hold(ctx context.Context, process, reason string) error {
	t := a.of()
	process, err := name("process name", process)
	if err != nil {
		return err
	}
	err = t.made().store.Hold(ctx, process, t.made().actor, t.prose(reason))
	return t.ofProcess("hold", process, err)
}

// Release ends the hold of a process, for the given reason, and resets its count of
// failures in a row. If the process has failures but is not on hold yet, Release resets
// the count, too; the history records that as a change from "released" to "released".
// Releasing a process that is not on hold and has not failed does nothing. If the
// process does not exist, the error is [ErrNotFound].
func (a *Admin) Release(ctx context.Context, process, reason string) error {
	t := a.of()
	process, err := name("process name", process)
	if err != nil {
		return err
	}
	err = t.made().store.Release(ctx, process, t.made().actor, t.prose(reason))
	return t.ofProcess("release", process, err)
}
