package tracker_test

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Do completes the run if the function returns nil. If it returns an error, or
// panics, Do fails the run and records why.
func ExampleTracker_Do() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		check := func(rows int) error {
			return t.Do(ctx, tracker.Process{Name: "Teams Check"}, nil, func(ctx context.Context, run *tracker.Run) error {
				if rows == 0 {
					return fmt.Errorf("teams: %w", tracker.ErrorRecord{Type: tracker.DataError, Description: "no rows"})
				}
				return run.SetCounts(ctx, tracker.Counts{Records: int64(rows)})
			})
		}
		fmt.Println("returned:", check(2_805))
		fmt.Println("returned:", check(0))
		for info, err := range t.Runs(ctx, tracker.RunFilter{Process: "Teams Check"}) {
			if err != nil {
				return err
			}
			fmt.Printf("run %d is %s\n", info.Number, info.Status)
		}
		for e, err := range t.Errors(ctx, tracker.ErrorFilter{Process: "Teams Check"}) {
			if err != nil {
				return err
			}
			fmt.Printf("run %d: %s: %s\n", e.RunNumber, e.Type, e.Description)
		}
		return nil
	})
	// Output:
	// returned: <nil>
	// returned: teams: no rows
	// run 2 is failed
	// run 1 is completed
	// run 2: Data Error: teams: no rows
}
