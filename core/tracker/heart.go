package tracker

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
	"weak"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// leases are the statements that heartbeats send. Each method returns the given runs
// that lost their leases, or that have ended.
type leases interface {
	RenewLeases(ctx context.Context, runs []int64) (taken []store.Loss, err error)
	TakenLeases(ctx context.Context, runs []int64) (taken []store.Loss, err error)
	EndedRuns(ctx context.Context, runs []int64) (ended []int64, err error)
}

// heart sends the heartbeats that renew the leases of a tracker's runs: one statement
// for all runs, from one goroutine, which exists as long as there are any runs.
//
// It holds weak pointers to runs. A [Run] that nothing in the program refers to any
// more can never be ended, so it gets no more heartbeats: otherwise a run that a caller
// dropped would block its process for as long as the program lives.
//
// A nil heart does nothing.
type heart struct {
	leases

	terms  leaseTerms
	events *events

	asking context.Context //nolint:containedctx // under which it asks the database: until it is closed
	stop   context.CancelFunc

	mu     sync.Mutex
	kept   map[weak.Pointer[Run]]*keptLease // one entry per holder: a run may have several
	due    time.Time                        // of the next renewal
	sooner chan struct{}                    // gets a value when due has moved closer
	idle   chan struct{}                    // closed to end the goroutine; nil while there is none
	closed bool
}

// keptLease is a run's lease as one of its holders knows it: it begins when the last
// successful renewal was sent, by the monotonic clock.
type keptLease struct {
	id      int64         // the run's
	length  time.Duration // that it was started with
	renewed time.Time
}

func newHeart(l leases, terms leaseTerms, events *events) *heart {
	k := &heart{leases: l, terms: terms, events: events, kept: make(map[weak.Pointer[Run]]*keptLease), sooner: make(chan struct{}, 1)}
	k.asking, k.stop = context.WithCancel(context.Background())
	return k
}

// add renews a run's lease from now on. The lease was last renewed at since or later.
// add returns false if the heart is closed.
func (k *heart) add(r *Run, length time.Duration, since time.Time) bool {
	if k == nil {
		return true
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed || length == 0 {
		return !k.closed
	}
	k.kept[weak.Make(r)] = &keptLease{id: r.ref.ID, length: length, renewed: since}
	due := time.Now().Add(k.terms.interval(length))
	if k.idle == nil {
		k.idle, k.due = make(chan struct{}), due
		go k.keep(k.idle)
	} else if due.Before(k.due) {
		k.due = due
		select {
		case k.sooner <- struct{}{}:
		default: // the goroutine has not read the last value yet
		}
	}
	return true
}

// remove stops renewing a run's lease for this holder. Other holders may go on.
func (k *heart) remove(r *Run) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop(weak.Make(r))
}

// ended stops the heartbeats of runs that have ended, for all their holders.
func (k *heart) ended(runs ...int64) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for holder, kept := range k.kept {
		if slices.Contains(runs, kept.id) {
			k.drop(holder)
		}
	}
}

// drop is called with mu locked.
func (k *heart) drop(holder weak.Pointer[Run]) {
	delete(k.kept, holder) // which may be absent
	if len(k.kept) == 0 && k.idle != nil {
		close(k.idle)
		k.idle = nil
	}
}

// close also cancels the statement that the goroutine is waiting for, so that the
// goroutine ends soon even if the database is slow to answer.
func (k *heart) close() {
	defer k.stop()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	for holder := range k.kept {
		k.drop(holder)
	}
}

// keep sends heartbeats until idle is closed because no leases are left. After a
// failure it tries again sooner.
func (k *heart) keep(idle <-chan struct{}) {
	timer := time.NewTimer(k.wait())
	defer timer.Stop()
	for {
		select {
		case <-idle:
			return
		case <-k.sooner:
		case <-timer.C:
			k.renewAll()
		}
		timer.Reset(k.wait())
	}
}

// wait is how long it is until the next renewal.
func (k *heart) wait() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	return time.Until(k.due)
}

// renewAll renews every lease once, and sets when the next renewal is due.
func (k *heart) renewAll() {
	renewed := k.renewed()
	k.mu.Lock()
	defer k.mu.Unlock()
	wait, _ := k.shortest()
	if !renewed {
		wait /= 4
	}
	k.due = time.Now().Add(wait)
}

// shortest returns the shortest heartbeat interval of the leases, and the shortest
// lease. It is called with mu locked.
func (k *heart) shortest() (interval, lease time.Duration) {
	interval, lease = longestLease, longestLease
	for _, kept := range k.kept {
		interval, lease = min(interval, k.terms.interval(kept.length)), min(lease, kept.length)
	}
	return interval, lease
}

