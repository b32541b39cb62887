// Package store has the SQL of every operation of the tracker, once, built with
// squirrel over a dialect.
//
// It knows tables and rows, and states facts: what was there, what changed. What
// that means (which rule refuses, which error that is) is for package tracker to
// say. An operation's file has its statements first, as functions of the dialect
// alone, so that they can be listed without a database, and what runs them after.
package store

import (
	"context"
	"errors"
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

	refusing *names // processes whose active run refused their last start here
}

// New returns a store on the backend's pool.
func New(b dialect.Backend, retry Retry) *Store {
	return &Store{sql: newSQL(b.Dialect()), backend: b, retry: retry, refusing: new(names)}
}

// conn is what operations send their statements through.
func (s *Store) conn() dialect.Conn {
	if s.joined != nil {
		return fit(s.joined, s.backend.MostBytes(), false)
	}
	return s.pool()
}

// MostBytes is how many bytes a text may have that one statement takes.
func (s *Store) MostBytes() int { return s.backend.MostBytes() }

// pool is conn outside of any transaction of the caller's.
func (s *Store) pool() dialect.Conn { return fit(s.backend.Conn(), s.backend.MostBytes(), false) }

// atomic runs fn in a transaction of its own, and again if the database gave it
// up because of another.
func (s *Store) atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	return s.tryAtomic(ctx, new(operation), s.backend.Classify, fn)
}

func (s *Store) tryAtomic(ctx context.Context, op *operation, classify func(error) dialect.Class, fn func(dialect.Conn) error) error {
	return s.retry.do(ctx, op, classify, func() error {
		return s.conn().Atomic(ctx, op.watched(fn))
	})
}

// errUnsettled rolls a transaction back that met a change of another's half-way.
var errUnsettled = errors.New("changed by another at the same moment")

// settled is atomic for what looks up rows that another may delete, or that
// another may insert, before it comes to use them: it begins again then. A
// foreign key says so where nothing else does.
func (s *Store) settled(ctx context.Context, fn func(dialect.Conn) error) error {
	op := new(operation)
	for try := 1; ; try++ {
		err := s.tryAtomic(ctx, op, s.backend.Classify, fn)
		changed := errors.Is(err, errUnsettled) || s.backend.Classify(err) == dialect.Reference
		if !changed || try >= s.retry.Tries {
			return err
		}
		s.retry.tell(op, try, dialect.Conflict, 0, err)
	}
}

// batch runs the steps all or none, in one round trip where the backend can.
//
// The steps may be tried again: what they read has to replace what an earlier try
// did, or they are for [Store.batchAnew].
func (s *Store) batch(ctx context.Context, steps ...*dialect.Step) error {
	return s.batchAnew(ctx, func() {}, steps...)
}

// batchAnew is batch for steps of which a try may find a row, and the next one none.
// forget is called before each.
func (s *Store) batchAnew(ctx context.Context, forget func(), steps ...*dialect.Step) error {
	return s.tryBatch(ctx, s.backend.Classify, forget, steps)
}

// once is batch for steps that, repeated, would take effect twice.
func (s *Store) once(ctx context.Context, steps ...*dialect.Step) error {
	return s.tryBatch(ctx, s.unlessLost, func() {}, steps)
}

// change is batch for what belongs to no run: it is refused if the schema is of a
// version that this library does not know, as a start is. A run that goes on is written
// to all the same, or its work would be done twice.
func (s *Store) change(ctx context.Context, steps ...*dialect.Step) error {
	return s.changeAnew(ctx, func() {}, steps...)
}

// changeAnew is batchAnew for what belongs to no run.
func (s *Store) changeAnew(ctx context.Context, forget func(), steps ...*dialect.Step) error {
	return s.tryChange(ctx, s.backend.Classify, forget, steps)
}

// tryChange looks at the version last: what comes before may have waited for an upgrade.
func (s *Store) tryChange(ctx context.Context, classify func(error) dialect.Class, forget func(), steps []*dialect.Step) error {
	return s.orNewer(ctx, s.tryBatch(ctx, classify, forget, append(slices.Clip(steps), s.unlessNewer())))
}

// remove runs a deletion, and reports whether it has removed something: or may have, in
// a try whose answer was lost.
func (s *Store) remove(ctx context.Context, deletion dialect.Stmt) (bool, error) {
	lost, step := false, exec(deletion)
	err := s.tryChange(ctx, s.noting(&lost), func() {}, []*dialect.Step{step})
	return err == nil && (lost || step.Affected > 0), err
}

// noting classifies errors, and notes whether a connection was lost: then what was sent
// on it may have taken effect.
func (s *Store) noting(lost *bool) func(error) dialect.Class {
	return func(err error) dialect.Class {
		class := s.backend.Classify(err)
		*lost = *lost || class == dialect.Disconnected
		return class
	}
}

// atomicOnce is atomic for an fn that, repeated, would take effect twice.
func (s *Store) atomicOnce(ctx context.Context, fn func(dialect.Conn) error) error {
	return s.tryAtomic(ctx, new(operation), s.unlessLost, fn)
}

// unlessLost classifies errors of what is not to be tried again if the
// connection was lost, and perhaps only the answer with it.
func (s *Store) unlessLost(err error) dialect.Class {
	if class := s.backend.Classify(err); class != dialect.Disconnected {
		return class
	}
	return dialect.Other
}

func (s *Store) tryBatch(ctx context.Context, classify func(error) dialect.Class, forget func(), steps []*dialect.Step) error {
	return s.retry.do(ctx, &operation{steps[0].Name}, classify, func() error {
		forget()
		conn := s.conn()
		if b, ok := conn.(dialect.Batcher); ok {
			return b.Batch(ctx, steps)
		}
		return conn.Atomic(ctx, func(c dialect.Conn) error { return inOrder(ctx, c, steps) })
	})
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

// finish is inOrder for what is sent last in a transaction: nothing comes after it.
func finish(ctx context.Context, c dialect.Conn, steps []*dialect.Step) error {
	if last, ok := c.(dialect.Finisher); ok {
		return last.Finish(ctx, steps)
	}
	return inOrder(ctx, c, steps)
}

// query runs a reading statement on its own.
func (s *Store) query(ctx context.Context, st dialect.Stmt, row func(dialect.Row) error) error {
	return s.retry.do(ctx, &operation{st.Name}, s.backend.Classify, func() error { return s.conn().Query(ctx, st, row) })
}

// exec is a step whose number of rows counts.
func exec(st dialect.Stmt) *dialect.Step { return &dialect.Step{Stmt: st} }

// act is a step of which nobody asks how many rows it changed.
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

// as names a table within a statement.
func (q sql) as(table, alias string) string { return q.d.Table(table) + " AS " + alias }
