package tracker_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Each run loads what is newer than what the last completed one loaded. A run
// that failed does not count.
func ExampleRun_ExtendRange() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		for day, problem := range []error{nil, errors.New("no disk"), nil} {
			until := time.Date(2026, 11, 20+day, 0, 0, 0, 0, time.UTC)
			_ = t.Do(ctx, tracker.Process{Name: "Orders Load"}, &tracker.StartOptions{FromWatermark: true}, func(ctx context.Context, run *tracker.Run) error {
				if run.Low().IsZero() {
					fmt.Printf("run %d: all until %s\n", run.Number(), until.Format(time.DateOnly))
				} else {
					fmt.Printf("run %d: from %s until %s\n", run.Number(), run.Low().Format(time.DateOnly), until.Format(time.DateOnly))
				}
				return errors.Join(run.ExtendRange(ctx, time.Time{}, until), problem)
			})
		}
		totals, err := t.Registry().Totals(ctx, "Orders Load")
		fmt.Println("watermark:", totals.Watermark.Format(time.DateOnly))
		return err
	})
	// Output:
	// run 1: all until 2026-11-20
	// run 2: from 2026-11-20 until 2026-11-21
	// run 3: from 2026-11-20 until 2026-11-22
	// watermark: 2026-11-22
}