// renewed renews every lease once, and reports whether that succeeded.
func (k *heart) renewed() bool {
	ids := k.ids(func(*keptLease) bool { return true })
	if len(ids) == 0 {
		return true
	}
	asked := time.Now()
	taken, err := ask(k, func(ctx context.Context) ([]store.Loss, error) { return k.RenewLeases(ctx, ids) })
	if err != nil {
		if k.asking.Err() == nil { // else the tracker was closed meanwhile
			k.events.unrenewed(k.asking, len(ids), err)
		}
		k.giveUpExpired(err)
		return false
	}
	k.mu.Lock()
	for _, kept := range k.kept {
		if _, found := slices.BinarySearch(ids, kept.id); found {
			kept.renewed = asked
		}
	}
	k.mu.Unlock()
	k.taken(taken)
	k.forgetEnded(ids)
	return true
}

// giveUpExpired gives up runs whose leases have expired as far as this program knows:
// those that were taken, or all of them if the database does not answer. A database that
// can be read but not written, because it is read-only or a long transaction locks its
// single writer, cannot have let another caller take them.
func (k *heart) giveUpExpired(cause error) {
	over := k.ids(func(kept *keptLease) bool { return time.Since(kept.renewed) >= kept.length })
	if len(over) == 0 {
		return
	}
	taken, err := ask(k, func(ctx context.Context) ([]store.Loss, error) { return k.TakenLeases(ctx, over) })
	if err != nil {
		k.lose(over, func(r *Run) error { return r.unrenewed(cause) })
		return
	}
	k.taken(taken)
}

// forgetEnded stops the heartbeats of runs that ended without a call of ended: in a
// caller's transaction, which only the database knows to be committed or not, or by
// another program that resumed them. Runs that were taken from their holders meanwhile
// are reported lost.
func (k *heart) forgetEnded(runs []int64) {
	ended, err := ask(k, func(ctx context.Context) ([]int64, error) { return k.EndedRuns(ctx, runs) })
	if err != nil || len(ended) == 0 {
		return // after an error, the next renewal asks again
	}
	taken, err := ask(k, func(ctx context.Context) ([]store.Loss, error) { return k.TakenLeases(ctx, ended) })
	if err != nil {
		return
	}
	k.taken(taken)
	k.ended(ended...)
}

// ask bounds a query, so that a second one is still in time.
func ask[T any](k *heart, question func(context.Context) ([]T, error)) ([]T, error) {
	k.mu.Lock()
	interval, lease := k.shortest()
	k.mu.Unlock()
	ctx, cancel := context.WithTimeout(k.asking, max(interval, lease/3))
	defer cancel()
	return question(ctx)
}

// taken tells the holders of runs that they lost them to another caller.
func (k *heart) taken(losses []store.Loss) {
	for _, loss := range losses {
		k.lose([]int64{loss.Run}, func(r *Run) error { return r.taken(loss) })
	}
}

// lose tells the holders of runs that the leases are lost, and why.
func (k *heart) lose(runs []int64, why func(*Run) error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for holder, kept := range k.kept {
		if !slices.Contains(runs, kept.id) {
			continue
		}
		k.drop(holder)
		if run := holder.Value(); run != nil {
			run.lease.lose(why(run))
		}
	}
}

// ids returns the ids of the runs in question that are still held, in order. It forgets
// holders that are gone.
func (k *heart) ids(meant func(*keptLease) bool) []int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	ids := make([]int64, 0, len(k.kept))
	for holder, kept := range k.kept {
		switch {
		case holder.Value() == nil:
			k.drop(holder)
		case meant(kept):
			ids = append(ids, kept.id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Close stops the heartbeats of the tracker's runs. It changes no run and closes nothing
// else: an active run keeps the rest of its lease, and then expires unless another program
// takes it up with [Tracker.Resume]. Afterwards [Tracker.Start], [Tracker.Do] and
// [Tracker.Resume], also those of [Tracker.In], return [ErrClosed], because their runs
// would get no heartbeats. All other methods still work. You need not close a tracker
// without active runs.
func (t *Tracker) Close() error {
	t = t.made()
	if t.closed != nil {
		t.closed.Store(true)
	}
	if t.heart != nil {
		t.heart.close()
	}
	return t.absent
}

// open returns an error if the tracker is closed.
func (t *Tracker) open(doing string) error {
	if t != nil && t.closed != nil && t.closed.Load() {
		return fmt.Errorf("%s: %w; make another with New", doing, ErrClosed)
	}
	return nil
}
