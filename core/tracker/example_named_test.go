package tracker_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A run is named by what it loads, here a day. A scheduler that starts it again
// does no harm: it is completed once, however often it had to be tried.
func ExampleStartOptions_named() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		for _, problem := range []error{errors.New("no disk"), nil, nil} {
			err := t.Do(ctx, tracker.Process{Name: "Orders Load"}, &tracker.StartOptions{Name: "2026-11-22"}, func(_ context.Context, run *tracker.Run) error {
				fmt.Printf("run %d loads the day\n", run.Number())
				return problem
			})
			var done *tracker.DoneError
			if errors.As(err, &done) {
				fmt.Printf("run %d has loaded it: %s\n", done.Run.Number, done.Run.Status)
			}
		}
		return nil
	})
	// Output:
	// run 1 loads the day
	// run 2 loads the day
	// run 2 has loaded it: completed
}
