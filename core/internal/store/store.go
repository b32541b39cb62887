// Package store has the SQL of every operation of the tracker, written once with
// squirrel over a dialect.
//
// It knows tables and rows, and returns facts: the rows that it found and changed.
// Package tracker decides what they mean: which rule refuses, and which error to
// return. Each operation's file begins with its statements, as functions of the dialect
// alone, so that they can be listed without a database. The code that runs them
// follows.
package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A Store runs the operations on one backend.
type Store struct {
	sql
	backend dialect.Backend
	retry   Retry
	joined  dialect.Conn // in a transaction of the caller's; nil on the pool
	absent  bool         // there is no database: [Absent]

	*memory
}

// memory is what a store remembers of what it has done. Stores in callers' transactions
// have that of their pool's.
type memory struct {
	refusing   refusing
	keeping    keeping
	alone      remembered[string] // processes without dependencies and clusters
	sourceless remembered[int64]  // processes without sources
}

// New returns a store on the backend's pool.
func New(b dialect.Backend, retry Retry) *Store {
	return &Store{sql: newSQL(b.Dialect()), backend: b, retry: retry, memory: new(memory)}
}

// conn returns the Conn that operations use.
func (s *Store) conn() dialect.Conn {
	if s.joined != nil {
		return fit(s.joined, s.backend.MostBytes(), false)
	}
	return s.pool()
}

// MostBytes is how many bytes a text in one statement may have.
func (s *Store) MostBytes() int { return s.backend.MostBytes() }

// pool returns the Conn outside any caller's transaction.
func (s *Store) pool() dialect.Conn { return fit(s.backend.Conn(), s.backend.MostBytes(), false) }

// work describes an operation, which takes effect as a whole or not at all.
type work struct {
	// steps are sent in one round trip, if the backend can. Their results have to
	// replace those of an earlier attempt, unless forget clears them.
	steps []*dialect.Step
	// in runs in a transaction instead, if later statements depend on the results of
	// earlier ones.
	in func(dialect.Conn) error

	forget func() // called before each attempt; may be nil
	// once marks work that must not be repeated, because it would take effect twice: it
	// is not retried after a lost connection, when perhaps only the reply was lost.
	once bool
	// settle makes the work begin again if a foreign key refuses it: another transaction
	// has deleted a row between its lookup and its use, or renamed the actor.
	settle bool
	// settled is asked after steps that find rows by their names, whether they did what they
	// are for. If not, another transaction has renamed or deleted a row meanwhile: they are
	// undone, and begin again.
	settled func() bool
	// ofNoRun marks steps, such as a start, that are refused if the schema has a version
	// that this library does not know. Writes to an active run are not refused, or its
	// work would be done twice.
	ofNoRun bool
	lost    *bool // set if a connection was lost: the statements that were sent may have taken effect
}

// errUnsettled rolls back a transaction that has met another transaction's concurrent
// change.
var errUnsettled = errors.New("changed by another transaction at the same moment")

// run does the work, and retries it if the database aborted it because of another
// transaction.
func (s *Store) run(ctx context.Context, w work) error {
	op := new(operation)
	if w.ofNoRun { // the version is checked last: the steps before may have waited for an upgrade
		w.steps = append(slices.Clip(w.steps), s.unlessNewer())
	}
	if len(w.steps) > 0 {
		op.name = w.steps[0].Name
	}
	for try := 1; ; try++ {
		err := s.retry.do(ctx, op, func(err error) dialect.Class { return s.classify(w, err) }, func(ctx context.Context) error { return s.try(ctx, op, w) })
		if err != nil && (w.settle || w.settled != nil) && s.backend.Classify(err) == dialect.Reference {
			err = fmt.Errorf("%w: %w", errUnsettled, err)
		}
		switch {
		case errors.Is(err, errUnsettled) && try < s.retry.Tries:
			s.retry.tell(ctx, op, try, dialect.Conflict, 0, err)
		case w.ofNoRun:
			return s.orNewer(ctx, err)
		default:
			return err
		}
	}
}

