package postgres_test

import (
	"context"
	"errors"
	"log"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A program opens the database that its DSN names. The tables exist already, because
// processtracker setup was run once.
func ExampleOpen() {
	ctx := context.Background()
	be, err := postgres.Open(ctx, "postgres://etl@db:5432/warehouse?schema=etl_meta", nil)
	if err != nil {
		log.Print(err)
		return
	}
	defer be.Close()
	t, err := tracker.New(ctx, be, nil)
	if err != nil {
		log.Print(err)
		return
	}
	for run, err := range t.Runs(ctx, tracker.RunFilter{Active: true}) {
		if err != nil {
			log.Print(err)
			return
		}
		log.Print(run.Process, run.StartedAt)
	}
}

// A program that has a pool of its own puts the tracker on it. Close of the backend leaves
// the pool open.
func ExampleNew() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Print(err)
		return
	}
	defer pool.Close()
	be, err := postgres.New(ctx, pool, &postgres.Options{Schema: "etl_meta"})
	if err != nil {
		log.Print(err)
		return
	}
	if _, err := tracker.New(ctx, be, nil); err != nil {
		log.Print(err)
	}
}

// The rows of a load, the status of its file and the end of its run commit together.
func ExampleTx() {
	loadTeams := func(ctx context.Context, pool *pgxpool.Pool, run *tracker.Run, file tracker.Extract, teams [][]any) error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			n, err := tx.CopyFrom(ctx, pgx.Identifier{"teams"}, []string{"id", "name"}, pgx.CopyFromRows(teams))
			if err != nil {
				return err
			}
			r := run.In(postgres.Tx(tx)) // the same run, in the transaction
			return errors.Join(
				r.SetExtractStatus(ctx, tracker.Loaded, file),
				r.SetCounts(ctx, tracker.Counts{Records: n, Inserts: n}),
				r.Complete(ctx, nil))
		})
	}
	_ = loadTeams
}
