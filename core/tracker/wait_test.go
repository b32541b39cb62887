package tracker

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestWaiting has a clock that moves only when all wait.
func TestWaiting(t *testing.T) {
	t.Parallel()
	blocked := func(run int64) error {
		return &BlockedError{Process: "Load", Reason: ErrAlreadyRunning, Run: &RunInfo{ID: run}}
	}
	other := errors.New("other")
	for name, c := range map[string]struct {
		limit   time.Duration
		answers func(try int, waited time.Duration) error
		want    error
		told    int
		tries   [2]int           // at least and at most
		took    [2]time.Duration // at least and at most
	}{
		"it ends when nothing refuses it": {
			time.Hour, func(try int, _ time.Duration) error {
				if try < 3 {
					return blocked(1)
				}
				return nil
			}, nil, 1, [2]int{3, 3}, [2]time.Duration{300 * time.Millisecond, time.Second},
		},
		"the pauses grow, and end with the time": {
			30 * time.Minute, func(int, time.Duration) error { return blocked(1) },
			ErrAlreadyRunning, 1, [2]int{120, 260}, [2]time.Duration{30 * time.Minute, 30 * time.Minute},
		},
		"it tells when something else is waited for": {
			time.Minute, func(try int, _ time.Duration) error { return blocked(int64(1 + try/4)) },
			ErrAlreadyRunning, 4, [2]int{10, 100}, [2]time.Duration{time.Minute, time.Minute},
		},
		"it waits for a database that is away": {
			time.Hour, func(_ int, waited time.Duration) error {
				if waited < time.Minute {
					return fmt.Errorf("start: %w", ErrDisconnected)
				}
				return nil
			}, nil, 2, [2]int{10, 100}, [2]time.Duration{time.Minute, 75 * time.Second},
		},
		"an error that waiting cannot change ends it": {
			time.Hour, func(int, time.Duration) error { return other }, other, 1, [2]int{1, 1}, [2]time.Duration{0, time.Second},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began, tries, told := time.Now(), 0, 0
				w := waiter{limit: c.limit, tell: func(WaitEvent) { told++ }, try: func(context.Context) error {
					tries++
					return c.answers(tries, time.Since(began))
				}}
				err := w.wait(t.Context(), blocked(1))
				if took := time.Since(began); took < c.took[0] || took > c.took[1] {
					t.Errorf("it took %v", took)
				}
				enough := told == c.told || c.told == 4 && told >= 4
				if !errors.Is(err, c.want) || tries < c.tries[0] || tries > c.tries[1] || !enough {
					t.Errorf("error %v, %d tries, told %d times", err, tries, told)
				}
			})
		})
	}
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		refusal := &BlockedError{Process: "Load", Reason: ErrOnHold, Hold: &HoldInfo{}}
		w := waiter{limit: time.Hour, try: func(context.Context) error { return refusal }}
		err := w.wait(ctx, refusal)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrOnHold) {
			t.Errorf("error: %v", err)
		}
	})
}
