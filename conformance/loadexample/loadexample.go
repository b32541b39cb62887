// Package loadexample is the load in docs/embedding.md for any database: a program
// loads a file into a table of its warehouse, which also contains the tracker's tables.
// The rows and the tracker's records of the load are committed together.
package loadexample

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Transaction inserts rows into the table teams (id, name), calls record with the
// number of rows, and commits if there was no error. Only this part depends on the
// driver.
type Transaction func(ctx context.Context, rows [][]any, record Record) error

// Record records a load within its transaction.
type Record func(tx dialect.Tx, rows int64) error

// LoadTeams loads a file. The first line contains the column names.
func LoadTeams(ctx context.Context, t *tracker.Tracker, path string, load Transaction) error {
	run, err := t.Start(ctx, tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go"}, nil)
	if err != nil {
		return err
	}
	defer run.Close() // after the end of the transaction: it fails the run, unless it was completed
	teams, err := run.RegisterExtract(ctx, tracker.File{Location: filepath.Dir(path), Name: filepath.Base(path), Status: tracker.Ready})
	if err != nil {
		return err
	}
	rows, err := read(teams.Path())
	if err != nil {
		return err
	}
	return load(ctx, rows, func(tx dialect.Tx, n int64) error {
		r := run.In(tx)
		return errors.Join(
			r.SetExtractStatus(ctx, tracker.Loaded, teams),
			r.SetCounts(ctx, tracker.Counts{Records: n, Inserts: n}),
			r.Complete(ctx, nil))
	})
}

func read(path string) ([][]any, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for _, record := range records[1:] {
		rows = append(rows, []any{record[0], record[1]})
	}
	return rows, nil
}

// SQL is the transaction of a program that uses database/sql. insert inserts one row,
// and joined turns the transaction into one that the tracker can join, such as
// mysql.Tx.
func SQL(db *sql.DB, options *sql.TxOptions, insert string, joined func(*sql.Tx) dialect.Tx) Transaction {
	return func(ctx context.Context, rows [][]any, record Record) error {
		tx, err := db.BeginTx(ctx, options)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // no effect after the commit
		for _, row := range rows {
			if _, err := tx.ExecContext(ctx, insert, row...); err != nil {
				return err
			}
		}
		if err := record(joined(tx), int64(len(rows))); err != nil {
			return err
		}
		return tx.Commit()
	}
}

// Check creates the table, sets up the tracker, and loads the same file twice. The
// second load fails, because the teams exist already; duplicate recognizes that error.
func Check(t *testing.T, be dialect.Backend, table, columns string, load Transaction, duplicate func(error) bool) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := setup.Run(ctx, be)
	must(err)
	_, err = be.Conn().Exec(ctx, dialect.Stmt{Name: "create", SQL: "CREATE TABLE " + table + " (" + columns + ")"})
	must(err)
	tr, err := tracker.New(ctx, be, nil)
	must(err)
	path := filepath.Join(t.TempDir(), "Teams.csv")
	must(os.WriteFile(path, []byte("teamID,name\nBOS,Boston Red Sox\nNYA,New York Yankees\n"), 0o600))

	must(LoadTeams(ctx, tr, path, load))
	if err := LoadTeams(ctx, tr, path, load); !duplicate(err) {
		t.Errorf("loaded again: %v", err)
	}
	var got []string
	for run, err := range tr.Runs(ctx, tracker.RunFilter{}) {
		must(err)
		got = append(got, fmt.Sprintf("run %d is %s, %d inserts", run.Number, run.Status, run.Counts.Inserts))
	}
	var loaded int
	must(be.Conn().Query(ctx, dialect.Stmt{Name: "count", SQL: "SELECT count(*) FROM " + table}, func(r dialect.Row) error { return r.Scan(&loaded) }))
	if !slices.Equal(got, []string{"run 2 is failed, 0 inserts", "run 1 is completed, 2 inserts"}) || loaded != 2 {
		t.Errorf("%d teams are loaded, by %q", loaded, got)
	}
}
