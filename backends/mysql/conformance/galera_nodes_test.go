package conformance

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// meeting is two calls at the same moment, each on a node of its own. The slow one
// has looked at everything, and stops before the statement at; the quick one begins
// and ends meanwhile. Where a lock would have the quick one wait, on one server,
// nothing does here.
type meeting struct {
	name string
	at   string
	// calls prepares and returns the calls, and a check of the result.
	calls func(ctx context.Context, t *testing.T, slow, quick *tracker.Tracker) (calls [2]func() error, check func())
	want  error // of the slow call; the quick one succeeds
}

func nodeCases() []suite.Case {
	cases := []suite.Case{{Name: "S2.1 S2.4 S3.9 S6.1 what was done on one node is done on the other", Test: inTurn}}
	for _, m := range meetings() {
		cases = append(cases, suite.Case{Name: m.name, Test: m.test})
	}
	return cases
}

// onNodes sets the place up, and returns a tracker on each node; the second one's
// statements can be stopped.
func onNodes(t *testing.T, e *suite.Env, at string) (context.Context, *tracker.Tracker, *tracker.Tracker, *stopped) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	var backends [2]dialect.Backend
	for i, dsn := range strings.Fields(e.DSN) {
		b, err := mysql.Open(ctx, dsn, nil)
		must(t, err)
		t.Cleanup(func() { _ = b.Close() })
		backends[i] = b
	}
	if _, err := setup.Run(ctx, backends[0]); err != nil {
		t.Fatal(err)
	}
	s := &stopped{Backend: backends[1], at: at, there: make(chan struct{}), goOn: make(chan struct{})}
	var trackers [2]*tracker.Tracker
	for i, b := range []dialect.Backend{backends[0], s} {
		tr, err := tracker.New(ctx, b, &tracker.Config{Actor: fmt.Sprintf("node %d", i+1)})
		must(t, err)
		t.Cleanup(func() { _ = tr.Close() }) // never fails
		trackers[i] = tr
	}
	return ctx, trackers[0], trackers[1], s
}

func (m meeting) test(t *testing.T, e *suite.Env) {
	ctx, quick, slow, stop := onNodes(t, e, m.at)
	calls, check := m.calls(ctx, t, slow, quick)
	stop.arm()
	done := make(chan error, 1)
	go func() { done <- calls[0]() }()
	select {
	case <-stop.there:
	case err := <-done:
		t.Fatalf("the slow call never came to %s: %v", m.at, err)
	}
	if err := calls[1](); err != nil {
		t.Errorf("the quick call: %v", err)
	}
	close(stop.goOn)
	if err := <-done; !errors.Is(err, m.want) {
		t.Errorf("the slow call: %v, want: %v", err, m.want)
	}
	check()
}

// inTurn has one tracker go on where the one on the other node has just been.
func inTurn(t *testing.T, e *suite.Env) {
	ctx, one, other, _ := onNodes(t, e, "")
	must(t, one.Registry().AddDependency(ctx, "Load", "Extract", tracker.DependencyOptions{Kind: tracker.Hard, Freshness: tracker.Fresh}))
	for i := range 50 {
		high := time.Date(2026, 1, 1, i, 0, 0, 0, time.UTC)
		extract := startOn(ctx, t, one, "Extract")
		again, err := other.Resume(ctx, extract.ID(), extract.Token())
		if err == nil {
			err = errors.Join(again.ExtendRange(ctx, time.Time{}, high), again.Complete(ctx, nil))
		}
		if err != nil {
			t.Fatalf("round %d, the run that was taken up: %v", i, err)
		}
		if totals, err := one.Registry().Totals(ctx, "Extract"); err != nil || !totals.Watermark.Equal(high) {
			t.Fatalf("round %d: the watermark is %v (%v), want %v", i, totals.Watermark, err, high)
		}
		must(t, startOn(ctx, t, one, "Load").Complete(ctx, nil))
		one, other = other, one
	}
}

// stopped stops at a statement, once, when it is armed. It is no batcher: its
// statements are sent one by one.
type stopped struct {
	dialect.Backend

	at    string
	there chan struct{} // is closed when the statement is next
	goOn  chan struct{}

	mu    sync.Mutex
	armed bool
}

func (s *stopped) arm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = true
}

// before stops if it is time to.
func (s *stopped) before(st dialect.Stmt) {
	s.mu.Lock()
	stop := s.armed && st.Name == s.at
	s.armed = s.armed && !stop
	s.mu.Unlock()
	if stop {
		close(s.there)
		<-s.goOn
	}
}

// Conn implements [dialect.Backend].
func (s *stopped) Conn() dialect.Conn { return tap.OneByOne(s.Backend.Conn(), s.before) }

func startOn(ctx context.Context, t *testing.T, tr *tracker.Tracker, process string) *tracker.Run {
	t.Helper()
	run, err := tr.Start(ctx, tracker.Process{Name: process}, nil)
	if err != nil {
		t.Fatalf("start %q: %v", process, err)
	}
	return run
}
