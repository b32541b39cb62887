package tracker_test

import (
	"context"
	"log"
	"os"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// withTracker calls an example with a tracker on an empty database. A program opens the
// backend that it links, such as with sqlite.Open or postgres.Open.
func withTracker(example func(ctx context.Context, t *tracker.Tracker) error) {
	withBackend(func(ctx context.Context, be dialect.Backend) error {
		t, err := tracker.New(ctx, be, &tracker.Config{Actor: "scheduler"})
		if err != nil {
			return err
		}
		defer t.Close()
		return example(ctx, t)
	})
}

// withBackend calls an example with an empty database that is set up.
func withBackend(example func(ctx context.Context, be dialect.Backend) error) {
	dir, err := os.MkdirTemp("", "tracker")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	be, err := open(ctx, dir)
	if err != nil {
		log.Print(err)
		return
	}
	defer be.Close()
	if err := example(ctx, be); err != nil {
		log.Print(err)
	}
}
