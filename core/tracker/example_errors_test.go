package tracker_test

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A run records what went wrong: with a part of its data, and goes on; or with
// all of it, and fails.
func ExampleRun_Fail() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		run, err := t.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
		if err != nil {
			return err
		}
		defer run.Close()
		if err := run.RecordError(ctx, tracker.ErrorRecord{Type: tracker.DataError, Description: "line 7: no key"}); err != nil {
			return err
		}
		if err := run.Fail(ctx, tracker.ErrorRecord{Type: tracker.FileError, Description: "ends in the middle of line 9"}); err != nil {
			return err
		}
		for e, err := range t.Errors(ctx, tracker.ErrorFilter{Process: "Teams Load"}) {
			if err != nil {
				return err
			}
			fmt.Printf("run %d: %s: %s\n", e.RunNumber, e.Type, e.Description)
		}
		return nil
	})
	// Output:
	// run 1: File Error: ends in the middle of line 9
	// run 1: Data Error: line 7: no key
}
