package conformance

import (
	"context"
	"net/url"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// TestOutages takes servers of this test's own away and brings them back.
func TestOutages(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		server, outage := outages(t, server)
		backend := underTest(server)
		backend.Provider += ", outages"
		backend.User = users(t, server)
		suite.RunOutages(t, backend, outage)
	})
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
	behind := &servers.Server{Backend: server.Backend, DSN: at(t, server.DSN, proxy.Addr()), Version: server.Version, Provider: server.Provider}
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
			value := "OFF"
			if on {
				value = "ON"
			}
			return behind.Administer(ctx, "SET GLOBAL read_only = "+value)
		},
	}
}

// at returns a DSN with another address.
func at(t *testing.T, dsn, address string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = address
	return u.String()
}
