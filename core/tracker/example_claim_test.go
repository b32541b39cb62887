package tracker_test

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Several processes share the work on the ready files: none gets a file that another has.
// If a run fails, its unfinished files become ready again.
func ExampleRun_Claim() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		err := t.Do(ctx, tracker.Process{Name: "Teams Extract"}, nil, func(ctx context.Context, run *tracker.Run) error {
			for _, name := range []string{"1.csv", "2.csv", "3.csv"} {
				file := tracker.File{Location: "/landing", Name: name, Status: tracker.Ready}
				if _, err := run.RegisterExtract(ctx, file); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return t.Do(ctx, tracker.Process{Name: "Teams Load, worker 1"}, nil, func(ctx context.Context, run *tracker.Run) error {
			for {
				files, err := run.Claim(ctx, tracker.ClaimOptions{Limit: 2, Location: "/landing", NameGlob: "*.csv"})
				if err != nil || len(files) == 0 {
					return err
				}
				for _, file := range files {
					fmt.Println("load", file.Name)
				}
				if err := run.SetExtractStatus(ctx, tracker.Loaded, files...); err != nil {
					return err
				}
			}
		})
	})
	// Output:
	// load 1.csv
	// load 2.csv
	// load 3.csv
}
