package conformance

import (
	"context"
	"net/url"
	"testing"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// serverOutages takes a server of the test's own away and brings it back.
func serverOutages(t *testing.T, name string) {
	server, outage := outages(t, own(t, name))
	backend := underTest(server)
	backend.Provider += ", outages"
	backend.User = users(t, server)
	suite.RunOutages(t, backend, outage)
}

// outages returns the server as it is reached by one address for good, and how to take
// it away.
func outages(t *testing.T, server *servers.Server) (*servers.Server, suite.Outage) {
	t.Helper()
	outage, proxy := suite.Behind(t, server)
	if proxy == nil {
		return server, outage
	}
	recovers(t, server)
	behind := &servers.Server{Backend: server.Backend, Version: server.Version, Provider: server.Provider}
	behind.DSN = at(t, server.DSN, proxy.Addr())
	outage.ReadOnly = func(ctx context.Context, on bool) error {
		value := "OFF"
		if on {
			value = "ON"
		}
		return behind.Administer(ctx, "SET GLOBAL read_only = "+value)
	}
	return behind, outage
}

// recovers fails the test unless the server writes each page twice. One that does not may
// fail to start again after it was killed in the middle of a page.
func recovers(t *testing.T, server *servers.Server) {
	t.Helper()
	config, _, err := mysql.ParseDSN(server.DSN)
	must(t, err)
	var name, value string
	must(t, openPool(t, config).QueryRowContext(t.Context(), "SHOW VARIABLES LIKE 'innodb_doublewrite'").Scan(&name, &value))
	if value != "ON" {
		t.Errorf("%s is %s", name, value)
	}
}

// at returns a DSN with another address.
func at(t *testing.T, dsn, address string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	must(t, err)
	u.Host = address
	return u.String()
}