// try does the work once.
func (s *Store) try(ctx context.Context, op *operation, w work) error {
	if w.forget != nil {
		w.forget()
	}
	conn := s.conn()
	if w.in != nil {
		return conn.Atomic(ctx, op.watched(w.in))
	}
	if b, ok := conn.(dialect.Batcher); ok && w.settled == nil {
		return b.Batch(ctx, w.steps)
	}
	return conn.Atomic(ctx, func(c dialect.Conn) error {
		err := inOrder(ctx, c, w.steps)
		if err == nil && w.settled != nil && !w.settled() {
			return errUnsettled
		}
		return err
	})
}

func (s *Store) classify(w work, err error) dialect.Class {
	class := s.backend.Classify(err)
	if class != dialect.Disconnected {
		return class
	}
	if w.lost != nil {
		*w.lost = true
	}
	if w.once {
		return dialect.Other
	}
	return class
}

// remove runs a deletion, and reports whether it has removed something, or may have in
// an attempt whose reply was lost.
func (s *Store) remove(ctx context.Context, deletion dialect.Stmt) (bool, error) {
	lost, step := false, exec(deletion)
	err := s.run(ctx, work{steps: []*dialect.Step{step}, ofNoRun: true, lost: &lost})
	return err == nil && (lost || step.Affected > 0), err
}

// inOrder runs the steps in a transaction.
func inOrder(ctx context.Context, c dialect.Conn, steps []*dialect.Step) error {
	if b, ok := c.(dialect.Batcher); ok {
		return b.Batch(ctx, steps)
	}
	for _, step := range steps {
		var err error
		if step.Row != nil {
			err = c.Query(ctx, step.Stmt, step.Row)
		} else {
			step.Affected, err = c.Exec(ctx, step.Stmt)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// finish is inOrder for the last steps of a transaction.
func finish(ctx context.Context, c dialect.Conn, steps []*dialect.Step) error {
	if last, ok := c.(dialect.Finisher); ok {
		return last.Finish(ctx, steps)
	}
	return inOrder(ctx, c, steps)
}

// query runs a reading statement on its own.
func (s *Store) query(ctx context.Context, st dialect.Stmt, row func(dialect.Row) error) error {
	return s.retry.do(ctx, &operation{st.Name}, s.backend.Classify, func(ctx context.Context) error { return s.conn().Query(ctx, st, row) })
}

// exec is a step whose row count is needed.
func exec(st dialect.Stmt) *dialect.Step { return &dialect.Step{Stmt: st} }

// act is a step whose row count is not needed.
func act(st dialect.Stmt) *dialect.Step { return &dialect.Step{Stmt: st, Uncounted: true} }

func actAll(statements []dialect.Stmt) []*dialect.Step {
	steps := make([]*dialect.Step, len(statements))
	for i, st := range statements {
		steps[i] = act(st)
	}
	return steps
}

func read(st dialect.Stmt, row func(dialect.Row) error) *dialect.Step {
	return &dialect.Step{Stmt: st, Row: row}
}

// seek names a table within a statement that finds single rows of it.
func (q sql) seek(table, alias string) string { return q.d.Read(table, alias, dialect.Seeking) }

// then joins a table, as seek or as names it, after those that are written before it.
func (q sql) then(table string) string { return q.d.InOrder() + " " + table }

// each joins a table, named by as, to carried rows, by a key's columns and their values.
func (q sql) each(table, alias string, key ...string) string {
	return q.d.Each(table, q.as(table, alias), alias, same(key...).All)
}

// seekEach is each for a table named by seek.
func (q sql) seekEach(table, alias string, key ...string) string {
	return q.d.Each(table, q.seek(table, alias), alias, same(key...).All)
}

// lookUp is a column of the row with an id, as a query for each row that a statement
// returns. It is NULL where there is no such row.
func (q sql) lookUp(column, table, id string) string {
	return "(SELECT named." + column + " FROM " + q.as(table, "named") + " WHERE named.id = " + id + ")"
}

// as names a table within a statement.
func (q sql) as(table, alias string) string { return q.d.Table(table) + " AS " + alias }
