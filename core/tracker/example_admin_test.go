package tracker_test

import (
	"context"
	"fmt"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// An operator ends the run of a program that hangs, and removes what is a year old.
func ExampleAdmin() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		hanging, err := t.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
		if err != nil {
			return err
		}
		defer hanging.Close()

		ended, err := t.Admin().Reap(ctx, tracker.ReapOptions{Process: "Teams Load", Force: true, Reason: "hangs since noon"})
		if err != nil {
			return err
		}
		fmt.Printf("ended run %d of %s\n", ended[0].Number, ended[0].Process)
		fmt.Println("its program can write nothing now:", hanging.Complete(ctx, nil) != nil)

		purged, err := t.Admin().Purge(ctx, tracker.PurgeOptions{OlderThan: 365 * 24 * time.Hour})
		fmt.Printf("purged %d runs\n", purged.Runs)
		return err
	})
	// Output:
	// ended run 1 of Teams Load
	// its program can write nothing now: true
	// purged 0 runs
}
