package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A load takes a file up, so that no other load will, and reports what became of
// it.
func Example() {
	dir, err := os.MkdirTemp("", "tracker")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := teamsLoad(context.Background(), "sqlite:"+filepath.Join(dir, "tracker.db")); err != nil {
		log.Print(err)
	}
	// Output:
	// run 1 of Lahman Teams Load
	// Teams.csv is initializing
	// meanwhile: already running
}

func teamsLoad(ctx context.Context, dsn string) error {
	be, err := sqlite.Open(ctx, dsn, sqlite.Create())
	if err != nil {
		return err
	}
	defer be.Close()
	if _, err := setup.Run(ctx, be); err != nil { // or once, by hand: processtracker setup
		return err
	}
	t, err := tracker.New(ctx, be, &tracker.Config{Actor: "New ProcessTracker User"})
	if err != nil {
		return err
	}
	load := tracker.Process{
		Name: "Lahman Teams Load", Type: "Stage Load", Tool: "Go",
		Sources: tracker.SystemRefs("Lahman Baseball Dataset"),
	}
	run, err := t.Start(ctx, load, nil)
	if err != nil {
		return err
	}
	defer run.Close() // whatever happens from here on, the run ends
	fmt.Printf("run %d of %s\n", run.Number(), run.Process())

	teams, err := run.RegisterExtract(ctx, tracker.File{
		Location: "~/baseballdatabank-master_2018-03-28/core/", LocationName: "Lahman Baseball Databank 2018",
		Name: "Teams.csv",
	})
	if err != nil {
		return err
	}
	fmt.Printf("%s is %s\n", teams.Name, teams.Status)
	if err := run.SetExtractStatus(ctx, tracker.Loading, teams); err != nil {
		return err
	}

	// … load teams.Path() …

	if _, err := t.Start(ctx, load, nil); errors.Is(err, tracker.ErrAlreadyRunning) {
		fmt.Println("meanwhile:", tracker.ErrAlreadyRunning)
	}
	if err := run.SetExtractStatus(ctx, tracker.Loaded, teams); err != nil {
		return err
	}
	return run.Complete(ctx, nil)
}
