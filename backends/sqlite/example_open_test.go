package sqlite_test

import (
	"context"
	"log"
	"os"
	"path/filepath"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// inTemporary opens a database that is set up, for the time of an example.
func inTemporary(example func(ctx context.Context, t *tracker.Tracker) error) {
	dir, err := os.MkdirTemp("", "tracker")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := onFile(context.Background(), filepath.Join(dir, "tracker.db"), example); err != nil {
		log.Print(err)
	}
}

func onFile(ctx context.Context, file string, example func(ctx context.Context, t *tracker.Tracker) error) error {
	be, err := sqlite.Open(ctx, "sqlite:"+file, sqlite.Create())
	if err != nil {
		return err
	}
	defer be.Close()
	if _, err := setup.Run(ctx, be); err != nil { // or once, by hand: processtracker setup
		return err
	}
	t, err := tracker.New(ctx, be, &tracker.Config{Actor: "scheduler"})
	if err != nil {
		return err
	}
	return example(ctx, t)
}
