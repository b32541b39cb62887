package tracker_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// An observer counts and times what a tracker does, without a dependency on a library
// for metrics.
func ExampleObserver() {
	withBackend(func(ctx context.Context, be dialect.Backend) error {
		started, ended := map[string]int{}, map[string]int{} // or counters of your metrics
		t, err := tracker.New(ctx, be, &tracker.Config{Observer: tracker.Observer{
			OnStart:   func(_ context.Context, e tracker.StartEvent) { started[e.Run.Process]++ },
			OnRefusal: func(_ context.Context, e tracker.RefusalEvent) { fmt.Printf("%s refused: %v\n", e.Process, e.Reason()) },
			OnEnd:     func(_ context.Context, e tracker.EndEvent) { ended[string(e.Run.Status)]++ },
		}})
		if err != nil {
			return err
		}
		defer t.Close()
		load := tracker.Process{Name: "Teams Load"}
		_ = t.Do(ctx, load, nil, func(ctx context.Context, _ *tracker.Run) error {
			_, err := t.Start(ctx, load, nil)
			return err // fails the run
		})
		err = t.Do(ctx, load, nil, func(context.Context, *tracker.Run) error { return nil })
		fmt.Println("started:", started)
		fmt.Println("ended:", ended)
		return err
	})
	// Output:
	// Teams Load refused: already running
	// started: map[Teams Load:2]
	// ended: map[completed:1 failed:1]
}

// A tracker retries what the database gave up because of another transaction. The policy
// bounds it, and the observer hears of each retry.
func ExampleRetryPolicy() {
	withBackend(func(ctx context.Context, be dialect.Backend) error {
		t, err := tracker.New(ctx, &deadlocked{Backend: be, times: 2}, &tracker.Config{
			Retry: tracker.RetryPolicy{Tries: 5},
			Observer: tracker.Observer{OnRetry: func(_ context.Context, e tracker.RetryEvent) {
				fmt.Printf("try %d: %s: %v\n", e.Try, e.Reason, e.Err)
			}},
		})
		if err != nil {
			return err
		}
		defer t.Close()
		return t.Do(ctx, tracker.Process{Name: "Teams Load"}, nil, func(context.Context, *tracker.Run) error {
			fmt.Println("loaded")
			return nil
		})
	})
	// Output:
	// try 1: conflict: deadlock
	// try 2: conflict: deadlock
	// loaded
}

// deadlocked stands for a database that gives up some transactions.
type deadlocked struct {
	dialect.Backend

	times int
}

var errDeadlock = errors.New("deadlock")

func (d *deadlocked) Conn() dialect.Conn { return unlucky{d.Backend.Conn(), d} }

func (d *deadlocked) Classify(err error) dialect.Class {
	if errors.Is(err, errDeadlock) {
		return dialect.Conflict
	}
	return d.Backend.Classify(err)
}

type unlucky struct {
	dialect.Conn

	d *deadlocked
}

func (c unlucky) Atomic(ctx context.Context, do func(dialect.Conn) error) error {
	if c.d.times--; c.d.times >= 0 {
		return errDeadlock
	}
	return c.Conn.Atomic(ctx, do)
}
