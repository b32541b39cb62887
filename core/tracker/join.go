package tracker

import (
	"context"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/internal/store"
)

// In returns the run for use in a transaction that you began on the tracker's database:
// everything written through the returned Run is part of that transaction. So a load,
// the statuses of its extracts, its counts, its watermark and its completion commit
// together or not at all. The backend's package converts the driver's transaction to
// tx, as postgres.Tx does:
//
//	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
//		if err := load(ctx, tx); err != nil {
//			return err
//		}
//		return run.In(postgres.Tx(tx)).Complete(ctx, nil)
//	})
//
// You commit the transaction or roll it back. Each call works within a savepoint: a
// call that returns an error has written nothing and, where possible, leaves the
// transaction usable. Even so, do not commit the load after one of these errors:
//
//   - [ErrLeaseLost]: the run's lease expired, and another start or a reap ended the run.
//   - [ErrAlreadyEnded], [ErrNotOwner]: the run has been ended elsewhere, or was taken
//     from the caller. An end with the status that the run already has is refused, too,
//     unless this Run made it: so a load whose commit succeeded although the reply was
//     lost cannot be committed twice.
//   - [ErrBusy]: the database aborted the transaction because of concurrent ones, or
//     refuses it rows that they have changed since it began. Nothing is retried; you
//     can retry the whole transaction.
//   - [ErrTransaction]: the transaction is not on this database, or not open.
//
// From the first call on, the run's rows are locked until the transaction ends. Writes
// to the run outside the transaction wait for that, and deadlock if they come from the
// goroutine that has the transaction open. So call In late, and end the transaction
// before you use the original run again. Like the transaction, the returned Run is for
// one goroutine at a time.
//
// A rollback undoes everything written in the transaction, including an end and
// recorded errors. The original run stays usable: record a failure on it, after the
// rollback. [Run.Close] of the original run does that, if you defer it before you defer
// the end of the transaction; it leaves a run unchanged that a committed transaction
// ended. Close of the Run that In returns does nothing.
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

// In returns the tracker for use in a transaction that you began on the tracker's
// database, as [Run.In] does for a run. Everything registered, held, released or
// started through it is part of that transaction, and becomes visible with its commit.
// Each call works within a savepoint. Errors have the same meaning as for [Run.In].
//
// Start gives the same guarantees: other callers that start the process wait until the
// transaction has ended, and then find the run, or none. So commit soon. The run that
// Start or Resume returns is part of the transaction, including its end and its Close.
// After the commit, take it up with [Tracker.Resume] and the run's id and token. Until
// then it gets no heartbeats.
//
// In checks for the tracker's tables to make sure that the transaction is on the
// tracker's database. It cannot detect another database that also has a tracker.
func (t *Tracker) In(tx dialect.Tx) *Tracker {
	in := *t.made()
	in.store, in.heart = in.store.In(tx, store.RunRef{}), nil
	return &in
}

// endedInTx returns the outcome of an end in a transaction. An end that another caller
// made, even with the same status, is not this load's.
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
