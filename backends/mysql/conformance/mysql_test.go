// Package conformance puts the MySQL backend through the suite, on MySQL and on MariaDB. It is a module of its own,
// so that programs that use the backend do not get the dependencies of its tests.
package conformance

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// instances are the servers that the tests share. [TestMain] ends them.
var instances servers.Shared

func TestMain(m *testing.M) {
	suite.Main(m, suite.Program{Open: openNode, Begin: beginOnNode, Close: instances.Close}, func() error { return goleak.Find() })
}

func open(ctx context.Context, dsn string) (dialect.Backend, error) { return mysql.Open(ctx, dsn, nil) }

// TestConformance goes through the suite with each server as it is.
func TestConformance(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		backend := underTest(server)
		backend.User = users(t, server)
		suite.Run(t, backend)
	})
}

func underTest(server *servers.Server) suite.Backend {
	return suite.Backend{
		Name: server.Backend, Server: server.Version, Provider: server.Provider, Open: open, Fresh: databases(server, ""), Reuse: reuse(server),
		Begin: begin, Levels: []sql.IsolationLevel{sql.LevelRepeatableRead}, // SERIALIZABLE locks what it sees
		SkipsLocked: true, LocksWhatItReads: true, DDLCommits: true, Client: client,
		Commit: faults.MySQLCommit, Connections: 8, ReadOnly: readOnly(server),
	}
}

// readOnly opens a place in sessions that take no changes, as a replica does.
func readOnly(server *servers.Server) func(context.Context, string) (dialect.Backend, error) {
	variable := map[string]string{"mysql": "transaction_read_only", "mariadb": "tx_read_only"}[server.Backend]
	return func(ctx context.Context, dsn string) (dialect.Backend, error) {
		return mysql.Open(ctx, dsn+"&"+variable+"=1", nil)
	}
}

// each runs a test on MySQL and on MariaDB, at the same time, and beside other tests: much of what they do is to wait.
func each(t *testing.T, test func(*testing.T, *servers.Server)) {
	t.Helper()
	t.Parallel()
	for _, name := range []string{"mysql", "mariadb"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, start(t, name))
		})
	}
}

// own returns a server that no other test uses meanwhile. Where there is none, it is
// the shared one, which does not restart, to say what is not tested.
func own(t *testing.T, name string) *servers.Server {
	t.Helper()
	server, release, err := instances.Own(context.Background(), name)
	if errors.As(err, new(*servers.Unavailable)) {
		return start(t, name)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return server
}

// start returns the server that the tests share, or skips the test visibly.
func start(t *testing.T, name string) *servers.Server {
	t.Helper()
	server, err := instances.Get(context.Background(), name)
	var unavailable *servers.Unavailable
	if errors.As(err, &unavailable) {
		suite.Skip(t, name, unavailable)
	} else if err != nil {
		t.Fatal(err)
	}
	return server
}

// databases returns a function that makes up a database for each test, which is
// dropped after, with a collation that does not tell cases, accents or trailing
// spaces apart.
func databases(server *servers.Server, parameters string) func(testing.TB) string {
	return func(t testing.TB) string {
		t.Helper()
		name := "Conformance-" + rand.Text() // needs quoting
		u, err := url.Parse(server.DSN)
		must(t, err)
		u.Path = "/" + name
		u.RawQuery = strings.TrimPrefix(parameters+"&prefix=Conf-&timeout=60s", "&")
		quoted := "`" + name + "`"
		t.Cleanup(func() { administer(t, server, "DROP DATABASE "+quoted) })
		administer(t, server, "CREATE DATABASE "+quoted+" CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
		return u.String()
	}
}

// reuse tells sessions by the database that they are in.
func reuse(server *servers.Server) suite.Reuse {
	return suite.Reuse{
		Sessions: "SELECT id FROM " + sessions(server) + " AS s WHERE db = DATABASE() AND id <> CONNECTION_ID()",
		End:      func(id int64) string { return fmt.Sprintf("KILL %d", id) },
		Loose:    "SET SESSION foreign_key_checks = 0",
	}
}

// sessions is a table of what runs on the server: id, db, command and info. MySQL's
// information_schema.processlist cannot be read while a statement has characters of
// four bytes, and MariaDB's performance schema is off.
func sessions(server *servers.Server) string {
	if server.Backend == "mysql" {
		return "(SELECT processlist_id AS id, processlist_db AS db, processlist_command AS command, processlist_info AS info" +
			" FROM performance_schema.threads WHERE processlist_id IS NOT NULL)"
	}
	return "information_schema.processlist"
}

func administer(t testing.TB, server *servers.Server, statements ...string) {
	t.Helper()
	if err := server.Administer(context.Background(), statements...); err != nil {
		t.Error(err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
