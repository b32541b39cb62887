package tracker_test

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A list continues at the cursor of the last row that was read: in the next request, or in another program.
func ExampleTracker_Runs() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		for range 5 {
			if err := t.Do(ctx, tracker.Process{Name: "Teams Load"}, nil, func(context.Context, *tracker.Run) error { return nil }); err != nil {
				return err
			}
		}
		page := tracker.RunFilter{Process: "Teams Load", Order: tracker.NewestFirst, Limit: 2}
		for {
			fmt.Println("page:")
			read := 0
			for run, err := range t.Runs(ctx, page) {
				if err != nil {
					return err
				}
				fmt.Printf("run %d is %s\n", run.Number, run.Status)
				page.After = run.Cursor() // a text, for a link to the next page
				read++
			}
			if read < page.Limit {
				return nil
			}
		}
	})
	// Output:
	// page:
	// run 5 is completed
	// run 4 is completed
	// page:
	// run 3 is completed
	// run 2 is completed
	// page:
	// run 1 is completed
}
