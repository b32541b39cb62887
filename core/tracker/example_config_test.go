package tracker_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// Every field of a configuration has a default, so a program sets what it wants to be
// different.
func ExampleNew() {
	withBackend(func(ctx context.Context, be dialect.Backend) error {
		logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelWarn}))
		t, err := tracker.New(ctx, be, &tracker.Config{
			Actor:       "etl",             // who starts runs, in place of the system's user
			Lease:       5 * time.Minute,   // how long a killed program blocks its process
			MaxFailures: tracker.NeverHold, // no hold after failures in a row
			Logger:      logger,
		})
		if err != nil {
			return err
		}
		defer t.Close()
		run, err := t.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
		if err != nil {
			return err
		}
		defer run.Close()
		info, err := t.RunByID(ctx, run.ID())
		fmt.Printf("run %d was started by %s; its lease is %s\n", info.Number, info.Actor, info.LeaseUntil.Sub(info.StartedAt).Round(time.Minute))
		return err
	})
	// Output:
	// run 1 was started by etl; its lease is 5m0s
}

// A logger gets what the tracker does as lines: here the refusal of a second start.
func ExampleConfig_logger() {
	withBackend(func(ctx context.Context, be dialect.Backend) error {
		withoutTimes := func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "error" {
				return slog.Attr{}
			}
			return a
		}
		t, err := tracker.New(ctx, be, &tracker.Config{
			Logger: slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTimes})),
		})
		if err != nil {
			return err
		}
		defer t.Close()
		load := tracker.Process{Name: "Teams Load"}
		return t.Do(ctx, load, nil, func(ctx context.Context, _ *tracker.Run) error {
			_, err := t.Start(ctx, load, nil)
			fmt.Println(errors.Is(err, tracker.ErrAlreadyRunning))
			return nil
		})
	})
	// Output:
	// level=INFO msg="start refused" process="Teams Load" reason="already running"
	// true
}
