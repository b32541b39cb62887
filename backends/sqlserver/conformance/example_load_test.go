package conformance

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/processtracker/processtracker-go/backends/sqlserver"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A program loads a file into its warehouse, in which the tracker has its tables,
// too. The rows and all that is recorded of them commit together.
func Example() { //nolint:testableexamples // it needs a server: TestExample has one
	db, err := sql.Open("sqlserver", os.Getenv("DATABASE_DSN"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	if err := loadTeams(context.Background(), db, "baseballdatabank/core/Teams.csv"); err != nil {
		fmt.Println(err)
	}
}

func loadTeams(ctx context.Context, db *sql.DB, path string) error {
	be, err := sqlserver.New(ctx, db)
	if err != nil {
		return err
	}
	t, err := tracker.New(ctx, be)
	if err != nil {
		return err
	}
	run, err := t.Start(ctx, tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go"})
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
	r := run.In(sqlserver.Tx(tx))
	if err := errors.Join(
		r.SetExtractStatus(ctx, tracker.Loaded, teams),
		r.SetCounts(ctx, tracker.Counts{Records: n, Inserts: n}),
		r.Complete(ctx),
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
		if _, err := tx.ExecContext(ctx, "INSERT INTO teams (id, name) VALUES (@p1, @p2)", row[0], row[1]); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// TestExample loads the same file twice: the second time the teams are there
// already.
func TestExample(t *testing.T) {
	ctx, server := t.Context(), start(t)
	config, _, err := sqlserver.ParseDSN(database(t, server, false))
	must(t, err)
	db := sql.OpenDB(mssql.NewConnectorConfig(config))
	t.Cleanup(func() { _ = db.Close() })
	be, err := sqlserver.New(ctx, db)
	must(t, err)
	_, err = setup.Run(ctx, be)
	must(t, err)
	_, err = db.ExecContext(ctx, "CREATE TABLE teams (id VARCHAR(10) PRIMARY KEY, name NVARCHAR(100) NOT NULL)")
	must(t, err)
	path := filepath.Join(t.TempDir(), "Teams.csv")
	must(t, os.WriteFile(path, []byte("teamID,name\nBOS,Boston Red Sox\nNYA,New York Yankees\n"), 0o600))

	must(t, loadTeams(ctx, db, path))
	if e, ok := errors.AsType[mssql.Error](loadTeams(ctx, db, path)); !ok || e.Number != 2627 {
		t.Errorf("loaded again: %v", e)
	}
	tr, err := tracker.New(ctx, be)
	must(t, err)
	var got []string
	for run, err := range tr.Runs(ctx, tracker.RunFilter{}) {
		must(t, err)
		got = append(got, fmt.Sprintf("%d %s %d", run.Number, run.Status, run.Counts.Inserts))
	}
	var loaded int
	must(t, db.QueryRowContext(ctx, "SELECT count(*) FROM teams").Scan(&loaded))
	if fmt.Sprint(got) != "[2 failed 0 1 completed 2]" || loaded != 2 {
		t.Errorf("%d teams are loaded, by runs %q", loaded, got)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
