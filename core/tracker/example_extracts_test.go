package tracker_test

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// One process writes files, another finds those that are ready and loads them.
func ExampleRun_RegisterExtract() {
	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		err := t.Do(ctx, tracker.Process{Name: "Teams Extract"}, nil, func(ctx context.Context, run *tracker.Run) error {
			file, err := run.RegisterExtract(ctx, tracker.File{Location: "s3://landing/teams", Name: "2026-11-22.csv"})
			if err != nil {
				return err
			}
			// … write file.Path() …
			return run.SetExtractStatus(ctx, tracker.Ready, file)
		})
		if err != nil {
			return err
		}
		return t.Do(ctx, tracker.Process{Name: "Teams Load"}, nil, func(ctx context.Context, run *tracker.Run) error {
			ready := tracker.ExtractFilter{Process: "Teams Extract", Status: tracker.Ready}
			for file, err := range t.Extracts(ctx, ready) {
				if err != nil {
					return err
				}
				if err := run.SetExtractStatus(ctx, tracker.Loading, file); err != nil {
					return err
				}
				fmt.Printf("load %s, written by run %d of %s\n", file.Path(), file.RunNumber, file.Process)
				if err := run.SetExtractStatus(ctx, tracker.Loaded, file); err != nil {
					return err
				}
			}
			return nil
		})
	})
	// Output:
	// load s3://landing/teams/2026-11-22.csv, written by run 1 of Teams Extract
}
