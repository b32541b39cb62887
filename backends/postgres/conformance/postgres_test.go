// Package conformance puts the PostgreSQL backend through the suite. It is a
// module of its own, so that who uses the backend does not get what its tests
// need.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestMain(m *testing.M) { suite.Main(m, open) }

func TestConformance(t *testing.T) {
	server := start(t)
	suite.Run(t, suite.Backend{
		Name: "postgres", Server: server.Version, Provider: server.Provider,
		Open: open, Fresh: schemas(server),
	})
}

// start returns a server for the test, or skips it visibly.
func start(t *testing.T) *servers.Server {
	t.Helper()
	server, err := servers.Postgres(context.Background())
	var unavailable *servers.Unavailable
	if errors.As(err, &unavailable) {
		suite.Skip(t, "postgres", unavailable)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func open(ctx context.Context, dsn string) (dialect.Backend, error) { return postgres.Open(ctx, dsn) }

// schemas returns a function that makes up a schema for each test, and drops it
// after.
func schemas(server *servers.Server) func(testing.TB) string {
	var made atomic.Int64
	return func(t testing.TB) string {
		t.Helper()
		name := fmt.Sprintf("conformance %d", made.Add(1)) // needs quoting
		u, err := url.Parse(server.DSN)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set("schema", name)
		q.Set("pool_max_conns", "8") // many tests share the server
		u.RawQuery = q.Encode()
		t.Cleanup(func() { drop(t, server.DSN, name) })
		return u.String()
	}
}

func drop(t testing.TB, dsn, schema string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Error(err)
		return
	}
	_, err = conn.Exec(ctx, "DROP SCHEMA IF EXISTS "+pgx.Identifier{schema}.Sanitize()+" CASCADE")
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		t.Error(err)
	}
}
