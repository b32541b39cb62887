package suite

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// Env is the environment of a case: its own place in the database.
type Env struct {
	// DSN opens the place from anywhere, even from another process. The DSN of a cluster
	// is its servers' DSNs, separated by spaces.
	DSN     string
	Backend Backend
	// Small makes a case run in a smaller size, if it has one.
	Small bool

	places *places
	apart  bool            // see Case.apart
	owner  dialect.Backend // the user who set up, if DSN is for a user with fewer privileges
}

// another returns a second place for the case. It is set up, too, unless the case's own
// place was not.
func (e *Env) another(t *testing.T) *Env {
	t.Helper()
	return &Env{DSN: e.places.another(t, e.apart), Backend: e.Backend, Small: e.Small, places: e.places, apart: e.apart}
}

// patience limits every case, so that a case that blocks forever fails instead.
const patience = 10 * time.Minute

// context returns a context that ends with the test.
func (e *Env) context(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// open opens the backend, whether the place is set up or not.
func (e *Env) open(t testing.TB) dialect.Backend {
	t.Helper()
	b, err := e.Backend.Open(e.context(t), e.DSN)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if e.owner != nil {
		return restricted{b, e.owner}
	}
	return b
}

// tracker sets up the place, unless it is set up already, and returns a tracker on it.
func (e *Env) tracker(t testing.TB, options *tracker.Config) *tracker.Tracker {
	t.Helper()
	return trackerOn(e.context(t), t, catalogued(t, e.setUp(t)), options)
}

// start starts a run. The start must not be refused.
func start(ctx context.Context, t testing.TB, tr *tracker.Tracker, p tracker.Process) *tracker.Run {
	t.Helper()
	run, err := tr.Start(ctx, p, nil)
	if err != nil {
		t.Fatalf("start %q: %v", p.Name, err)
	}
	return run
}

// collect reads a list to its end.
func collect[T any](t testing.TB, list iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for item, err := range list {
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		all = append(all, item)
	}
	return all
}

// must fails the test if err is not nil.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
