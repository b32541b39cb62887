package tracker

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// DefaultLease is how long a run's lease lasts after each heartbeat, unless the tracker
// or the start says otherwise. There are three heartbeats in that time.
const DefaultLease = time.Minute

// The shortest and the longest lease. All databases can add the longest, in
// milliseconds, to a time.
const (
	shortestLease = 10 * time.Millisecond
	longestLease  = math.MaxInt32 * time.Millisecond
)

// leaseTerms are the lease settings of a tracker's runs.
type leaseTerms struct {
	length, every time.Duration
	everySet      bool
}

// interval is how often a lease of the given length is renewed. The lease of a run that
// another tracker started may be shorter than this tracker's interval.
func (l *leaseTerms) interval(length time.Duration) time.Duration {
	if l.everySet && l.every < length {
		return l.every
	}
	return length / 3
}

func (l *leaseTerms) check() error {
	if !l.everySet {
		l.every = l.length / 3
	}
	switch {
	case l.length == 0 && !l.everySet:
		return nil
	case l.length < 0:
		return invalid("lease", l.length.String(), "negative", "give a time such as 1m, or NoLease")
	case l.length == 0:
		return invalid("heartbeat interval", l.every.String(), "given, but runs have no lease", "leave it out, or give a lease")
	case l.length < shortestLease || l.length > longestLease:
		return invalid("lease", l.length.String(), "too short or too long", "give 10ms to "+longestLease.Truncate(time.Hour).String()+", or NoLease")
	case l.every <= 0:
		return invalid("heartbeat interval", l.every.String(), "not positive", "give a third of the lease, or leave it out")
	case l.every >= l.length:
		return invalid("heartbeat interval", l.every.String(), "not shorter than the lease of "+l.length.String(), "give a third of the lease, or leave it out")
	default:
		return nil
	}
}

// checkLease refuses a lease that is out of range.
func checkLease(length time.Duration) error {
	if length < shortestLease || length > longestLease {
		return invalid("lease", length.String(), "too short or too long", "give 10ms to "+longestLease.Truncate(time.Hour).String())
	}
	return nil
}

// Lease is how long the run's lease lasts after each heartbeat; 0 if the run has no
// lease.
func (r *Run) Lease() time.Duration { return r.made().length }

// ExtendLease makes the run's lease last for at least length from now on, once. Use it
// for a step without heartbeats, such as a handover between two programs. Heartbeats do
// not shorten the extended lease. You can extend an expired lease until the run is
// ended. If the run was started without a lease, the error is [ErrInvalid].
func (r *Run) ExtendLease(ctx context.Context, length time.Duration) error {
	r = r.made()
	if err := checkLease(length); err != nil {
		return err
	}
	held, state, err := r.tracker.store.ExtendLease(ctx, r.ref, length)
	if err != nil {
		return r.failed("extend its lease", err)
	}
	if err := r.allowed(ctx, state); err != nil || held {
		return err
	}
	return invalid("lease", length.String(), "for a run that was started without one", "leave it out: such a run does not expire")
}

// runLease is this program's knowledge of a run's lease. The Runs that [Run.In] returns
// share it.
type runLease struct {
	mu       sync.Mutex
	why      error // why it was lost; nil if it was not
	lost     func(error)
	contexts map[*context.CancelCauseFunc]struct{}
}

// Context returns a context that is cancelled when parent is, or when the run loses its
// lease: [context.Cause] is then the [LeaseLostError]. The run has lost it if the
// database says that another start or an operator has ended the run, or if no heartbeat
// succeeded for the length of the lease, so that another start may have ended the run.
// cancel releases the context's resources; call it when the work is done.
//
// Use it for work outside the database, which fencing does not stop. Writes to the run
// are safe without it. While the context is in use, the run gets heartbeats.
func (r *Run) Context(parent context.Context) (ctx context.Context, cancel context.CancelFunc) {
	r = r.made()
	ctx, stop := context.WithCancelCause(parent)
	l := r.lease
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.why != nil {
		stop(l.why)
		return ctx, func() {}
	}
	if l.contexts == nil {
		l.contexts = make(map[*context.CancelCauseFunc]struct{})
	}
	l.contexts[&stop] = struct{}{}
	return heldContext{Context: ctx, run: r}, func() {
		l.mu.Lock()
		delete(l.contexts, &stop)
		l.mu.Unlock()
		stop(context.Canceled)
	}
}

// heldContext keeps its run reachable: code that works under it may have no other
// reference to the run.
type heldContext struct {
	context.Context //nolint:containedctx // it is one

	run *Run
}

// lose cancels the run's contexts and calls its callback, the first time that it is called.
func (l *runLease) lose(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.why != nil {
		return
	}
	l.why = why
	for stop := range l.contexts {
		(*stop)(why)
	}
	if l.lost != nil { // also logs it
		go l.lost(why)
	}
}

// lostLease reports whether a run that has ended did so because it lost its
// lease, with the error that says so.
func (r *Run) lostLease(ctx context.Context, failed bool) (bool, error) {
	if !failed {
		return false, nil // as it would be
	}
	lost, err := r.tracker.store.LeaseLost(ctx, r.ref)
	if err != nil {
		return false, r.failed("look up its lease", err)
	}
	if !lost {
		return false, nil
	}
	why := r.taken(r.loss(ctx))
	r.lease.lose(why)
	return true, why
}

// loss returns what is known about how the run was taken. That is little in a caller's
// transaction, where a query could lock rows that others write, and may not see later
// commits.
func (r *Run) loss(ctx context.Context) store.Loss {
	if r.of == nil {
		if losses, err := r.tracker.store.TakenLeases(ctx, []int64{r.ref.ID}); err == nil && len(losses) > 0 {
			return losses[0]
		}
	}
	return store.Loss{Run: r.ref.ID}
}

// taken returns the error for a run that was taken from its holder.
func (r *Run) taken(l store.Loss) error {
	return &LeaseLostError{Process: r.info.Process, Number: r.info.Number, Reason: l.Reason, Next: l.Next, NextActor: l.By}
}

// unrenewed returns the error for a run whose lease could not be renewed, with the cause.
func (r *Run) unrenewed(cause error) error {
	return &LeaseLostError{Process: r.info.Process, Number: r.info.Number, Cause: cause}
}
