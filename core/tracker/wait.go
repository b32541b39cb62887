package tracker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// WaitEvent says that a start waits, and for what.
type WaitEvent struct {
	Process string
	// Err is the error that refuses the start now, or that keeps it from reaching the
	// database.
	Err error
	// Waited is how long the start has waited so far, and Left how long it will still wait
	// at most.
	Waited, Left time.Duration
}

// How long a start that waits sleeps between two looks: a random time of at least half of
// a bound, which grows.
const (
	firstPoll   = 200 * time.Millisecond
	longestPoll = 15 * time.Second
)

// waitTry bounds one attempt of a waiting start. The end of the caller's context ends
// the waiting but not an attempt, because the database might have created a run that its
// caller would never get.
const waitTry = time.Minute

// A waiter waits for what refuses a start.
type waiter struct {
	limit time.Duration
	try   func(context.Context) error // again
	tell  func(WaitEvent)
	event WaitEvent
	same  string // of the latest event
}

// wait tries again until the start succeeds, or fails with an error that waiting cannot
// change, or the time is up. first is the first refusal.
func (w *waiter) wait(ctx context.Context, first error) error {
	began := time.Now()
	err := first
	for bound := firstPoll; ; bound = min(bound*3/2, longestPoll) {
		w.event.Err, w.event.Waited = err, time.Since(began)
		w.event.Left = w.limit - w.event.Waited
		if w.event.Left <= 0 {
			return fmt.Errorf("waited for %s: %w", w.event.Waited.Round(time.Second), err)
		}
		w.say(err)
		pause := min(bound/2+rand.N(bound/2), w.event.Left) //nolint:gosec // when it looks again is no secret
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("stopped waiting after %s: %w: %w", time.Since(began).Round(time.Second), context.Cause(ctx), err)
		case <-timer.C:
		}
		next := w.try(ctx)
		switch {
		case ctx.Err() != nil && next != nil && !passes(next):
			return fmt.Errorf("stopped waiting after %s: %w: %w", time.Since(began).Round(time.Second), context.Cause(ctx), err)
		case next == nil || !passes(next):
			return next
		}
		err = next
	}
}

// say reports what the start waits for, if that has changed.
func (w *waiter) say(err error) {
	reason, _, same := refusalOf(err)
	if reason == nil {
		same = "the database"
	} else {
		same = reason.Error() + "\x00" + same
	}
	if same != w.same && w.tell != nil {
		w.tell(w.event)
	}
	w.same = same
}

// passes reports whether waiting can help: a process is blocked, or, once a start waits,
// the database is away or busy.
func passes(err error) bool {
	return errors.As(err, new(*BlockedError)) || errors.Is(err, ErrDisconnected) || errors.Is(err, ErrBusy)
}

// startOrWait starts a run; if something refuses it, it waits as long as its caller wants.
// Only the first refusal is recorded: looking again writes nothing.
func (t *Tracker) startOrWait(ctx context.Context, s starting, try func(context.Context, starting) (*Run, error)) (*Run, error) {
	if s.wait == 0 {
		return try(ctx, s)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("start process %q: %w", s.Process, err)
	}
	attempt := func(s starting) (*Run, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), waitTry)
		defer cancel()
		return try(ctx, s)
	}
	run, err := attempt(s)
	if !errors.As(err, new(*BlockedError)) {
		return run, err
	}
	s.quiet = true
	w := waiter{limit: s.wait, tell: s.onWait, event: WaitEvent{Process: s.Process}, try: func(ctx context.Context) error {
		if len(s.parents) == 0 { // otherwise the stored dependencies are not all of them
			if refusal, err := t.look(ctx, s); refusal != nil || err != nil {
				return errors.Join(refusal, err)
			}
		}
		var err error
		run, err = attempt(s)
		return err
	}}
	return run, w.wait(ctx, err)
}

// look reads whether something refuses the start. A process that fails too often is
// left to the start, which puts it on hold.
func (t *Tracker) look(ctx context.Context, s starting) (refusal, err error) {
	start := s.Start
	start.Definition = ""
	out, err := t.made().store.Outcome(ctx, start)
	if err != nil {
		return nil, t.failed(fmt.Sprintf("check whether process %q can start", s.Process), err)
	}
	if refusal = wouldRefuse(start, out); errors.Is(refusal, ErrOnHold) && out.Held == nil {
		return nil, nil
	}
	return refusal, nil
}
