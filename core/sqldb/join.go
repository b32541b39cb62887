package sqldb

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Join returns a Conn in a transaction that a user began, for a [dialect.Tx]. It calls
// open before each savepoint; open returns an error if no transaction is open, and is
// nil if the database reports that itself. Unlike a [DB], this Conn uses savepoints as
// its transactions, and never touches the user's own savepoints.
func Join(q Querier, open func(context.Context, Querier) error) dialect.Conn {
	return JoinSpeaking(q, standard(), open)
}

// JoinSpeaking is [Join] for a database with its own transaction statements.
func JoinSpeaking(q Querier, w Words, open func(context.Context, Querier) error) dialect.Conn {
	if open == nil {
		open = func(context.Context, Querier) error { return nil }
	}
	return joined{q, w, open, 1}
}

// Ask sends a query without a Conn, for a backend that needs to know something about a
// connection.
func Ask(ctx context.Context, q Querier, s dialect.Stmt, row func(dialect.Row) error) error {
	return query(ctx, q, s, row)
}

// Once wraps check for [Join] so that it is only called for the first savepoint: a
// transaction has one connection.
func Once(check func(context.Context, Querier) error) func(context.Context, Querier) error {
	done := false
	return func(ctx context.Context, q Querier) error {
		if done {
			return nil
		}
		err := check(ctx, q)
		done = err == nil
		return err
	}
}

// Both returns a check for [Join] that calls first and then second.
func Both(first, second func(context.Context, Querier) error) func(context.Context, Querier) error {
	return func(ctx context.Context, q Querier) error {
		if err := first(ctx, q); err != nil {
			return err
		}
		return second(ctx, q)
	}
}

type joined struct {
	q     Querier
	words Words
	open  func(context.Context, Querier) error
	depth int // of the next savepoint
}

// Exec implements [dialect.Conn].
func (c joined) Exec(ctx context.Context, s dialect.Stmt) (int64, error) { return exec(ctx, c.q, s) }

// Query implements [dialect.Conn].
func (c joined) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return query(ctx, c.q, s, row)
}

// Savepoint returns the name of the tracker's savepoint at a depth; 1 is the outermost.
// MySQL forgets a savepoint when another with the same name is set, so open savepoints
// have different names, which a user's savepoint only has on purpose.
func Savepoint(depth int) string { return fmt.Sprintf("processtracker_4f7a91c6_%d", depth) }

// Atomic implements [dialect.Conn] with a savepoint.
func (c joined) Atomic(ctx context.Context, fn func(dialect.Conn) error) (err error) {
	if err := c.open(ctx, c.q); err != nil {
		return Ended(ctx, err)
	}
	if _, err := c.q.ExecContext(ctx, c.words.Save+Savepoint(c.depth)); err != nil {
		return fmt.Errorf("savepoint: %w", Ended(ctx, err))
	}
	done := false
	defer func() {
		if !done { // fn failed or panicked
			err = errors.Join(err, c.undo(ctx))
		}
	}()
	inner := c
	inner.depth++
	if err := fn(inner); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	if err := c.end(ctx, c.words.Release); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	done = true
	return nil
}

// undo rolls back to the savepoint, even if ctx has ended: the user may commit the
// rest.
func (c joined) undo(ctx context.Context) error {
	for _, statement := range []string{c.words.RollbackTo, c.words.Release} {
		if err := c.end(ctx, statement); err != nil {
			return fmt.Errorf("undo: %w", err)
		}
	}
	return nil
}

// end runs a statement on the savepoint, if the database has that statement.
func (c joined) end(ctx context.Context, statement string) error {
	if statement == "" {
		return nil
	}
	_, err := c.q.ExecContext(context.WithoutCancel(ctx), statement+Savepoint(c.depth))
	return err
}
