// Package conformance puts the MySQL backend through the suite, on MySQL and on
// MariaDB. It is a module of its own, so that who uses the backend does not get
// what its tests need.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestMain(m *testing.M) { suite.Main(m, open, func() error { return goleak.Find() }) }

func open(ctx context.Context, dsn string) (dialect.Backend, error) { return mysql.Open(ctx, dsn) }

func TestMySQL(t *testing.T)   { conform(t, "mysql", servers.MySQL) }
func TestMariaDB(t *testing.T) { conform(t, "mariadb", servers.MariaDB) }

func conform(t *testing.T, name string, start func(context.Context) (*servers.Server, error)) {
	t.Helper()
	server := acquire(t, name, start)
	suite.Run(t, suite.Backend{
		Name: name, Server: server.Version, Provider: server.Provider, Open: open, Fresh: databases(server, ""), DDLCommits: true,
	})
}

// acquire returns a server for the test, or skips it visibly.
func acquire(t *testing.T, name string, start func(context.Context) (*servers.Server, error)) *servers.Server {
	t.Helper()
	server, err := start(context.Background())
	if unavailable, ok := errors.AsType[*servers.Unavailable](err); ok {
		suite.Skip(t, name, unavailable)
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

// databases returns a function that makes up a database for each test, which is
// dropped after, with a collation that does not tell cases, accents or trailing
// spaces apart.
func databases(server *servers.Server, parameters string) func(testing.TB) string {
	var made atomic.Int64
	return func(t testing.TB) string {
		t.Helper()
		name := fmt.Sprintf("Conformance-%d-%d", os.Getpid(), made.Add(1)) // needs quoting
		u, err := url.Parse(server.DSN)
		if err != nil {
			t.Fatal(err)
		}
		u.Path = "/" + name
		u.RawQuery = strings.TrimPrefix(parameters+"&prefix=Conf-&timeout=60s", "&")
		quoted := "`" + name + "`"
		t.Cleanup(func() { administer(t, server, "DROP DATABASE "+quoted) })
		administer(t, server, "CREATE DATABASE "+quoted+" CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
		return u.String()
	}
}

func administer(t testing.TB, server *servers.Server, statements ...string) {
	t.Helper()
	if err := server.Administer(context.Background(), statements...); err != nil {
		t.Error(err)
	}
}
