package suite

import (
	"context"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// KilledBetween kills all idle connections of a pool, and makes calls that have to succeed.
func KilledBetween(t *testing.T, b dialect.Backend, kill func()) {
	t.Helper()
	ctx, tr := t.Context(), Tracker(t, b)
	for _, call := range []func() error{
		func() error { return ignore(tr.Start(ctx, tracker.Process{Name: "Teams Load", Type: "Load"}, nil)) },
		func() error {
			return tr.Registry().AddDependency(ctx, "a", "b", tracker.DependencyOptions{Kind: tracker.Hard})
		},
		func() error { return ignore(tr.Registry().RegisterLocation(ctx, "/landing", "")) },
		func() error { return firstError(tr.Runs(ctx, tracker.RunFilter{})) },
	} {
		kill()
		if err := call(); err != nil {
			t.Error(err)
		}
	}
}

// KilledMeanwhile kills the connection on which a run's end waits for the rows that
// lock has locked. killed tries to do so, and reports whether there was such a
// connection. The end is retried.
func KilledMeanwhile(t *testing.T, b dialect.Backend, lock func(), killed func() bool, unlock func()) {
	t.Helper()
	ctx, tr := context.WithoutCancel(t.Context()), Tracker(t, b)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	lock()
	done := make(chan error, 1)
	go func() { done <- run.Complete(ctx, nil) }()
	for !killed() { // until it is there and waits
		if len(done) > 0 {
			t.Fatalf("it did not wait for the lock: %v", <-done)
		}
	}
	unlock()
	if err := <-done; err != nil {
		t.Errorf("its connection was killed, and it did not try again: %v", err)
	}
	if info := stored(ctx, t, tr, run); info.Status != tracker.Completed {
		t.Errorf("the run is %+v", info)
	}
}
