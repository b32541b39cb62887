package conformance

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/setup"
)

// TestRunner goes through the suite with the rights of a runner (rule S9.4).
func TestRunner(t *testing.T) {
	suite.UnlessShort(t, "mysql and mariadb: the rules that touch every table, as runner")
	each(t, func(t *testing.T, server *servers.Server) {
		suite.OnlyInTurn(t, "the rules that touch every table, as runner", server.Backend, 0)
		backend := underTest(server)
		backend.Provider += ", as runner"
		backend.User, backend.Role = users(t, server), setup.Runner
		backend.Proves = []string{"S9.4"}
		backend.Only = suite.AsRole()
		suite.Run(t, backend)
	})
}

// users makes a user for each role on a server, until the test ends, and returns
// what finds them.
func users(t *testing.T, server *servers.Server) func(testing.TB, setup.Role, string) (string, string) {
	t.Helper()
	password, own := rand.Text(), rand.Text()[:6]
	name := func(role setup.Role) string { return fmt.Sprintf("processtracker'%s`%s", role, own) } // needs quoting
	for _, role := range setup.Roles() {
		quoted := fmt.Sprintf("`processtracker'%s``%s`@`%%`", role, own)
		t.Cleanup(func() { administer(t, server, "DROP USER "+quoted) })
		administer(t, server, "CREATE USER "+quoted+" IDENTIFIED BY '"+password+"'")
	}
	return func(t testing.TB, role setup.Role, dsn string) (string, string) {
		t.Helper()
		u, err := url.Parse(dsn)
		must(t, err)
		u.User = url.UserPassword(name(role), password)
		return name(role) + "@%", u.String()
	}
}
