package conformance

import (
	"context"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// TestOutages takes a server of this test's own away and brings it back.
func TestOutages(t *testing.T) {
	server, outage := outages(t, start(t))
	backend := underTest(server)
	backend.Provider += ", outages"
	backend.User = users(t, server)
	suite.RunOutages(t, backend, outage)
}

// outages returns the server as it is reached by one address for good, as one that is
// started again may have another port, and how to take it away.
func outages(t *testing.T, server *servers.Server) (*servers.Server, suite.Outage) {
	t.Helper()
	if !server.Restarts() {
		return server, suite.Outage{}
	}
	address, err := server.Address()
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := faults.NewProxy(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = proxy.Close() })
	dsn := with(t, server, func(u *url.URL, _ url.Values) { u.Host = proxy.Addr() })
	behind := &servers.Server{Backend: server.Backend, DSN: dsn, Version: server.Version, Provider: server.Provider}
	return behind, suite.Outage{
		End: func(ctx context.Context, kill bool) error {
			if kill {
				return server.Kill(ctx)
			}
			return server.Stop(ctx)
		},
		Start: func(ctx context.Context) error {
			address, err := server.Start(ctx)
			proxy.Retarget(address)
			return err
		},
		ReadOnly: func(ctx context.Context, on bool) error {
			defer proxy.Cut() // for new sessions, as after a failover
			return freeze(ctx, dsn, on)
		},
	}
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
