package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// A transaction's BEGIN and COMMIT travel with its statements.
const (
	begin  = "begin isolation level read committed"
	commit = "commit"
)

// A transaction is one of the tracker's own transactions. Its BEGIN travels with the
// first statement, and its COMMIT with the last, if that is known: it is a
// [dialect.Batcher] and a [dialect.Finisher].
type transaction struct {
	conn   *pgx.Conn
	begun  bool // it may be open
	done   bool // it was committed
	points int  // number of open savepoints
}

// run calls fn in the transaction and ends it.
func (t *transaction) run(ctx context.Context, fn func(dialect.Conn) error) (err error) {
	defer func() {
		if t.begun && !t.done { // fn failed or panicked, or the commit did
			t.undo(ctx)
		}
	}()
	if err := fn(t); err != nil {
		return err
	}
	if t.done || !t.begun {
		return nil
	}
	return t.Finish(ctx, nil)
}

// undo rolls back. If that fails, it closes the connection, and the pool makes another.
func (t *transaction) undo(ctx context.Context) {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTimeout)
	defer cancel()
	if t.conn.IsClosed() {
		return
	}
	if _, err := t.conn.Exec(limit, "rollback"); err != nil {
		_ = t.conn.Close(limit)
	}
}

// Exec implements [dialect.Conn].
func (t *transaction) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	if t.begun && !s.Many {
		return exec(ctx, t.conn, s)
	}
	step := &dialect.Step{Stmt: s}
	err := t.Batch(ctx, []*dialect.Step{step})
	return step.Affected, err
}

// Query implements [dialect.Conn].
func (t *transaction) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	if t.begun && !s.Many && !s.Ordered {
		return query(ctx, t.conn, s, row)
	}
	return t.Batch(ctx, []*dialect.Step{{Stmt: s, Row: row}})
}

// Batch implements [dialect.Batcher].
func (t *transaction) Batch(ctx context.Context, steps []*dialect.Step) error {
	first := ""
	if !t.begun {
		t.begun, first = true, begin
	}
	return pipeline{first: first, steps: steps}.send(ctx, t.conn)
}

// Finish implements [dialect.Finisher]. Like a batch of its own, what commits is not
// dropped when ctx ends.
func (t *transaction) Finish(ctx context.Context, steps []*dialect.Step) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	first := ""
	if !t.begun {
		t.begun, first = true, begin
	}
	err := settled(ctx, t.conn, func(ctx context.Context) error {
		return pipeline{first: first, steps: steps, last: commit}.send(ctx, t.conn)
	})
	t.done = err == nil
	return err
}

// Atomic implements [dialect.Conn] with a savepoint.
func (t *transaction) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	t.points++
	defer func() { t.points-- }()
	point := sqldb.Savepoint(t.points)
	if err := t.Batch(ctx, []*dialect.Step{{Stmt: dialect.Stmt{Name: "savepoint", SQL: "SAVEPOINT " + point}}}); err != nil {
		return err
	}
	if err := fn(within{t}); err != nil {
		_, undo := t.conn.Exec(context.WithoutCancel(ctx), "ROLLBACK TO SAVEPOINT "+point)
		return errors.Join(err, undo)
	}
	if _, err := t.conn.Exec(ctx, "RELEASE SAVEPOINT "+point); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	return nil
}

// within is a transaction between a savepoint and its release, which must not be committed
// there.
type within struct{ t *transaction }

// Exec implements [dialect.Conn].
func (w within) Exec(ctx context.Context, s dialect.Stmt) (int64, error) { return w.t.Exec(ctx, s) }

// Query implements [dialect.Conn].
func (w within) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	return w.t.Query(ctx, s, row)
}

// Batch implements [dialect.Batcher].
func (w within) Batch(ctx context.Context, steps []*dialect.Step) error { return w.t.Batch(ctx, steps) }

// Atomic implements [dialect.Conn].
func (w within) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	return w.t.Atomic(ctx, fn)
}

// A pipeline holds statements that are sent together, with a single Sync at the end.
type pipeline struct {
	first string // the statement that begins the transaction, if any
	steps []*dialect.Step
	last  string // the statement that ends it
}

func (p pipeline) send(ctx context.Context, q querier) (err error) {
	var b pgx.Batch
	var before []string
	if p.first != "" {
		before = append(before, p.first)
	}
	if slices.ContainsFunc(p.steps, func(s *dialect.Step) bool { return s.Many }) {
		before = append(before, replan)
	}
	if slices.ContainsFunc(p.steps, func(s *dialect.Step) bool { return s.Ordered }) {
		before = append(before, along)
	}
	for _, text := range before {
		b.Queue(text)
	}
	for _, s := range p.steps {
		b.Queue(s.SQL, s.Args...)
	}
	if p.last != "" {
		b.Queue(p.last)
	}
	results := q.SendBatch(ctx, &b)
	defer func() {
		// After a failed step Close repeats its error, which tells nothing new.
		if closing := results.Close(); err == nil && closing != nil {
			err = fmt.Errorf("batch: %w", closing)
		}
	}()
	for _, text := range before {
		if _, err := results.Exec(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(strings.Fields(text)[:1], ""), err)
		}
	}
	for _, s := range p.steps {
		if err := collect(results, s); err != nil {
			return err
		}
	}
	if p.last == "" {
		return nil
	}
	tag, err := results.Exec()
	if err == nil && tag.String() == "ROLLBACK" { // the server's reply to a COMMIT after an error
		err = pgx.ErrTxCommitRollback
	}
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
