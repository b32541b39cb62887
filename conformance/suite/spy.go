package suite

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// A spy wraps a backend for the tracker. It sees each statement, and can change it or
// make it fail.
type spy struct {
	dialect.Backend

	// forgetful spies do not store what they see.
	forgetful bool
	// unhurried spies let a statement take as long as it needs: no time limit of the
	// tracker's decides its result.
	unhurried bool

	mu sync.Mutex
	// before, if set, is called with each statement before it is sent, and may change
	// it. If it returns an error, the statement is not sent, and the error is returned
	// instead. Use meddle to set it once a tracker is running.
	before func(*dialect.Stmt) error
	// begun, if set, is called before each transaction begins, and may return an error
	// instead. On a database whose writers exclude each other, others can only come then.
	// Use meddleBetween to set it.
	begun func() error
	// class is the class of errLost for the tracker. Use failAs to set it once a tracker
	// is running.
	class  dialect.Class
	open   int // transactions
	sent   []dialect.Stmt
	failed map[string]error // of the statements that were executed and failed, by name
}

// errLost is the error of a connection that a case has broken.
var errLost = errors.New("broken by the test")

// Classify implements [dialect.Backend].
func (s *spy) Classify(err error) dialect.Class {
	if errors.Is(err, errLost) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.class
	}
	return s.Backend.Classify(err)
}

// meddle sets before; nil ends it.
func (s *spy) meddle(before func(*dialect.Stmt) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = before
}

// meddleBetween sets begun; nil ends it.
func (s *spy) meddleBetween(begun func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun = begun
}

// failAs changes the class of errLost.
func (s *spy) failAs(class dialect.Class) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.class = class
}

// allFail makes every statement fail.
func allFail(*dialect.Stmt) error { return errLost }

// Conn implements [dialect.Backend].
func (s *spy) Conn() dialect.Conn { return tap.Conn(s.Backend.Conn(), s) }

// Send implements [tap.Tap]. It looks at every statement before the first is sent.
func (s *spy) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	changed := make([]*dialect.Step, len(steps))
	for i, step := range steps {
		st, err := s.see(step.Stmt)
		if err != nil {
			return err
		}
		changed[i] = &dialect.Step{Stmt: st, Row: step.Row, Uncounted: step.Uncounted}
	}
	err := real(s.limit(ctx), changed)
	for i, step := range steps {
		step.Affected = changed[i].Affected
	}
	return s.note(steps[len(steps)-1].Name, err)
}

// Atomic implements [tap.Tap].
func (s *spy) Atomic(ctx context.Context, c dialect.Conn, fn func(dialect.Conn) error) error {
	s.mu.Lock()
	begun := s.begun
	s.mu.Unlock()
	if begun != nil {
		if err := begun(); err != nil {
			return err
		}
	}
	s.began(1)
	defer s.began(-1)
	return c.Atomic(s.limit(ctx), func(inner dialect.Conn) error { return fn(tap.Conn(inner, s)) })
}

// transactions are those that are open.
func (s *spy) transactions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

func (s *spy) began(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open += n
}

// note stores the result of an executed statement.
func (s *spy) note(name string, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil && !s.forgetful {
		if s.failed == nil {
			s.failed = map[string]error{}
		}
		s.failed[name] = err
	}
	return err
}

// names lists the names of the statements that calls sent, without the lease statements
// that the tracker sends by the clock.
func (s *spy) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, st := range s.sent {
		switch st.Name {
		case "lease.renew", "lease.taken", "lease.ended":
		default:
			names = append(names, st.Name)
		}
	}
	return names
}

// count returns how many statements of that name were sent.
func (s *spy) count(name string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.sent {
		if st.Name == name {
			n++
		}
	}
	return n
}

// texts lists the statements that were sent.
func (s *spy) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	texts := make([]string, len(s.sent))
	for i, st := range s.sent {
		texts[i] = st.SQL
	}
	return texts
}

// forget drops the statements recorded so far.
func (s *spy) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = nil
}

// limit returns the context for sending a statement.
func (s *spy) limit(ctx context.Context) context.Context {
	if s.unhurried {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (s *spy) see(st dialect.Stmt) (dialect.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.forgetful {
		s.sent = append(s.sent, st)
	}
	if s.before == nil {
		return st, nil
	}
	err := s.before(&st)
	return st, err
}

// broken makes the database reject the statements of that name, in the middle of their
// transaction.
func broken(names ...string) func(*dialect.Stmt) error {
	return func(st *dialect.Stmt) error {
		if slices.Contains(names, st.Name) {
			*st = dialect.Stmt{Name: st.Name, SQL: "SELECT 1 FROM there_is_no_such_table"}
		}
		return nil
	}
}

// A clock is a Backend on whose database's clock a case sets the time.
type clock struct {
	dialect.Backend

	now atomic.Pointer[string] // an expression
}

// Dialect implements [dialect.Backend].
func (c *clock) Dialect() dialect.Dialect { return clockDialect{c.Backend.Dialect(), c} }

type clockDialect struct {
	dialect.Dialect

	clock *clock
}

// asSet marks the places where a statement reads the clock. The statement is built
// once, and the clock is read each time.
const asSet = " /* as the case has set it */"

// Now implements [dialect.Dialect].
func (d clockDialect) Now() string { return d.Dialect.Now() + asSet }

// Clock implements [dialect.Dialect].
func (d clockDialect) Clock() (from, now string) {
	from, now = d.Dialect.Clock()
	as := func(text string) string { return strings.ReplaceAll(text, d.Dialect.Now(), d.Now()) }
	return as(from), as(now)
}

// Conn implements [dialect.Backend].
func (c *clock) Conn() dialect.Conn { return tap.Conn(c.Backend.Conn(), c) }

// Send implements [tap.Tap].
func (c *clock) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	set := make([]*dialect.Step, len(steps))
	for i, step := range steps {
		set[i] = &dialect.Step{Stmt: step.Stmt, Row: step.Row, Uncounted: step.Uncounted}
		if now := c.now.Load(); now != nil {
			as := func(text string) string { return strings.ReplaceAll(text, c.Dialect().Now(), *now) }
			set[i].SQL, set[i].Between = as(step.SQL), nil
			for _, part := range step.Between {
				set[i].Between = append(set[i].Between, as(part))
			}
		}
	}
	err := real(ctx, set)
	for i, step := range steps {
		step.Affected = set[i].Affected
	}
	return err
}

// Atomic implements [tap.Tap].
func (c *clock) Atomic(ctx context.Context, inner dialect.Conn, fn func(dialect.Conn) error) error {
	return inner.Atomic(ctx, func(inner dialect.Conn) error { return fn(tap.Conn(inner, c)) })
}
