package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// ErrElsewhere is returned if the run or the tables to write to are not in the database
// of the caller's transaction.
var ErrElsewhere = errors.New("it is not on the tracker's database")

// In returns a store that does everything in a caller's transaction, for one run or, with the zero
// value, for operations without a run. It retries nothing (rule S8.2), because the database aborts
// the whole transaction, and the store knows only its own part.
func (s *Store) In(tx dialect.Tx, run RunRef) *Store {
	if s.absent {
		return s // which sends nothing, also not to a database that is there
	}
	return &Store{sql: s.sql, backend: s.backend, memory: s.memory, joined: joined{sql: s.sql, backend: s.backend, tx: tx, run: run}}
}

// joined is a Conn in a transaction of the caller's. It does everything within a
// savepoint, so that an error leaves the caller's work as it was, and behind the fence
// (rule S7.2): with the run's rows locked. From then on no other caller can end the run
// before the transaction has ended. Without a run it only checks that the tracker's
// tables exist. It is no [dialect.Batcher], so that operations open the savepoint, and
// batch within it.
type joined struct {
	sql

	backend dialect.Backend
	tx      dialect.Tx
	run     RunRef
}

// Exec implements [dialect.Conn].
func (j joined) Exec(ctx context.Context, s dialect.Stmt) (n int64, err error) {
	err = j.Atomic(ctx, func(c dialect.Conn) error {
		n, err = c.Exec(ctx, s)
		return err
	})
	return n, err
}

// Query implements [dialect.Conn].
func (j joined) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return j.Atomic(ctx, func(c dialect.Conn) error { return c.Query(ctx, s, row) })
}

// Atomic implements [dialect.Conn].
func (j joined) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	switch {
	case j.tx.Conn == nil:
		return fmt.Errorf("%w: there is none", ErrElsewhere)
	case j.tx.Dialect != j.d.Name():
		return fmt.Errorf("%w: it is on %s, the tracker on %s", ErrElsewhere, j.tx.Dialect, j.d.Name())
	}
	return j.tx.Conn.Atomic(ctx, func(c dialect.Conn) error {
		if err := j.enter(ctx, c); err != nil {
			return err
		}
		return fn(c)
	})
}

// enter locks the run's rows in the order in which its end locks them: two callers that
// write to a run, one of them in a long transaction, take turns and cannot deadlock. The
// operation itself checks whether the run is still active and the caller's.
func (j joined) enter(ctx context.Context, c dialect.Conn) error {
	var state RunState
	steps := []*dialect.Step{
		read(j.lockProcess(j.run), func(dialect.Row) error { return nil }),
		read(j.lockRun(j.run), func(r dialect.Row) error { return state.scan(r, j.run) }),
	}
	if j.run == (RunRef{}) {
		steps = []*dialect.Step{read(j.schemaVersion(), func(dialect.Row) error { state.Found = true; return nil })}
	}
	err := inOrder(ctx, c, steps)
	switch {
	case err != nil && j.backend.Classify(err) == dialect.Other && ctx.Err() == nil:
		return fmt.Errorf("%w, as far as can be told: %w", ErrElsewhere, err) // such as: there is no such table
	case err != nil:
		return err
	case !state.Found:
		return fmt.Errorf("%w, or it began before the run and sees an older state of the database", ErrElsewhere)
	}
	return nil
}

// Unsettled reports whether an operation met another transaction's concurrent change
// and did not begin again.
func Unsettled(err error) bool { return errors.Is(err, errUnsettled) }
