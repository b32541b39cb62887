package conformance

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A program loads a file into its warehouse, in which the tracker has its tables,
// too. The rows and all that is recorded of them commit together.
func Example() { //nolint:testableexamples // it needs a server: TestExample has one
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	if err := loadTeams(ctx, pool, "processtracker", "baseballdatabank/core/Teams.csv"); err != nil {
		fmt.Println(err)
	}
}

func loadTeams(ctx context.Context, pool *pgxpool.Pool, schema, path string) error {
	be, err := postgres.New(pool, postgres.Schema(schema))
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
	defer run.Close() // after the transaction has ended: fails the run, unless it was completed
	teams, err := run.RegisterExtract(ctx, tracker.File{Location: filepath.Dir(path), Name: filepath.Base(path), Status: tracker.Ready})
	if err != nil {
		return err
	}
	rows, err := readTeams(teams.Path())
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		n, err := tx.CopyFrom(ctx, pgx.Identifier{schema, "teams"}, []string{"id", "name"}, pgx.CopyFromRows(rows))
		if err != nil {
			return err
		}
		r := run.In(postgres.Tx(tx))
		return errors.Join(
			r.SetExtractStatus(ctx, tracker.Loaded, teams),
			r.SetCounts(ctx, tracker.Counts{Records: n, Inserts: n}),
			r.Complete(ctx))
	})
}

func readTeams(path string) ([][]any, error) {
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
	for _, record := range records[1:] { // the first one has the names
		rows = append(rows, []any{record[0], record[1]})
	}
	return rows, nil
}

// TestExample loads the same file twice: the second time the teams are there
// already.
func TestExample(t *testing.T) {
	server := start(t)
	ctx, schema := t.Context(), t.Name()
	pool, err := pgxpool.New(ctx, server.DSN)
	must(t, err)
	t.Cleanup(func() { drop(t, server.DSN, schema) })
	t.Cleanup(pool.Close)
	be, err := postgres.New(pool, postgres.Schema(schema))
	must(t, err)
	_, err = setup.Run(ctx, be)
	must(t, err)
	table := pgx.Identifier{schema, "teams"}.Sanitize()
	_, err = pool.Exec(ctx, "CREATE TABLE "+table+" (id text PRIMARY KEY, name text NOT NULL)")
	must(t, err)
	path := filepath.Join(t.TempDir(), "Teams.csv")
	must(t, os.WriteFile(path, []byte("teamID,name\nBOS,Boston Red Sox\nNYA,New York Yankees\n"), 0o600))

	must(t, loadTeams(ctx, pool, schema, path))
	wantCode(t, loadTeams(ctx, pool, schema, path), nil, "23505")
	tr, err := tracker.New(ctx, be)
	must(t, err)
	var got []string
	for run, err := range tr.Runs(ctx, tracker.RunFilter{}) {
		must(t, err)
		got = append(got, fmt.Sprintf("%d %s %d", run.Number, run.Status, run.Counts.Inserts))
	}
	var loaded int
	must(t, pool.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&loaded))
	if fmt.Sprint(got) != "[2 failed 0 1 completed 2]" || loaded != 2 {
		t.Errorf("%d teams are loaded, by runs %q", loaded, got)
	}
}
