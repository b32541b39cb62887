package conformance

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
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
		levels := map[sql.IsolationLevel]pgx.TxIsoLevel{sql.LevelRepeatableRead: pgx.RepeatableRead, sql.LevelSerializable: pgx.Serializable}
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
		return schemas(database(t, server.DSN, "read committed"))(t)
	}
}
