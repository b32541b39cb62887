package tracker_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A process that is on hold does not start until an operator releases it. The
// history has who held and released it, and why.
func ExampleAdmin_Hold() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		load := tracker.Process{Name: "Teams Load"}
		if err := t.Registry().Register(ctx, load); err != nil {
			return err
		}
		if err := t.Admin().Hold(ctx, load.Name, "the source is being moved"); err != nil {
			return err
		}
		_, err := t.Start(ctx, load, nil)
		var blocked *tracker.BlockedError
		if errors.As(err, &blocked) {
			fmt.Printf("%v, says %s: %s\n", blocked.Reason, blocked.Hold.By, blocked.Hold.Reason)
		}
		if err := t.Admin().Release(ctx, load.Name, "it has been moved"); err != nil {
			return err
		}
		if err := t.Do(ctx, load, nil, func(context.Context, *tracker.Run) error { return nil }); err != nil {
			return err
		}
		for change, err := range t.History(ctx, tracker.HistoryFilter{Process: load.Name}) {
			if err != nil {
				return err
			}
			fmt.Printf("%q to %q by %s: %q\n", change.From, change.To, change.Actor, change.Reason)
		}
		return nil
	})
	// Output:
	// on hold, says scheduler: the source is being moved
	// "released" to "held" by scheduler: "the source is being moved"
	// "held" to "released" by scheduler: "it has been moved"
	// "" to "running" by scheduler: ""
	// "running" to "completed" by scheduler: ""
}
