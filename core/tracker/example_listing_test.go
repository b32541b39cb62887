package tracker_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A listing registers the files that are new as ready. The next one reports the files that
// have changed since, and those that are missing.
func ExampleRun_ListLocation() {
	landing, err := os.MkdirTemp("", "landing")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(landing)
	teams, parks := filepath.Join(landing, "Teams.csv"), filepath.Join(landing, "Parks.csv")

	withTracker(func(ctx context.Context, t *tracker.Tracker) error {
		run, err := t.Start(ctx, tracker.Process{Name: "Landing Watch"}, nil)
		if err != nil {
			return err
		}
		defer run.Close()
		if err := write(teams, "BOS\n", parks, "FEN\n"); err != nil {
			return err
		}
		found, err := run.ListLocation(ctx, listing.Local{}, landing, nil) // buckets: locations/s3, gcs, azblob
		if err != nil {
			return err
		}
		fmt.Printf("%d new\n", found.New)

		if err := write(teams, "BOS\nNYA\n"); err != nil {
			return err
		}
		if err := os.Remove(parks); err != nil {
			return err
		}
		found, err = run.ListLocation(ctx, listing.Local{}, landing, &tracker.ListOptions{
			OnFile: func(f tracker.ListedFile) error {
				fmt.Printf("%s is %s, and its extract is %s\n", f.Extract.Name, f.Finding, f.Extract.Status)
				return nil
			},
		})
		if err != nil {
			return err
		}
		fmt.Printf("%d new, %d known, %d changed, %d missing\n", found.New, found.Known, found.Changed, found.Missing)
		return run.Complete(ctx, nil)
	})
	// Output:
	// 2 new
	// Teams.csv is changed, and its extract is ready
	// Parks.csv is missing, and its extract is ready
	// 0 new, 1 known, 1 changed, 1 missing
}

func write(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := os.WriteFile(pairs[i], []byte(pairs[i+1]), 0o600); err != nil {
			return err
		}
	}
	return nil
}
