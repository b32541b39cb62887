package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// A transaction is one of the tracker's own transactions on a connection that accepts
// several statements at once. Its BEGIN travels with the first statement, and its
// COMMIT with the last, if that is known: it is a [dialect.Batcher] and a
// [dialect.Finisher].
type transaction struct {
	pool  poolConn
	conn  *sql.Conn
	id    int64 // of the connection, once something was sent
	begun bool  // it may be open
	done  bool  // it was committed
}

// Atomic implements [dialect.Conn].
func (c poolConn) Atomic(ctx context.Context, fn func(dialect.Conn) error) (err error) {
	conn, err := sqldb.Connect(ctx, c.pool)
	if err != nil {
		return err
	}
	t := &transaction{pool: c, conn: conn}
	defer func() {
		if t.begun && !t.done { // fn failed or panicked, or the commit did
			t.undo(ctx)
		}
		err = errors.Join(err, sqldb.Release(conn))
	}()
	if err := fn(t); err != nil {
		return err
	}
	if t.done || !t.begun {
		return nil
	}
	return t.Finish(ctx, nil)
}

// undo rolls back. If that fails, it discards the connection.
func (t *transaction) undo(ctx context.Context) {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTimeout)
	defer cancel()
	if _, err := t.conn.ExecContext(limit, rollback); err != nil {
		t.throwAway()
	}
}

func (t *transaction) throwAway() { _ = t.conn.Raw(func(any) error { return driver.ErrBadConn }) }

// text returns the steps as a text, with the transaction's BEGIN if it has not begun.
func (t *transaction) text(steps []*dialect.Step) (text, func(int64)) {
	if t.begun {
		return text{steps: steps}, nil
	}
	t.begun = true
	return text{first: []string{"SELECT CONNECTION_ID()", isolation, begin}, steps: steps}, func(id int64) { t.id = id }
}

// Exec implements [dialect.Conn].
func (t *transaction) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	if t.begun {
		return sqldb.Join(t.conn, nil).Exec(ctx, s)
	}
	step := &dialect.Step{Stmt: s}
	err := t.Batch(ctx, []*dialect.Step{step})
	return step.Affected, err
}

// Query implements [dialect.Conn].
func (t *transaction) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	if t.begun {
		return sqldb.Join(t.conn, nil).Query(ctx, s, row)
	}
	return t.Batch(ctx, []*dialect.Step{{Stmt: s, Row: row}})
}

// Batch implements [dialect.Batcher].
func (t *transaction) Batch(ctx context.Context, steps []*dialect.Step) error {
	for _, part := range packets(steps, t.pool.packet) {
		text, known := t.text(part)
		if err := text.send(ctx, t.conn, known); err != nil {
			return err
		}
	}
	return nil
}

// Finish implements [dialect.Finisher]. Like a batch of its own, what commits is not
// dropped when ctx ends.
func (t *transaction) Finish(ctx context.Context, steps []*dialect.Step) error {
	parts := packets(steps, t.pool.packet)
	last := parts[len(parts)-1]
	for _, part := range parts[:len(parts)-1] {
		if err := t.Batch(ctx, part); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	text, known := t.text(last)
	text.last = []string{commit}
	patient, stop := t.pool.interruptible(ctx)
	if known == nil {
		patient.known(t.id)
	} else {
		known = func(id int64) { t.id = id; patient.known(id) }
	}
	err := text.send(patient.ctx, t.conn, known) //nolint:contextcheck // it is the caller's, and lasts longer
	stopped := stop()
	if stopped != nil { // a KILL for it may be on its way
		t.throwAway()
		if err != nil {
			err = fmt.Errorf("%w: %w", stopped, err)
		}
	}
	t.done = err == nil
	return err
}

// Atomic implements [dialect.Conn] with a savepoint.
func (t *transaction) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	if !t.begun {
		if err := t.Batch(ctx, nil); err != nil {
			return err
		}
	}
	return sqldb.Join(t.conn, nil).Atomic(ctx, func(c dialect.Conn) error { return fn(txConn{c, t.conn, t.pool.packet}) })
}
