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
// Otherwise it fails the run, and records why: the error that fn returned, as a
// [ProcessError], or as what the [ErrorRecord] that the error carries says; the value
// with which fn panicked, and goes on to panic; or that fn ended its goroutine
// with [runtime.Goexit]. A run that fn has ended itself stays as it is. The end
// is recorded even if ctx has ended, which takes at most 15 seconds.
//
// The context that fn gets is cancelled when the run loses its lease, with the
// [LeaseLostError] as [context.Cause]: another run may have started, and what fn
// goes on to do would be done twice.
//
// The start is committed before fn is called, the end after it has returned; to commit
// the end with the work, use [Run.In] within fn.
//
// Do returns the error of the start, else fn's, together with one that kept the
// end of the run from being recorded. In that case the run's lease is renewed no
// more, and once it has expired the next start goes on.
func (t *Tracker) Do(ctx context.Context, p Process, options *StartOptions, fn func(ctx context.Context, run *Run) error) error {
	if fn == nil {
		return invalid("function", "nil", "there is none", "give the work to do in the run")
	}
	run, err := t.Start(ctx, p, options)
	if err != nil {
		return err
	}
	// Whatever becomes of the run's end: the caller has no handle, so that a run which
	// could not be ended must not be renewed.
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
		_ = run.settle(ctx, fmt.Errorf("panic: %v", v)) // the panic is what the caller has to hear of
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

// endLimit is how long the end of a run may take to be recorded that the
// caller's context no longer bounds.
const endLimit = 15 * time.Second

// settle ends the run by what became of its work, unless it has been ended.
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
		// The record's type or time will not do; the run fails all the same.
		err = errors.Join(err, r.Fail(ctx, ErrorRecord{Description: record.Description}))
	}
	if errors.Is(err, ErrAlreadyEnded) {
		return nil // by another program that resumed it
	}
	return err
}
