package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A program that others keep waiting tries again as often as it likes, and counts how
// often it had to, and why.
func Example_retries() {
	dir, err := os.MkdirTemp("", "tracker")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := keptWaiting(context.Background(), filepath.Join(dir, "tracker.db")); err != nil {
		log.Print(err)
	}
	// Output:
	// end.process, try 1: conflict
	// completed
}

func keptWaiting(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(1)&_pragma=foreign_keys(1)")
	if err != nil {
		return err
	}
	defer db.Close()
	be, err := sqlite.New(ctx, db, nil)
	if err != nil {
		return err
	}
	if _, err := setup.Run(ctx, be); err != nil {
		return err
	}
	other, err := db.Conn(ctx) // of another long transaction that writes
	if err != nil {
		return err
	}
	defer other.Close()
	t, err := tracker.New(ctx, be, &tracker.Config{
		Retry: tracker.RetryPolicy{Tries: 50, MaxWait: 5 * time.Second},
		Observer: tracker.Observer{OnRetry: func(ctx context.Context, r tracker.RetryEvent) { // or counts.WithLabelValues(string(r.Reason)).Inc()
			fmt.Printf("%s, try %d: %s\n", r.Operation, r.Try, r.Reason)
			other.ExecContext(ctx, "ROLLBACK") // and is done at last
		}},
	})
	if err != nil {
		return err
	}
	run, err := t.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
	if err != nil {
		return err
	}
	defer run.Close()
	if _, err := other.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := run.Complete(ctx, nil); err != nil {
		return err
	}
	fmt.Println("completed")
	return nil
}
