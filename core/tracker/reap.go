package tracker

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// processError is the id that [ProcessError] has in every database.
const processError = 3

// leaseExpired is the error that is recorded with an expired run.
const leaseExpired = "lease expired"

// ReapOptions says which runs to end. The zero value means all runs whose lease has
// expired.
type ReapOptions struct {
	Process string // only the run of this process
	RunID   int64  // only this run
	Hold    bool   // put their processes on hold
	DryRun  bool   // end none
	// Force ends the run even if its lease has not expired or it has no lease. Set
	// Process or RunID, too.
	Force  bool
	Reason string // with Force: recorded as the run's error
}

// Reap ends active runs whose lease has expired, oldest first, and returns them as they
// were. Each run fails with the error "lease expired" of the type [ProcessError], in a
// transaction of its own. Its claimed extracts get their previous statuses back, and it
// counts as a failed run. [Tracker.Start] does the same with an expired run of its
// process, so you need not call Reap, but it tells you earlier. Reap leaves out a run
// that ends or renews its lease meanwhile.
//
// If there is no such run, because the process or the run does not exist, has ended or has a
// lease that is still good, Reap returns none and no error. If ending a run fails, it returns
// the error with the runs that it has ended before. If Force is set without Process or RunID,
// or Reason without Force, the error is [ErrInvalid].
func (a *Admin) Reap(ctx context.Context, options ReapOptions) ([]RunInfo, error) {
	t := a.of()
	if err := options.check(); err != nil {
		return nil, err
	}
	return t.reap(ctx, options, store.ExpiredFilter{Process: options.Process, RunID: options.RunID, Any: options.Force})
}

func (o *ReapOptions) check() (err error) {
	if o.Process, err = optionalName("process name", o.Process); err != nil {
		return err
	}
	if err := checkIDs(o.RunID, 0); err != nil {
		return err
	}
	switch {
	case o.Force && o.Process == "" && o.RunID == 0:
		return invalid("force", "true", "would end every active run", "say which process or run (--process, --run-id)")
	case o.Reason != "" && !o.Force:
		return invalid("reason", o.Reason, "given for runs whose lease has expired", "leave it out, or force the end (--force)")
	}
	return nil
}

func (t *Tracker) reap(ctx context.Context, options ReapOptions, filter store.ExpiredFilter) ([]RunInfo, error) {
	runs, err := t.made().store.ExpiredRuns(ctx, filter)
	if err != nil {
		return nil, t.failed("list runs to end", err)
	}
	var reaped []RunInfo
	for _, run := range runs {
		info := runInfo(run.Run)
		done := options.DryRun
		if !done {
			if done, err = t.made().store.EndExpired(ctx, run.Ref, t.expiry(info, options)); err != nil {
				return reaped, t.failed(fmt.Sprintf("end run %d of process %q", info.Number, info.Process), err)
			}
		}
		if !done {
			continue
		}
		reaped = append(reaped, info)
		if !options.DryRun {
			t.made().events.expired(ctx, ExpiryEvent{Run: info, Forced: options.Force, Held: options.Hold})
		}
	}
	return reaped, nil
}

func (t *Tracker) expiry(run RunInfo, options ReapOptions) store.Expiry {
	z := store.Expiry{Actor: t.made().actor, Force: options.Force}
	z.Error = store.NewError{Type: processError, Description: leaseExpired}
	why := fmt.Sprintf("the lease of run %d expired", run.Number)
	if options.Force {
		z.Error.Description = "ended by " + t.made().actor
		if options.Reason != "" {
			z.Error.Description += ": " + t.prose(options.Reason)
		}
		why = fmt.Sprintf("run %d was %s", run.Number, z.Error.Description)
	}
	if options.Hold {
		z.Hold = why
	}
	return z
}

// startAfterExpired is a start that first ends the expired run blocking it.
func (t *Tracker) startAfterExpired(dead store.RunRef, start starting, run store.Run) startTry {
	z := t.expiry(runInfo(run), ReapOptions{Hold: start.holdExpired})
	return func(ctx context.Context, s store.Start) (store.StartOutcome, error) {
		out, err := t.made().store.StartAfterExpired(ctx, dead, z, s)
		t.endedExpired(ctx, out, run, z, err)
		return out, err
	}
}

// endedExpired reports that a start has ended the expired run that blocked it, if it has.
func (t *Tracker) endedExpired(ctx context.Context, out store.StartOutcome, run store.Run, z store.Expiry, err error) {
	if err == nil && out.Ended {
		t.made().events.expired(ctx, ExpiryEvent{Run: runInfo(run), Held: z.Hold != ""})
	}
}

// madeRoom ends expired runs of the processes that share a full cluster with this
// process, because a dead run must not block others. If there are none, it returns the
// refusal.
func (t *Tracker) madeRoom(ctx context.Context, process string, refused error) error {
	reaped, err := t.reap(ctx, ReapOptions{}, store.ExpiredFilter{Sharing: process})
	if err != nil {
		return errors.Join(refused, err)
	}
	if len(reaped) == 0 {
		return refused
	}
	return nil
}
