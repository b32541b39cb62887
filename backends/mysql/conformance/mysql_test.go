// Package conformance puts the MySQL backend through the suite, on MySQL and on
// MariaDB. It is a module of its own, so that who uses the backend does not get
// what its tests need.
package conformance

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestMain(m *testing.M) {
	suite.Main(m, suite.Program{Open: openNode, Begin: beginOnNode}, func() error { return goleak.Find() })
}

func open(ctx context.Context, dsn string) (dialect.Backend, error) { return mysql.Open(ctx, dsn) }

// TestConformance goes through the suite with each server as it is, and again as
// DBAs set them: through what several transactions can meet in, and what a
// server's settings could change.
func TestConformance(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		backend := underTest(server)
		backend.User = users(t, server)
		suite.Run(t, backend)
		for _, setting := range settings(server) {
			t.Run(setting.name, func(t *testing.T) {
				unlessShort(t)
				setting.apply(t, server)
				other := backend
				other.Provider += ", " + setting.name
				other.Proves = []string{"S8.3"}
				other.Only = []string{
					"S1.1", "S1.2", "S1.3", "S2.4", "S2.7", "S2.8", "S2.11", "S3.2", "S3.6", "S3.7", "S5.1", "S5.6", "S5.7", "S9.1",
				}
				suite.Run(t, other)
			})
		}
	})
}

// unlessShort leaves what goes through the suite once more to the long tests.
func unlessShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("the suite once more: not with -short")
	}
}

func underTest(server *servers.Server) suite.Backend {
	return suite.Backend{
		Name: server.Backend, Server: server.Version, Provider: server.Provider, Open: open, Fresh: databases(server, ""),
		Begin: begin, Levels: []sql.IsolationLevel{sql.LevelRepeatableRead}, // SERIALIZABLE locks what it sees
		SkipsLocked: true, LocksWhatItReads: true, DDLCommits: true, Client: client,
		Commit: faults.MySQLCommit, Connections: 8, ReadOnly: readOnly(server),
	}
}

// readOnly opens a place in sessions that take no changes, as a replica does.
func readOnly(server *servers.Server) func(context.Context, string) (dialect.Backend, error) {
	variable := map[string]string{"mysql": "transaction_read_only", "mariadb": "tx_read_only"}[server.Backend]
	return func(ctx context.Context, dsn string) (dialect.Backend, error) {
		return mysql.Open(ctx, dsn+"&"+variable+"=1")
	}
}

// each runs a test on MySQL and on MariaDB, at the same time.
func each(t *testing.T, test func(*testing.T, *servers.Server)) {
	t.Helper()
	for name, start := range map[string]func(context.Context) (*servers.Server, error){"mysql": servers.MySQL, "mariadb": servers.MariaDB} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, acquire(t, name, start))
		})
	}
}

// setting is how a DBA may have set a server: variables and their values.
type setting struct {
	name      string
	variables map[string]string
}

func settings(server *servers.Server) []setting {
	level := "transaction_isolation"
	if server.Backend == "mariadb" {
		level = "tx_isolation" // its name there before version 11
	}
	return []setting{
		{"serializable, east of UTC, not strict", map[string]string{level: "'SERIALIZABLE'", "time_zone": "'+05:30'", "sql_mode": "''"}},
		{"read committed, west of UTC, as ANSI has it", map[string]string{
			level: "'READ-COMMITTED'", "time_zone": "'-08:00'", "sql_mode": "'ANSI,TRADITIONAL,NO_BACKSLASH_ESCAPES'",
		}},
	}
}

// apply sets the server's defaults for new sessions, until the test ends.
func (s setting) apply(t *testing.T, server *servers.Server) {
	t.Helper()
	for name, value := range s.variables {
		administer(t, server, "SET GLOBAL "+name+" = "+value)
		t.Cleanup(func() { administer(t, server, "SET GLOBAL "+name+" = DEFAULT") })
	}
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
	suite.Stop(t, server.Close)
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
