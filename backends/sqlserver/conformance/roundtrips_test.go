package conformance

import (
	"context"
	"database/sql"
	"net"
	"testing"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/processtracker/processtracker-go/backends/sqlserver"
	"github.com/processtracker/processtracker-go/conformance/roundtrips"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/setup"
)

// TestRoundTrips counts the round trips of the calls that are promised to be cheap.
// A run's start and its end are one each.
func TestRoundTrips(t *testing.T) {
	server := start(t)
	t.Run("one each", func(t *testing.T) {
		b, count := counted(t, server)
		roundtrips.Check(t, b, count, roundtrips.Costs{Start: 1, Refused: 2, Record: 1, Complete: 1, Restart: 2, Fail: 1})
	})
	t.Run("many extracts", func(t *testing.T) {
		b, count := counted(t, server)
		roundtrips.CheckMany(t, b, count)
	})
}

// counted returns a backend on a pool of one connection, whose round trips are
// counted, in a schema that is set up.
func counted(t *testing.T, server *servers.Server) (*sqlserver.Backend, *roundtrips.Counter) {
	t.Helper()
	config, schema, err := sqlserver.ParseDSN(schemas(database(t, server, false))(t))
	if err != nil {
		t.Fatal(err)
	}
	var count roundtrips.Counter
	connector := mssql.NewConnectorConfig(config)
	connector.Dialer = dialer{&count}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = pool.Close() })
	b, err := sqlserver.New(t.Context(), pool, &sqlserver.Options{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := setup.Run(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return b, &count
}

type dialer struct{ count *roundtrips.Counter }

// DialContext implements [mssql.Dialer].
func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return d.count.Dial(ctx, network, address)
}
