package bench

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// An answer is a database's answer to a statement.
type answer struct {
	args     []any // of the statement
	rows     [][]any
	affected int64
}

// A moment identifies a statement within an operation, as several parts may send the
// same statement.
type moment struct {
	part string // opening, prepare, ours or done
	name string // of the statement
	n    int    // 0, 1, 2 … of this name in this part
}

// opening is the part that creates a tracker.
const opening = "opening"

// A recorder wraps a backend for a tracker, and stores the last answers to each part of
// an operation.
type recorder struct {
	dialect.Backend

	mu      sync.Mutex
	part    string
	times   map[string]int // how often a statement was sent in this part
	answers map[moment]answer
	digests map[string]string // current digests, by the recorded ones
	more    bool              // answers that are stored stay as they are
}

func newRecorder(inner dialect.Backend) *recorder {
	return &recorder{Backend: inner, times: map[string]int{}, answers: map[moment]answer{}, digests: map[string]string{}}
}

// partsOf returns the operation with calls that tell the recorder which part runs.
func (r *recorder) partsOf(o operation) operation {
	tells := func(part string, do func(context.Context, *place, *subject) error) func(context.Context, *place, *subject) error {
		return func(ctx context.Context, p *place, s *subject) error {
			r.begin(part)
			return do(ctx, p, s)
		}
	}
	o.prepare, o.ours, o.done = tells("prepare", o.prepare), tells("ours", o.ours), tells("done", o.done)
	return o
}

func (r *recorder) begin(part string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.part = part
	clear(r.times)
}

// now returns the moment of the statement that is being sent.
func (r *recorder) now(name string) moment {
	m := moment{r.part, name, r.times[name]}
	r.times[name]++
	return m
}

func (r *recorder) keep(s dialect.Stmt, a answer) {
	a.args = s.Args
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.now(s.Name)
	if _, known := r.answers[m]; !known || !r.more {
		r.answers[m] = a
	}
}

// Conn implements [dialect.Backend].
func (r *recorder) Conn() dialect.Conn { return tap.Conn(r.Backend.Conn(), r) }

// Send implements [tap.Tap].
func (r *recorder) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	answers, heard := make([]answer, len(steps)), make([]*dialect.Step, len(steps))
	for i, step := range steps {
		heard[i] = &dialect.Step{Stmt: step.Stmt, Uncounted: step.Uncounted}
		if step.Row != nil {
			heard[i].Row = answers[i].listen(step.Row)
		}
	}
	err := real(ctx, heard)
	for i, step := range steps {
		step.Affected = heard[i].Affected
		answers[i].affected = heard[i].Affected
		r.keep(step.Stmt, answers[i])
	}
	return err
}

// Atomic implements [tap.Tap].
func (r *recorder) Atomic(ctx context.Context, inner dialect.Conn, fn func(dialect.Conn) error) error {
	return inner.Atomic(ctx, func(inner dialect.Conn) error { return fn(tap.Conn(inner, r)) })
}

// listen stores each row with the values that row reads from it, or none if row does not scan.
func (a *answer) listen(row func(dialect.Row) error) func(dialect.Row) error {
	return func(r dialect.Row) error {
		a.rows = append(a.rows, nil)
		return row(heardRow{r, &a.rows[len(a.rows)-1]})
	}
}

type heardRow struct {
	dialect.Row

	values *[]any
}

// Scan implements [dialect.Row].
func (r heardRow) Scan(dest ...any) error {
	values, targets := make([]any, len(dest)), make([]any, len(dest))
	for i := range values {
		targets[i] = &values[i]
	}
	if err := r.Row.Scan(targets...); err != nil {
		return err
	}
	for i, v := range values {
		if b, ok := v.([]byte); ok {
			values[i] = string(b)
		}
	}
	*r.values = values
	return knownRow(values).Scan(dest...)
}

// knownRow is a [dialect.Row] with stored values.
type knownRow []any

// Scan implements [dialect.Row].
func (r knownRow) Scan(dest ...any) error {
	for i, to := range dest {
		if err := assign(to, r[i]); err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
	}
	return nil
}

