package conformance

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/roundtrips"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/setup"
)

// counted returns a backend on a pool of one connection, whose round trips are
// counted, in a schema that is set up.
func counted(t *testing.T, server *servers.Server) (*postgres.Backend, *roundtrips.Counter) {
	t.Helper()
	ctx, name := t.Context(), t.Name()
	config, err := pgxpool.ParseConfig(server.DSN)
	must(t, err)
	var count roundtrips.Counter
	config.ConnConfig.DialFunc = count.Dial
	// A look whether an idle connection still lives is the pool's, not the tracker's.
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	config.MaxConns = 1 // one that is warm
	pool, err := pgxpool.NewWithConfig(ctx, config)
	must(t, err)
	t.Cleanup(func() { drop(t, server.DSN, name) })
	t.Cleanup(pool.Close)
	b, err := postgres.New(t.Context(), pool, &postgres.Options{Schema: name})
	must(t, err)
	if _, err := setup.Run(ctx, b); err != nil {
		t.Fatal(err)
	}
	return b, &count
}

// TestRoundTrips counts the round trips of the calls that are promised to be
// cheap, once pgx has prepared their statements.
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
