package suite

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// Env is what a case works with: a place of its own in the database.
type Env struct {
	// DSN opens the place from anywhere, also from another process. That of a cluster
	// is its servers' DSNs, spaces between them.
	DSN     string
	Backend Backend
	// Small has a case be gone through in a smaller size, where it has one.
	Small bool

	places *places
	apart  bool            // see Case.apart
	owner  dialect.Backend // who set up, where the DSN is of a user with fewer rights
}

// another is a place beside the case's, which is set up, too, unless the case's was not.
func (e *Env) another(t *testing.T) *Env {
	t.Helper()
	return &Env{DSN: e.places.another(t, e.apart), Backend: e.Backend, Small: e.Small, places: e.places, apart: e.apart}
}

// patience bounds every case, so that one that blocks for ever fails instead.
const patience = 10 * time.Minute

// context ends with the test.
func (e *Env) context(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// open opens the backend, set up or not.
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

// tracker sets the place up, if it is not yet, and returns a tracker on it.
func (e *Env) tracker(t testing.TB, options *tracker.Config) *tracker.Tracker {
	t.Helper()
	return trackerOn(e.context(t), t, catalogued(t, e.setUp(t)), options)
}

// start starts a run that has to start.
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

// must fails the test if there is an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
