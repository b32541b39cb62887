package sqlite_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// An observer gets what a tracker does as plain values, to count it or to make spans of
// it; a logger gets the same as lines.
func Example_observer() {
	dir, err := os.MkdirTemp("", "tracker")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := observe(context.Background(), filepath.Join(dir, "tracker.db")); err != nil {
		log.Print(err)
	}
	// Output:
	// started run 1 of Teams Load
	// level=INFO msg="start refused" process="Teams Load" reason="already running"
	// refused Teams Load: already running
	// completed run 1 of Teams Load
}

func observe(ctx context.Context, file string) error {
	be, err := sqlite.Open(ctx, "sqlite:"+file, &sqlite.Options{Create: true})
	if err != nil {
		return err
	}
	defer be.Close()
	if _, err := setup.Run(ctx, be); err != nil {
		return err
	}
	t, err := tracker.New(ctx, be, &tracker.Config{
		Logger: slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTimes})),
		Observer: tracker.Observer{
			OnStart: func(_ context.Context, e tracker.StartEvent) { // starts.Observe(e.Duration.Seconds())
				fmt.Printf("started run %d of %s\n", e.Run.Number, e.Run.Process)
			},
			OnRefusal: func(_ context.Context, e tracker.RefusalEvent) {
				fmt.Printf("refused %s: %v\n", e.Process, e.Reason())
			},
			OnEnd: func(_ context.Context, e tracker.EndEvent) {
				fmt.Printf("%s run %d of %s\n", e.Run.Status, e.Run.Number, e.Run.Process)
			},
		},
	})
	if err != nil {
		return err
	}
	load := tracker.Process{Name: "Teams Load"}
	return t.Do(ctx, load, nil, func(ctx context.Context, _ *tracker.Run) error {
		if _, err := t.Start(ctx, load, nil); err == nil {
			return fmt.Errorf("%s started twice", load.Name)
		}
		return nil
	})
}

// withoutTimes leaves out what differs each time.
func withoutTimes(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey || a.Key == "error" {
		return slog.Attr{}
	}
	return a
}
