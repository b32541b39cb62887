package tracker

import (
	"context"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/internal/store"
)

// In returns the run for use in a transaction that the caller began on the
// tracker's database: whatever is written through it is part of that transaction.
// So a load, the statuses of its extracts, its counts, its watermark and its
// completion commit together or not at all. The backend's package makes tx of the
// driver's transaction, such as postgres.Tx:
//
//	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
//		if err := load(ctx, tx); err != nil {
//			return err
//		}
//		return run.In(postgres.Tx(tx)).Complete(ctx, nil)
//	})
//
// The transaction stays the caller's to commit or to roll back. A call that
// returns an error has written nothing and leaves the transaction as it was, where
// it can: each works within a savepoint. An error means all the same that the load
// is not to be committed:
//
//   - [ErrLeaseLost]: the run's lease expired, and another start or a reap ended the run.
//   - [ErrAlreadyEnded], [ErrNotOwner]: the run has been ended elsewhere, or was
//     taken from the caller. Also an end with the status that the run has already
//     is refused here, unless it is of this value's own making: a load whose first
//     commit took effect, though its answer was lost, cannot be committed twice.
//   - [ErrBusy]: the database gave the transaction up because of others, or refuses
//     it what they have changed since it began. Nothing is tried again; the caller
//     may, with the whole transaction.
//   - [ErrTransaction]: the transaction is none of this database's, or is not open.
//
// From the first call on, the run's rows are locked until the transaction ends:
// writing to the run otherwise waits for that, and deadlocks a goroutine that has
// the transaction open. So call it late, and end the transaction before the run
// itself is used again. It is for one goroutine at a time, as the transaction is.
//
// A rollback takes what was written with it, an end and errors, too. The run
// itself is not affected: to record a failure, use that, after the rollback.
// [Run.Close] of the run itself, if deferred before the transaction's end is, does
// so, and leaves a run that was ended in a transaction which was committed. Close
// of what In returns does nothing.
func (r *Run) In(tx dialect.Tx) *Run {
	r = r.made()
	if r.of != nil {
		r = r.of
	}
	t := *r.tracker
	t.store = r.tracker.store.In(tx, r.ref)
	t.heart = nil
	return &Run{tracker: &t, info: r.info, ref: r.ref, token: r.token, soft: r.soft, lease: r.lease, length: r.length, of: r}
}

// In returns the tracker for use in a transaction that the caller began on the
// tracker's database, as [Run.In] does for a run: what is registered, held,
// released or started through it is part of that transaction, and is there for
// others with its commit, or never. Each call works within a savepoint; its errors
// mean what they do there.
//
// A start keeps its promises: others who start the process wait until the
// transaction has ended, and then find the run, or none. So commit soon. The run
// that Start or Resume returns is part of the transaction, too, its end and its
// Close included; once that was committed, [Tracker.Resume] with the run's id and
// token takes it up outside. Until then no heartbeat renews its lease.
//
// That the transaction is on the tracker's database is checked by the tables in it:
// another database with a tracker of its own is not told apart.
func (t *Tracker) In(tx dialect.Tx) *Tracker {
	in := *t.made()
	in.store, in.heart = in.store.In(tx, store.RunRef{}), nil
	return &in
}

// endedInTx is what becomes of an end in a transaction. One that another made,
// even to the same status, is not this load's.
func (r *Run) endedInTx(ctx context.Context, state store.RunState, to store.RunStatus) error {
	if state.Changed && !state.EndedAt.IsZero() {
		r.ended.Store(true)
		r.of.endsInTx.Store(true)
	}
	if !state.Changed && r.ended.Load() && state.Status == to {
		return nil
	}
	return r.allowed(ctx, state)
}
