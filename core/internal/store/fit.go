package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// ErrTooLarge is returned for a row that has more bytes than one statement can carry.
var ErrTooLarge = errors.New("larger than one statement can take")

// A rowSet holds the rows that a statement carries, each as JSON: the argument of
// [dialect.Dialect.Rows]. If the rows are too large for one statement, it is sent
// several times with a part of them. So its effect on a row must not depend on the
// others, and its counts have to be added up.
type rowSet struct {
	rows []string

	// If the rows are those of a single id, statements about it can have that as a plain
	// argument: see [sql.about].
	single bool
	id     int64
}

func rows[T any](items []T) *rowSet {
	set := &rowSet{rows: make([]string, len(items))}
	for i, item := range items {
		text, err := json.Marshal(item)
		if err != nil {
			panic(fmt.Sprintf("rows cannot be encoded: %v", err)) // strings and integers always can
		}
		set.rows[i] = string(text)
	}
	return set
}

// mostRows is how many bytes of rows one statement carries, even if the database
// accepts more: enough to be worth the round trip, and few enough for the query plan.
const mostRows = 8 << 20

// parts divides the rows into arrays of at most the given bytes. A larger row gets an
// array of its own.
func (r *rowSet) parts(most int) ([]string, error) {
	enough := min(most, mostRows)
	var all []string
	first, size := 0, 0
	array := func(end int) { all = append(all, "["+strings.Join(r.rows[first:end], ",")+"]") }
	for i, row := range r.rows {
		if len(row)+1 > most {
			return nil, fmt.Errorf("%w: a row of %d bytes, where %d fit", ErrTooLarge, len(row), most)
		}
		if size += len(row) + 1; size > enough && i > first {
			array(i)
			first, size = i, len(row)+1
		}
	}
	array(len(r.rows))
	return all, nil
}

// portions divides items so that the rows of each portion fit one statement. It is for
// items that are processed in their own order while their rows have another.
func portions[T any](items []T, most int) iter.Seq[[]T] {
	most = min(most, mostRows)
	return func(yield func([]T) bool) {
		first, size := 0, 0
		for i, row := range rows(items).rows {
			size += len(row) + 1
			if i > first && (size > most || i-first >= chunk) {
				if !yield(items[first:i]) {
					return
				}
				first, size = i, len(row)+1
			}
		}
		if first < len(items) {
			yield(items[first:])
		}
	}
}

// divided returns the statements to send for one statement: the same one, unless it carries
// rows.
func divided(s dialect.Stmt, most int) ([]dialect.Stmt, error) {
	set := rowsOf(s)
	if s.Rows == 0 || set == nil {
		return []dialect.Stmt{s}, nil
	}
	parts, err := set.parts(most)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	all := make([]dialect.Stmt, len(parts))
	for i, part := range parts {
		all[i] = s
		all[i].Args = slices.Clone(s.Args)
		for j, arg := range s.Args {
			if _, ok := arg.(*rowSet); ok {
				all[i].Args[j] = part
			}
		}
	}
	return all, nil
}

// rowsOf returns the rows that a statement carries. It may use them in several places,
// but there is only one set.
func rowsOf(s dialect.Stmt) *rowSet {
	for _, arg := range s.Args {
		if set, ok := arg.(*rowSet); ok {
			return set
		}
	}
	return nil
}

// fit returns a Conn that divides statements, with the same optional methods as the given
// one.
func fit(c dialect.Conn, most int, inTx bool) dialect.Conn {
	f := fitting{c, most, inTx}
	b, batches := c.(dialect.Batcher)
	last, finishes := c.(dialect.Finisher)
	t, tries := c.(dialect.Trier)
	switch {
	case finishes: // in a transaction, where nothing can be retried
		return fittingFinisher{fittingBatcher{f, b}, last}
	case batches && tries:
		return struct {
			fittingBatcher
			fittingTrier
		}{fittingBatcher{f, b}, fittingTrier{t, most}}
	case batches:
		return fittingBatcher{f, b}
	case tries:
		return struct {
			fitting
			fittingTrier
		}{f, fittingTrier{t, most}}
	default:
		return f
	}
}

type fittingTrier struct {
	trier dialect.Trier
	most  int
}

// Try implements [dialect.Trier].
func (c fittingTrier) Try(ctx context.Context, fn func(dialect.Conn) error) (bool, error) {
	return c.trier.Try(ctx, func(inner dialect.Conn) error { return fn(fit(inner, c.most, true)) })
}

type fitting struct {
	dialect.Conn

	most int
	inTx bool
}

// Exec implements [dialect.Conn].
func (c fitting) Exec(ctx context.Context, s dialect.Stmt) (n int64, err error) {
	if s.Rows == 0 {
		return c.Conn.Exec(ctx, s)
	}
	parts, err := divided(s, c.most)
	if err != nil {
		return 0, err
	}
	if len(parts) > 1 && !c.inTx {
		err := c.Atomic(ctx, func(tx dialect.Conn) error {
			n, err = tx.Exec(ctx, s)
			return err
		})
		return n, err
	}
	for _, part := range parts {
		affected, err := c.Conn.Exec(ctx, part)
		if n += affected; err != nil {
			return n, err
		}
	}
	return n, nil
}

// Query implements [dialect.Conn].
func (c fitting) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	if s.Rows == 0 {
		return c.Conn.Query(ctx, s, row)
	}
	parts, err := divided(s, c.most)
	for i := 0; i < len(parts) && err == nil; i++ {
		err = c.Conn.Query(ctx, parts[i], row)
	}
	return err
}

// Atomic implements [dialect.Conn].
func (c fitting) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	return c.Conn.Atomic(ctx, func(inner dialect.Conn) error { return fn(fit(inner, c.most, true)) })
}

type fittingBatcher struct {
	fitting

	batcher dialect.Batcher
}

// Batch implements [dialect.Batcher].
func (c fittingBatcher) Batch(ctx context.Context, steps []*dialect.Step) error {
	return c.send(ctx, steps, c.batcher.Batch)
}

type fittingFinisher struct {
	fittingBatcher

	last dialect.Finisher
}

// Finish implements [dialect.Finisher].
func (c fittingFinisher) Finish(ctx context.Context, steps []*dialect.Step) error {
	return c.send(ctx, steps, c.last.Finish)
}

// send divides the steps, if any of them carry rows.
func (c fitting) send(ctx context.Context, steps []*dialect.Step, whole func(context.Context, []*dialect.Step) error) error {
	if !slices.ContainsFunc(steps, func(s *dialect.Step) bool { return s.Rows > 0 }) {
		return whole(ctx, steps)
	}
	var all []*dialect.Step
	of := make([][]*dialect.Step, len(steps))
	for i, step := range steps {
		parts, err := divided(step.Stmt, c.most)
		if err != nil {
			return err
		}
		for _, part := range parts {
			of[i] = append(of[i], &dialect.Step{Stmt: part, Row: step.Row, Uncounted: step.Uncounted})
		}
		all = append(all, of[i]...)
	}
	err := whole(ctx, all)
	for i, step := range steps {
		step.Affected = 0
		for _, part := range of[i] {
			step.Affected += part.Affected
		}
	}
	return err
}
