package tracker_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A run is started, which others are refused meanwhile, and completed.
func ExampleTracker_Start() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		load := tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go", Targets: tracker.ObjectRefs("Warehouse", "teams")}
		run, err := t.Start(ctx, load, nil)
		if err != nil {
			return err
		}
		defer run.Close() // fails the run on every way out but Complete

		_, err = t.Start(ctx, load, nil)
		var blocked *tracker.BlockedError
		if errors.As(err, &blocked) && errors.Is(err, tracker.ErrAlreadyRunning) {
			fmt.Printf("refused: run %d of %s is %s\n", blocked.Run.Number, blocked.Run.Actor, blocked.Run.Status)
		}

		// … load …

		if err := run.SetCounts(ctx, tracker.Counts{Records: 2_805, Inserts: 120}); err != nil {
			return err
		}
		if err := run.Complete(ctx, nil); err != nil {
			return err
		}
		info, err := t.RunByID(ctx, run.ID())
		fmt.Printf("run %d is %s, with %d records\n", info.Number, info.Status, info.Counts.Records)
		return err
	})
	// Output:
	// refused: run 1 of scheduler is running
	// run 1 is completed, with 2805 records
}