// assign stores a value in a destination, as a driver does.
func assign(to, value any) error {
	switch to := to.(type) {
	case interface{ Scan(value any) error }:
		return to.Scan(value)
	case *string:
		*to, _ = value.(string)
		return nil
	case *int64:
		*to = integer64(value)
		return nil
	case **string:
		if s, ok := value.(string); ok {
			*to = &s
		} else {
			*to = nil
		}
		return nil
	case **int64:
		if value == nil {
			*to = nil
		} else {
			n := integer64(value)
			*to = &n
		}
		return nil
	case *bool:
		*to = truth(value)
		return nil
	case **int:
		if value == nil {
			*to = nil
		} else {
			n := int(integer64(value))
			*to = &n
		}
		return nil
	case **bool:
		if value == nil {
			*to = nil
		} else {
			yes := truth(value)
			*to = &yes
		}
		return nil
	}
	// A nullable type, or a type of the tracker's own based on one of these.
	target := reflect.ValueOf(to).Elem()
	switch target.Kind() {
	case reflect.Int64, reflect.Int:
		target.SetInt(integer64(value))
		return nil
	case reflect.Pointer:
		target.SetZero()
		if value == nil {
			return nil
		}
		target.Set(reflect.New(target.Type().Elem()))
		return assign(target.Interface(), value)
	case reflect.String:
		s, _ := value.(string)
		target.SetString(s)
		return nil
	default:
		return fmt.Errorf("a destination of type %T", to)
	}
}

func integer64(value any) int64 {
	switch n := value.(type) {
	case int64:
		return n
	case int32:
		return int64(n)
	case nil:
		return 0
	default:
		return integer(value)
	}
}

func truth(value any) bool {
	if yes, ok := value.(bool); ok {
		return yes
	}
	return integer64(value) != 0
}

// replayed is a backend that replays recorded answers and sends nothing.
type replayed struct{ *recorder }

// Conn implements [dialect.Backend].
func (r replayed) Conn() dialect.Conn { return tap.Conn(r.Backend.Conn(), r) }

// Send implements [tap.Tap].
func (r replayed) Send(_ context.Context, steps []*dialect.Step, _ func(context.Context, []*dialect.Step) error) error {
	for _, step := range steps {
		a, err := r.answer(step.Stmt)
		if err != nil {
			return err
		}
		step.Affected = a.affected
		if step.Row != nil {
			if err := r.play(a, step.Row); err != nil {
				return err
			}
		}
	}
	return nil
}

// Atomic implements [tap.Tap].
func (r replayed) Atomic(_ context.Context, inner dialect.Conn, fn func(dialect.Conn) error) error {
	return fn(tap.Conn(inner, r))
}

// answer returns the recorded answer to this statement of the part.
func (r replayed) answer(s dialect.Stmt) (answer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.now(s.Name)
	a, ok := r.answers[m]
	for again := m; !ok && again.n > 0; { // a tracker with a cache may query once more
		again.n--
		a, ok = r.answers[again]
	}
	if !ok {
		return a, fmt.Errorf("statement %s was not recorded as number %d of %s", m.name, m.n, m.part)
	}
	for i, was := range a.args {
		if digest, ok := was.(string); ok && len(digest) == digestLength && i < len(s.Args) {
			r.digests[digest], _ = s.Args[i].(string)
		}
	}
	return a, nil
}

// digestLength is the length of a SHA-256 in hexadecimal. The tracker generates a token
// for each run, and expects its digest in the rows that it reads.
const digestLength = 64

// play replays the rows, with the current digests.
func (r replayed) play(a answer, row func(dialect.Row) error) error {
	for _, values := range a.rows {
		now := slices.Clone(knownRow(values))
		for i, v := range now {
			if text, ok := v.(string); ok && len(text) == digestLength {
				if digest := r.digests[text]; digest != "" {
					now[i] = digest
				}
			}
		}
		if err := row(now); err != nil {
			return err
		}
	}
	return nil
}
