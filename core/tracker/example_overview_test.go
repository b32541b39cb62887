package tracker_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A page shows where files wait to be loaded, and which starts were refused.
func ExampleOverview() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		run, err := t.Start(ctx, tracker.Process{Name: "Teams Extract"}, nil)
		if err != nil {
			return err
		}
		defer run.Close()
		if _, err := run.RegisterExtracts(ctx,
			tracker.File{Location: "s3://landing/teams", Name: "2026-11-28.csv", Status: tracker.Ready},
			tracker.File{Location: "s3://landing/teams", Name: "2026-11-29.csv", Status: tracker.Ready}); err != nil {
			return err
		}
		_, err = t.Start(ctx, tracker.Process{Name: "Teams Extract"}, nil)
		fmt.Println("a second start is refused:", errors.Is(err, tracker.ErrAlreadyRunning))

		waiting, err := t.Overview().WaitingExtracts(ctx)
		if err != nil {
			return err
		}
		for _, w := range waiting {
			fmt.Printf("%s: %d %s\n", w.Location, w.Count, w.Status)
		}
		for refusal, err := range t.Refusals(ctx, tracker.RefusalFilter{Limit: 10}) {
			if err != nil {
				return err
			}
			fmt.Printf("%s: %v, %d times\n", refusal.Process, refusal.Reason, refusal.Times)
		}
		return run.Complete(ctx, nil)
	})
	// Output:
	// a second start is refused: true
	// teams: 2 ready
	// Teams Extract: already running, 1 times
}
