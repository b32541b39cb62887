package conformance

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// configure reads a DSN of [schemas] as a program does that has a pool of its own,
// and returns the schema apart.
func configure(dsn string, mode pgx.QueryExecMode) (*pgxpool.Config, string, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, "", err
	}
	schema := config.ConnConfig.RuntimeParams["schema"]
	delete(config.ConnConfig.RuntimeParams, "schema")
	config.ConnConfig.DefaultQueryExecMode = mode
	return config, schema, nil
}

func begin(ctx context.Context, dsn string, level sql.IsolationLevel) (suite.Transaction, error) {
	return beginIn(pgx.QueryExecModeCacheStatement)(ctx, dsn, level)
}

// beginIn returns what begins a transaction on a connection that has that mode.
func beginIn(mode pgx.QueryExecMode) suite.Begin {
	return func(ctx context.Context, dsn string, level sql.IsolationLevel) (suite.Transaction, error) {
		config, _, err := configure(dsn, mode)
		if err != nil {
			return suite.Transaction{}, err
		}
		conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
		if err != nil {
			return suite.Transaction{}, err
		}
		levels := map[sql.IsolationLevel]pgx.TxIsoLevel{
			sql.LevelReadCommitted: pgx.ReadCommitted, sql.LevelRepeatableRead: pgx.RepeatableRead, sql.LevelSerializable: pgx.Serializable,
		}
		tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: levels[level]})
		if err != nil {
			return suite.Transaction{}, errors.Join(err, conn.Close(ctx))
		}
		return suite.Transaction{
			Tx: postgres.Tx(tx),
			Exec: func(ctx context.Context, query string, args ...any) error {
				_, err := tx.Exec(ctx, query, args...)
				return err
			},
			End: func(ctx context.Context, commit bool) error {
				end := tx.Rollback
				if commit {
					end = tx.Commit
				}
				return errors.Join(end(ctx), conn.Close(ctx))
			},
		}, nil
	}
}

// apart returns a function that makes up a schema in a database of its own.
func apart(server *servers.Server) func(testing.TB) string {
	return func(t testing.TB) string {
		t.Helper()
		u, err := url.Parse(server.DSN)
		must(t, err)
		u.Path = "/conformance apart " + rand.Text()
		name := quoted(u.Path[1:])
		t.Cleanup(func() { dropDatabase(t, server.DSN, u.Path[1:]) })
		administer(t, server.DSN, "CREATE DATABASE "+name)
		return schemas(u.String())(t)
	}
}

// beginSQL begins a transaction with database/sql.
func beginSQL(ctx context.Context, dsn string, level sql.IsolationLevel) (suite.Transaction, error) {
	config, _, err := configure(dsn, pgx.QueryExecModeCacheStatement)
	if err != nil {
		return suite.Transaction{}, err
	}
	db := stdlib.OpenDB(*config.ConnConfig)
	return suite.BeginSQL(ctx, db, level, postgres.SQLTx)
}

// TestAborted goes on in a transaction in which a statement of the caller's failed.
func TestAborted(t *testing.T) {
	server := start(t)
	b, _ := backend(t, server, nil)
	run, tr := started(t, b)
	tx, err := begin(t.Context(), server.DSN, sql.LevelDefault)
	must(t, err)
	if err := tx.Exec(t.Context(), "SELECT 1/0"); err == nil {
		t.Fatal("it did not fail")
	}
	for range 2 {
		wantCode(t, run.In(tx.Tx).Complete(t.Context(), nil), tracker.ErrTransaction, "25P02")
	}
	if err := tx.End(t.Context(), false); err != nil {
		t.Error(err)
	}
	if info, err := tr.RunByID(t.Context(), run.ID()); err != nil || !info.Active() {
		t.Errorf("the run is %+v, %v", info, err)
	}
}

func started(t *testing.T, b dialect.Backend) (*tracker.Run, *tracker.Tracker) {
	t.Helper()
	tr := suite.Tracker(t, b)
	run, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	must(t, err)
	return run, tr
}
