package suite

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func retryPolicyCases() []Case {
	return []Case{
		{"S8.2 the retry policy sets how many tries there are and how long the waits are", policies},
		{"S8.2 the observer learns of each retry and its cause", toldOfTries},
		{"S8.2 S2.9 after a lost connection, a call waits for an unreachable server", outOfReach},
	}
}

func policies(t *testing.T, e *Env) {
	b := e.setUp(t)
	for _, c := range []struct {
		policy  tracker.RetryPolicy
		tries   int
		longest time.Duration
	}{
		{tracker.RetryPolicy{Tries: 1}, 1, 0},
		{tracker.RetryPolicy{Tries: 2, Wait: time.Nanosecond}, 2, time.Nanosecond},
		{tracker.RetryPolicy{Tries: 9, Wait: time.Second, MaxWait: 4 * time.Second}, 9, 4 * time.Second},
		{tracker.RetryPolicy{Tries: 3, Wait: time.Hour}, 3, time.Hour},
		{tracker.RetryPolicy{Tries: 100, Wait: 1 << 62, MaxWait: 1<<63 - 1}, 5, 1<<63 - 1},
		{tracker.RetryPolicy{}, 20, time.Second},
		{tracker.RetryPolicy{MaxWait: time.Microsecond}, 20, time.Microsecond},
	} {
		s := &switched{Backend: b}
		tr := trackerOn(e.context(t), t, s, &tracker.Config{Retry: c.policy})
		s.off.Store(&dead{Backend: b, class: dialect.Conflict})
		synctest.Test(t, func(t *testing.T) {
			ctx := t.Context()
			if c.tries == 5 { // waits of hundreds of years end by the context
				limit, cancel := context.WithTimeout(ctx, 1<<62)
				defer cancel()
				ctx = limit
			}
			if _, err := tr.Start(ctx, tracker.Process{Name: "Teams Load"}, nil); !only(err, tracker.ErrBusy) {
				t.Errorf("%+v: %v", c.policy, err)
			}
		})
		tries := s.off.Load().tries
		if len(tries) != c.tries && c.tries != 5 || len(tries) == 0 {
			t.Errorf("%+v: it was tried %d times, want %d", c.policy, len(tries), c.tries)
		}
		for i := 1; i < len(tries); i++ {
			if wait := tries[i].Sub(tries[i-1]); wait > c.longest {
				t.Errorf("%+v: it waited %v", c.policy, wait)
			}
		}
	}
	for field, policy := range map[string]tracker.RetryPolicy{
		"tries":                      {Tries: -1},
		"wait between tries":         {Wait: -time.Second},
		"longest wait between tries": {MaxWait: -time.Second},
	} {
		_, err := tracker.New(e.context(t), b, &tracker.Config{Retry: policy})
		var invalid *tracker.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != field || invalid.Value == "" || invalid.Remedy == "" {
			t.Errorf("%+v: %v", policy, err)
		}
	}
	_, err := tracker.New(e.context(t), b, &tracker.Config{Retry: tracker.RetryPolicy{Wait: 2 * time.Second, MaxWait: time.Second}})
	if !only(err, tracker.ErrInvalid) {
		t.Errorf("waits longer than the longest: %v", err)
	}
}

// toldOfTries compares the observer's events with the tries that were made.
func toldOfTries(t *testing.T, e *Env) {
	b := e.setUp(t)
	starting := "start.turn"
	if b.Dialect().ReadersBlock() {
		starting = "start.lock_clusters"
	}
	ending := "end.process"
	if _, ok := b.Dialect().(dialect.Returner); ok {
		ending = "end.complete_whole"
	} else if _, locks := b.Dialect().(dialect.Pessimist); locks {
		ending = "process.lock"
	}
	for class, reason := range map[dialect.Class]tracker.RetryReason{
		dialect.Conflict: tracker.RetryConflict, dialect.Disconnected: tracker.RetryDisconnected,
	} {
		var told []tracker.RetryEvent
		s := &switched{Backend: b}
		tr := trackerOn(e.context(t), t, s, &tracker.Config{Observer: tracker.Observer{OnRetry: func(_ context.Context, r tracker.RetryEvent) { told = append(told, r) }}})
		run := start(e.context(t), t, tr, tracker.Process{Name: "Teams Load " + class.String()})
		if len(told) > 0 {
			t.Errorf("told of %+v", told)
		}
		for name, call := range map[string]func(context.Context) error{
			starting:    func(ctx context.Context) error { return ignore(tr.Start(ctx, tracker.Process{Name: "Load"}, nil)) },
			ending:      func(ctx context.Context) error { return run.Complete(ctx, nil) },
			"runs.list": func(ctx context.Context) error { return firstError(tr.Runs(ctx, tracker.RunFilter{})) },
			"begin":     func(ctx context.Context) error { return run.SetCounts(ctx, tracker.Counts{Inserts: 1}) },
		} {
			told = nil
			s.off.Store(&dead{Backend: b, class: class})
			synctest.Test(t, func(t *testing.T) {
				if err := call(t.Context()); !errors.Is(err, errLost) {
					t.Errorf("%s: %v", name, err)
				}
			})
			if len(told) != len(s.off.Load().tries)-1 || len(told) == 0 {
				t.Fatalf("%s was tried %d times, and told of %d", name, len(s.off.Load().tries), len(told))
			}
			for i, r := range told {
				waited := s.off.Load().tries[i+1].Sub(s.off.Load().tries[i])
				if r.Operation != name || r.Try != i+1 || r.Reason != reason || !errors.Is(r.Err, errLost) || r.Wait != waited {
					t.Errorf("%s, waiting %v, told of %+v", name, waited, r)
				}
			}
		}
	}
}

// outOfReach has a server that is gone after a connection to it was lost, and one that
// was gone before.
func outOfReach(t *testing.T, e *Env) {
	for lost, tries := range map[bool]int{true: 20, false: 1} {
		s := &switched{Backend: e.setUp(t)}
		tr := trackerOn(e.context(t), t, s, &tracker.Config{Observer: tracker.Observer{OnRetry: func(_ context.Context, r tracker.RetryEvent) {
			if r.Reason != tracker.RetryDisconnected {
				t.Errorf("told of %+v", r)
			}
			s.off.Load().class = dialect.Unreachable
		}}})
		s.off.Store(&dead{Backend: s.Backend, class: dialect.Unreachable})
		if lost {
			s.off.Load().class = dialect.Disconnected
		}
		synctest.Test(t, func(t *testing.T) {
			if _, err := tr.Start(t.Context(), tracker.Process{Name: "Load"}, nil); !only(err, tracker.ErrDisconnected) {
				t.Errorf("a connection was lost: %v; %v", lost, err)
			}
		})
		if n := len(s.off.Load().tries); n != tries {
			t.Errorf("a connection was lost: %v; it was tried %d times, want %d", lost, n, tries)
		}
	}
}
