package conformance

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// readLocks are what serializable transactions have read in a schema. The server keeps
// them in a table that all of them share, also after they have ended, until no other one
// is open that overlaps with them.
const readLocks = `SELECT l.locktype || ' of ' || c.relname FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation
	JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE l.mode = 'SIReadLock' AND n.nspname = $1`

// TestNoTransactionOfItsOwnIsSerializable runs a process where sessions are serializable
// by default, beside a serializable transaction that stays open.
func TestNoTransactionOfItsOwnIsSerializable(t *testing.T) {
	t.Parallel()
	server := start(t)
	for name, open := range map[string]func(context.Context, string) (dialect.Backend, error){
		"pool of its own": open, "database sql": openSQL, "a driver around pgx": openAround,
		"mode exec": openIn(pgx.QueryExecModeExec), "simple protocol": openIn(pgx.QueryExecModeSimpleProtocol),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			beside, conn := admin(t, server), admin(t, server)
			run(t, beside, "BEGIN ISOLATION LEVEL SERIALIZABLE")
			run(t, beside, "SELECT 1")
			dsn := schemas(server.DSN)(t) + "&default_transaction_isolation=serializable"
			u, err := url.Parse(dsn)
			must(t, err)
			b, err := open(t.Context(), dsn)
			must(t, err)
			suite.KeepsSession(t.Context(), t, b, func() []string {
				rows, err := conn.Query(t.Context(), readLocks, u.Query().Get("schema"))
				must(t, err)
				all, err := pgx.CollectRows(rows, pgx.RowTo[string])
				must(t, err)
				return all
			})
		})
	}
}

// openAround opens a place by a driver around pgx's, as programs have for tracing.
func openAround(ctx context.Context, dsn string) (dialect.Backend, error) {
	config, schema, err := configure(dsn, pgx.QueryExecModeCacheStatement)
	if err != nil {
		return nil, err
	}
	return onSQL(ctx, sql.OpenDB(around{stdlib.GetConnector(*config.ConnConfig)}), schema)
}

type around struct{ driver.Connector }

// Connect implements [driver.Connector]. The connection is not of pgx's type.
func (a around) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := a.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return struct{ *stdlib.Conn }{conn.(*stdlib.Conn)}, nil
}
