package conformance

import (
	"context"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/roundtrips"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/setup"
)

// TestRoundTrips counts the round trips of the calls that are promised to be
// cheap. A run's start and its end are one each.
func TestRoundTrips(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		t.Run("one each", func(t *testing.T) {
			b, count := counted(t, server)
			roundtrips.Check(t, b, count, roundtrips.Costs{Start: 1, Refused: 2, Record: 1, Complete: 1, Restart: 2, Fail: 1})
		})
		t.Run("many extracts", func(t *testing.T) {
			b, count := counted(t, server)
			roundtrips.CheckMany(t, b, count)
		})
	})
}

// counted returns a backend on a pool of one connection, whose round trips are
// counted, in a database that is set up.
func counted(t *testing.T, server *servers.Server) (*mysql.Backend, *roundtrips.Counter) {
	t.Helper()
	config, prefix, err := mysql.ParseDSN(databases(server, "")(t))
	must(t, err)
	var count roundtrips.Counter
	config.DialFunc = count.Dial
	b := given(t, config, &mysql.Options{Prefix: prefix})
	if _, err := setup.Run(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return b, &count
}

// given is a backend on a pool of one connection that the caller has.
func given(t *testing.T, config *driver.Config, options *mysql.Options) *mysql.Backend {
	t.Helper()
	pool := openPool(t, config)
	pool.SetMaxOpenConns(1)
	b, err := mysql.New(context.Background(), pool, options)
	must(t, err)
	return b
}
