package conformance

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// TestOutages takes a server of this test's own away and brings it back.
func TestOutages(t *testing.T) {
	server, outage := outages(t, own(t))
	backend := underTest(server)
	backend.Provider += ", outages"
	backend.User = users(t, server)
	suite.RunOutages(t, backend, outage)
}

// own returns a server that no other test uses meanwhile. Where there is none, it is the
// shared one, which does not restart, to say what is not tested.
func own(t *testing.T) *servers.Server {
	t.Helper()
	server, release, err := instances.Own(context.Background(), "postgres")
	if errors.As(err, new(*servers.Unavailable)) {
		return start(t)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return server
}

// outages returns the server as it is reached by one address for good, and how to take
// it away.
func outages(t *testing.T, server *servers.Server) (*servers.Server, suite.Outage) {
	t.Helper()
	outage, proxy := suite.Behind(t, server)
	if proxy == nil {
		return server, outage
	}
	behind := &servers.Server{Backend: server.Backend, Version: server.Version, Provider: server.Provider}
	behind.DSN = with(t, server, func(u *url.URL, _ url.Values) { u.Host = proxy.Addr() })
	outage.Ends[suite.Aborted] = server.Abort
	outage.ReadOnly = func(ctx context.Context, on bool) error {
		defer proxy.Cut() // for new sessions, as after a failover
		return freeze(ctx, behind.DSN, on)
	}
	return behind, outage
}

// freeze has the database's transactions be read-only by default.
func freeze(ctx context.Context, dsn string, on bool) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	value := "off"
	if on {
		value = "on"
	}
	_, err = conn.Exec(ctx, "SET default_transaction_read_only = off")
	if err == nil {
		_, err = conn.Exec(ctx, "ALTER DATABASE postgres SET default_transaction_read_only = "+value)
	}
	return err
}
