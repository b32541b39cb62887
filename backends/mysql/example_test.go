package mysql_test

import (
	"context"
	"database/sql"
	"errors"
	"log"

	_ "github.com/go-sql-driver/mysql" // the driver

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A program opens the database that its DSN names. The tables exist already, because
// processtracker setup was run once.
func ExampleOpen() {
	ctx := context.Background()
	be, err := mysql.Open(ctx, "mysql://etl@db:3306/warehouse?prefix=etl_", nil)
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
// the pool open. With these two parameters, a start is one round trip.
func ExampleNew() {
	ctx := context.Background()
	pool, err := sql.Open("mysql", "etl@tcp(db:3306)/warehouse?multiStatements=true&interpolateParams=true")
	if err != nil {
		log.Print(err)
		return
	}
	defer pool.Close()
	be, err := mysql.New(ctx, pool, &mysql.Options{Prefix: "etl_"})
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
	loadTeam := func(ctx context.Context, pool *sql.DB, run *tracker.Run, file tracker.Extract, id, team string) error {
		tx, err := pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
		if err != nil {
			return err
		}
		defer tx.Rollback() // does nothing after the commit
		if _, err := tx.ExecContext(ctx, "INSERT INTO teams (id, name) VALUES (?, ?)", id, team); err != nil {
			return err
		}
		r := run.In(mysql.Tx(tx)) // the same run, in the transaction
		if err := errors.Join(
			r.SetExtractStatus(ctx, tracker.Loaded, file),
			r.SetCounts(ctx, tracker.Counts{Records: 1, Inserts: 1}),
			r.Complete(ctx, nil),
		); err != nil {
			return err
		}
		return tx.Commit()
	}
	_ = loadTeam
}
