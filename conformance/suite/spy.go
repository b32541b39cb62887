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

// A spy stands between the tracker and a backend: it sees each statement, and
// can change it or have it fail.
type spy struct {
	dialect.Backend

	// forgetful spies keep nothing of what they saw.
	forgetful bool
	// unhurried spies have a statement take as long as it needs: no limit that the
	// tracker sets itself decides what becomes of it.
	unhurried bool

	mu sync.Mutex
	// before, if set, is called with each statement that is about to be sent, and
	// may change it. Its error is returned instead of sending the statement. Use
	// meddle to set it once a tracker is at work.
	before func(*dialect.Stmt) error
	// class is what errLost means to the tracker. Use failAs to set it once a tracker
	// is at work.
	class  dialect.Class
	sent   []dialect.Stmt
	failed map[string]error // of the statements that were executed and failed, by their names
}

// errLost is the error of a connection that a case breaks.
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

// meddle has before called with what is sent from now on, nil for no more meddling.
func (s *spy) meddle(before func(*dialect.Stmt) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = before
}

// failAs gives errLost another class.
func (s *spy) failAs(class dialect.Class) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.class = class
}

// allFail has every statement fail.
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
	return c.Atomic(s.limit(ctx), func(inner dialect.Conn) error { return fn(tap.Conn(inner, s)) })
}

// note keeps what became of a statement that was executed.
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

// names lists the names of the statements that calls sent: not those about leases that
// the tracker sends by the clock.
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

// count is how many statements of that name were sent.
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

// forget forgets what was sent so far.
func (s *spy) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = nil
}

// limit is the context in which a statement is sent.
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

// broken makes the database refuse the statements of that name, in the middle
// of whatever they are part of.
func broken(names ...string) func(*dialect.Stmt) error {
	return func(st *dialect.Stmt) error {
		if slices.Contains(names, st.Name) {
			*st = dialect.Stmt{Name: st.Name, SQL: "SELECT 1 FROM there_is_no_such_table"}
		}
		return nil
	}
}

// A clock is a Backend whose database's clock shows what the case sets.
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

// asSet marks where a statement looks at the clock. The statement is built once, and
// the clock looked at each time.
const asSet = " /* as the case has set it */"

// Now implements [dialect.Dialect].
func (d clockDialect) Now() string { return d.Dialect.Now() + asSet }

// Clock implements [dialect.Dialect].
func (d clockDialect) Clock() (from, now string) {
	from, now = d.Dialect.Clock()
	return strings.ReplaceAll(from, d.Dialect.Now(), d.Now()), strings.ReplaceAll(now, d.Dialect.Now(), d.Now())
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
