package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A program loads a file into a table of its own file of SQLite's, in which the
// tracker has its tables, too. The rows and all that is recorded of them commit
// together.
func ExampleTx() {
	dir, err := os.MkdirTemp("", "tracker")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := loadTwice(context.Background(), dir); err != nil {
		log.Print(err)
	}
	// Output:
	// first: <nil>
	// again: true
	// run 2 is failed, 0 inserts
	// run 1 is completed, 2 inserts
}

func loadTwice(ctx context.Context, dir string) error {
	path := filepath.Join(dir, "Teams.csv")
	if err := os.WriteFile(path, []byte("teamID,name\nBOS,Boston Red Sox\nNYA,New York Yankees\n"), 0o600); err != nil {
		return err
	}
	// IMMEDIATE, as the load's transaction is going to write.
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "warehouse.db")+"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)")
	if err != nil {
		return err
	}
	defer db.Close()
	be, err := sqlite.New(db)
	if err != nil {
		return err
	}
	if _, err := setup.Run(ctx, be); err != nil { // or once, by hand: processtracker setup
		return err
	}
	if _, err := db.ExecContext(ctx, "CREATE TABLE teams (id TEXT PRIMARY KEY, name TEXT NOT NULL)"); err != nil {
		return err
	}
	t, err := tracker.New(ctx, be, nil)
	if err != nil {
		return err
	}

	fmt.Println("first:", loadTeams(ctx, db, t, path))
	fmt.Println("again:", loadTeams(ctx, db, t, path) != nil) // the teams are there already
	for run, err := range t.Runs(ctx, tracker.RunFilter{}) {
		if err != nil {
			return err
		}
		fmt.Printf("run %d is %s, %d inserts\n", run.Number, run.Status, run.Counts.Inserts)
	}
	return nil
}

func loadTeams(ctx context.Context, db *sql.DB, t *tracker.Tracker, path string) error {
	run, err := t.Start(ctx, tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go"}, nil)
	if err != nil {
		return err
	}
	defer run.Close() // after the rollback below: fails the run, unless it was completed
	teams, err := run.RegisterExtract(ctx, tracker.File{Location: filepath.Dir(path), Name: filepath.Base(path), Status: tracker.Ready})
	if err != nil {
		return err
	}

	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // nothing, once it is committed
	n, err := insertTeams(ctx, tx, teams.Path())
	if err != nil {
		return err
	}
	r := run.In(sqlite.Tx(tx))
	if err := errors.Join(
		r.SetExtractStatus(ctx, tracker.Loaded, teams),
		r.SetCounts(ctx, tracker.Counts{Records: n, Inserts: n}),
		r.Complete(ctx, nil),
	); err != nil {
		return err
	}
	return tx.Commit()
}

func insertTeams(ctx context.Context, tx *sql.Tx, path string) (n int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return 0, err
	}
	for _, row := range rows[1:] { // the first one has the names
		if _, err := tx.ExecContext(ctx, "INSERT INTO teams (id, name) VALUES (?, ?)", row[0], row[1]); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}
