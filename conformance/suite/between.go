package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func betweenCases() []Case {
	return []Case{
		{"S5.4 S5.3 a parent that changes between two statements of a change to loading blocks all of it or nothing", parentBetween},
	}
}

// singly is a backend that sends statements one by one, so that others can come between.
type singly struct{ dialect.Backend }

// Conn implements [dialect.Backend].
func (s singly) Conn() dialect.Conn { return tap.OneByOne(s.Backend.Conn(), func(dialect.Stmt) {}) }

// between lets another caller act, unless locks hold it up, so that it cannot come between.
func between(ctx context.Context, other func(context.Context) error) error {
	hasty, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := other(hasty); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// meddler lets another caller act once, before a statement of a call.
type meddler struct {
	*spy

	called bool // whether the call sent that statement
	apart  bool // others come between transactions only: a writer has the database to itself
}

// at makes other act before the n-th statement from now on, counted from 0. A transaction
// apart counts as one.
func (m *meddler) at(ctx context.Context, n int, other func(context.Context) error) {
	next := func() bool { n--; return n == -1 }
	m.once(ctx, func(st *dialect.Stmt) bool {
		if strings.HasPrefix(st.Name, "lease.") || m.apart && m.open > 0 {
			return false // leases are renewed by the clock
		}
		return next()
	}, other)
	if !m.apart {
		return
	}
	m.meddleBetween(func() error {
		if m.called || m.transactions() > 0 || !next() {
			return nil
		}
		m.called = true
		return between(ctx, other)
	})
}

// leave makes nobody act any more.
func (m *meddler) leave() {
	m.meddle(nil)
	m.meddleBetween(nil)
}

// atNamed makes other act before the first statement from now on that has one of the names.
func (m *meddler) atNamed(ctx context.Context, names []string, other func(context.Context) error) {
	m.once(ctx, func(st *dialect.Stmt) bool { return slices.Contains(names, st.Name) }, other)
}

func (m *meddler) once(ctx context.Context, is func(*dialect.Stmt) bool, other func(context.Context) error) {
	m.called = false
	m.meddle(func(st *dialect.Stmt) error {
		if m.called || !is(st) {
			return nil
		}
		m.called = true
		return between(ctx, other)
	})
}

// parentBetween changes a parent before each statement of a call that sets its child to
// loading.
func parentBetween(t *testing.T, e *Env) {
	if !e.Backend.SkipsLocked {
		t.Skip("no other caller can come between, because writers exclude each other")
	}
	ctx, b := e.context(t), e.setUp(t)
	m := &meddler{spy: &spy{Backend: singly{b}, forgetful: true}}
	run := start(ctx, t, trackerOn(ctx, t, m, nil), tracker.Process{Name: "Load"})
	tr := trackerOn(ctx, t, b, nil)
	other := start(ctx, t, tr, tracker.Process{Name: "Extract"})
	x := ready(ctx, t, other, "/landing", "child", "parent")
	child, parent := x[0], x[1]
	must(t, tr.AddExtractParents(ctx, child, parent))
	outcomes := map[string]int{}
	for n, called := 0, true; called; n++ {
		called = false
		for _, to := range []tracker.ExtractStatus{tracker.Loaded, tracker.Ready} {
			from := tracker.Ready
			if to == tracker.Ready {
				from = tracker.Loaded
			}
			must(t, other.SetExtractStatus(ctx, from, parent))
			must(t, other.SetExtractStatus(ctx, tracker.Ready, child))
			before := extractHistory(ctx, t, b, child.ID)
			m.at(ctx, n, func(ctx context.Context) error { return other.SetExtractStatus(ctx, to, parent) })
			err := run.SetExtractStatus(ctx, tracker.Loading, child)
			m.meddle(nil)
			called = called || m.called
			what := fmt.Sprintf("the parent became %s before statement %d, and the call returned %v", to, n, err)
			added := extractHistory(ctx, t, b, child.ID)[len(before):]
			now := reread(ctx, t, tr, child).Status
			switch link := linked(ctx, t, b, run, child); {
			case err == nil:
				outcomes["loading"]++
				if now != tracker.Loading || !slices.Equal(added, []string{"ready > loading by tester"}) || !slices.Equal(link, []string{"loading"}) {
					t.Errorf("%s: the child is %s, its link %q, its history %q", what, now, link, added)
				}
			case errors.Is(err, tracker.ErrDependency):
				outcomes["refused"]++
				if now != tracker.Ready || len(added) > 0 {
					t.Errorf("%s: the child is %s, its history %q", what, now, added)
				}
			default:
				t.Errorf("%s", what)
			}
		}
	}
	if outcomes["loading"] == 0 || outcomes["refused"] == 0 {
		t.Errorf("outcomes: %v", outcomes)
	}
}
