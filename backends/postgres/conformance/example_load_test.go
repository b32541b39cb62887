package conformance

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/loadexample"
)

// inPostgres is the load's transaction, with pgx: the rows are copied.
func inPostgres(pool *pgxpool.Pool, schema string) loadexample.Transaction {
	return func(ctx context.Context, rows [][]any, record loadexample.Record) error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			n, err := tx.CopyFrom(ctx, pgx.Identifier{schema, "teams"}, []string{"id", "name"}, pgx.CopyFromRows(rows))
			if err != nil {
				return err
			}
			return record(postgres.Tx(tx), n)
		})
	}
}

func TestExample(t *testing.T) {
	server := start(t)
	ctx, schema := t.Context(), t.Name()
	pool, err := pgxpool.New(ctx, server.DSN)
	must(t, err)
	t.Cleanup(func() { drop(t, server.DSN, schema) })
	t.Cleanup(pool.Close)
	be, err := postgres.New(t.Context(), pool, &postgres.Options{Schema: schema})
	must(t, err)
	loadexample.Check(t, be, pgx.Identifier{schema, "teams"}.Sanitize(), "id text PRIMARY KEY, name text NOT NULL",
		inPostgres(pool, schema), func(err error) bool {
			var e *pgconn.PgError
			ok := errors.As(err, &e)
			return ok && e.Code == "23505"
		})
}
