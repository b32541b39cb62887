package tracker

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Do starts a run of the process, as [Tracker.Start] does, calls fn with it, and
// completes it if fn returns nil.
//
// Otherwise it fails the run and records why. If fn returned an error, Do records it as
// a [ProcessError], or as the [ErrorRecord] that it wraps. If fn panicked, Do records
// the value and goes on panicking. If fn called [runtime.Goexit], Do records that. A
// run that fn has already ended stays unchanged. Do records the end even if ctx has
// ended; that takes at most 15 seconds.
//
// The context that fn gets is cancelled when the run loses its lease, with the
// [LeaseLostError] as [context.Cause]: another run may have started, and anything that
// fn still does might be done twice.
//
// Do commits the start before it calls fn, and the end after fn has returned. To commit
// the end with the work, use [Run.In] within fn.
//
// Do returns the error of the start or of fn. If the run's end could not be recorded,
// Do joins that error to it; the run then gets no more heartbeats, and the next start
// can go on once the lease has expired.
func (t *Tracker) Do(ctx context.Context, p Process, options *StartOptions, fn func(ctx context.Context, run *Run) error) error {
	if fn == nil {
		return invalid("function", "nil", "nil", "give the work to do in the run")
	}
	run, err := t.Start(ctx, p, options)
	if err != nil {
		return err
	}
	// The caller has no handle to the run, so a run that could not be ended must not
	// get heartbeats any more.
	defer run.Detach()
	returned := false
	defer func() {
		if returned {
			return
		}
		v := recover()
		if v == nil {
			_ = run.settle(ctx, errors.New("ended by runtime.Goexit"))
			return
		}
		_ = run.settle(ctx, fmt.Errorf("panic: %v", v)) // the panic is what the caller needs to know
		panic(v)
	}()
	working, stop := run.Context(ctx)
	defer stop()
	err = fn(working, run)
	returned = true
	if recording := run.settle(ctx, err); recording != nil {
		return errors.Join(err, recording)
	}
	return err
}

// endLimit bounds how long recording a run's end may take when the caller's context no
// longer does.
const endLimit = 15 * time.Second

// settle ends the run according to its work's outcome, unless it has already ended.
func (r *Run) settle(ctx context.Context, work error) error {
	if r.ended.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
	defer cancel()
	if work == nil {
		err := r.Complete(ctx, nil)
		if r.endsInTx.Load() && errors.Is(err, ErrAlreadyEnded) {
			return nil // by fn, otherwise, in a transaction
		}
		return err
	}
	record := ErrorRecord{Type: ProcessError}
	carried := errors.As(work, &record)
	record.Description = work.Error()
	err := r.Fail(ctx, record)
	if carried && (errors.Is(err, ErrInvalid) || errors.Is(err, ErrNotFound)) {
		// The record's type or time is invalid; the run fails all the same.
		err = errors.Join(err, r.Fail(ctx, ErrorRecord{Description: record.Description}))
	}
	if errors.Is(err, ErrAlreadyEnded) {
		return nil // by another program that resumed it
	}
	return err
}
