// Package conformance puts the SQL Server backend through the suite. It is a module of its
// own, so that programs that use the backend do not get the dependencies of its tests.
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

	"github.com/processtracker/processtracker-go/backends/sqlserver"
	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/conformance/linearize"
	"github.com/processtracker/processtracker-go/conformance/modeltest"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// instances are the servers that the tests share. [TestMain] ends them.
var instances servers.Shared

func TestMain(m *testing.M) {
	suite.Main(m, suite.Program{Open: open, Begin: begin, Close: instances.Close}, func() error { return goleak.Find() })
}

func open(ctx context.Context, dsn string) (dialect.Backend, error) {
	return sqlserver.Open(ctx, dsn, nil)
}

// TestConformance goes through the suite in a database as SQL Server makes it, in
// which readers wait for writers.
func TestConformance(t *testing.T) {
	server := start(t)
	backend := underTest(t, server)
	suite.Run(t, backend)
}

// TestVariants goes once more through what several transactions can meet in, in a
// database as Azure has it, in which readers see versions of rows.
func TestVariants(t *testing.T) {
	suite.RunVariants(t, "sqlserver", []suite.Variant{{Name: "read committed snapshot", Run: func(t *testing.T) {
		server := start(t)
		if babelfish(server) {
			t.Skip("Babelfish has row versions always")
		}
		versions := underTest(t, server)
		versions.Provider += ", read committed snapshot"
		versions.Fresh = schemas(database(t, server, true))
		versions.Proves = []string{"S8.3"}
		versions.Only = []string{
			"S1.1", "S1.3", "S1.7", "S2.4", "S2.6", "S2.7", "S2.8", "S2.11", "S3.2", "S3.6", "S5.1", "S5.2", "S5.5", "S5.6", "S9.1",
		}
		suite.Run(t, versions)
	}}})
}

// TestModel compares what happens to what a model says.
func TestModel(t *testing.T) { modeltest.Run(t, underTest(t, start(t))) }

// TestLinearize looks at the histories of calls at once.
func TestLinearize(t *testing.T) { linearize.Run(t, underTest(t, start(t))) }

func underTest(t *testing.T, server *servers.Server) suite.Backend {
	t.Helper()
	return suite.Backend{
		Name: "sqlserver", Server: server.Version, Provider: server.Provider, Open: open, Fresh: schemas(database(t, server, false)),
		Apart: apart(server), Begin: begin, Levels: levels(server), SkipsLocked: !babelfish(server), LocksWhatItReads: !babelfish(server),
		Commit: commit(server), Connections: 8,
	}
}

// commit finds a commit in what is sent, if that is not encrypted.
func commit(server *servers.Server) faults.Match {
	if u, err := url.Parse(server.DSN); err == nil && u.Query().Has("encrypt") && u.Query().Get("encrypt") != "disable" {
		return nil
	}
	return faults.SQLServerCommit
}

// levels are those at which a transaction goes on to see the database as it was.
// SERIALIZABLE locks what it sees.
func levels(server *servers.Server) []sql.IsolationLevel {
	if babelfish(server) {
		return nil
	}
	return []sql.IsolationLevel{sql.LevelSnapshot}
}

// babelfish reports whether the server is PostgreSQL that speaks SQL Server's
// language. It takes no hints.
func babelfish(server *servers.Server) bool { return strings.Contains(server.Version, "Babelfish") }

// start returns the server that the tests share, or skips the test visibly.
func start(t *testing.T) *servers.Server {
	t.Helper()
	server, err := instances.Get(context.Background(), "sqlserver")
	var unavailable *servers.Unavailable
	if errors.As(err, &unavailable) {
		suite.Skip(t, "sqlserver", unavailable)
	} else if err != nil {
		t.Fatal(err)
	}
	return server
}

// apart returns a function that makes a database for each place.
func apart(server *servers.Server) func(testing.TB) string {
	return func(t testing.TB) string {
		t.Helper()
		return schemas(database(t, server, false))(t)
	}
}

// databases counts those that were made, for their names.
var databases atomic.Int64

// database makes a database for the tests, as SQL Server's own collation has it:
// without regard to cases, but to accents. It is dropped when they end.
func database(t testing.TB, server *servers.Server, versions bool) string {
	t.Helper()
	name := fmt.Sprintf("conformance_%d_%d", os.Getpid(), databases.Add(1))
	drop := []string{"ALTER DATABASE [" + name + "] SET SINGLE_USER WITH ROLLBACK IMMEDIATE", "DROP DATABASE [" + name + "]"}
	setting := []string{
		"ALTER DATABASE [" + name + "] SET READ_COMMITTED_SNAPSHOT " + map[bool]string{false: "OFF", true: "ON"}[versions],
		"ALTER DATABASE [" + name + "] SET ALLOW_SNAPSHOT_ISOLATION ON",
	}
	if babelfish(server) {
		drop, setting = nil, nil // it takes minutes to drop one
	}
	t.Cleanup(func() { administer(t, server, drop...) })
	administer(t, server, append([]string{"CREATE DATABASE [" + name + "]"}, setting...)...)
	u, err := url.Parse(server.DSN)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("database", name)
	q.Set("dial timeout", "60") // many tests connect at once, perhaps on a slow machine
	if !q.Has("encrypt") {
		q.Set("encrypt", "disable") // faults look for commits in what is sent
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// schemas returns a function that makes up a schema for each test. They go with the
// database.
func schemas(dsn string) func(testing.TB) string {
	var made atomic.Int64
	return func(t testing.TB) string {
		t.Helper()
		return fmt.Sprintf("%s&schema=Conformance-%d", dsn, made.Add(1)) // needs quoting
	}
}

func administer(t testing.TB, server *servers.Server, statements ...string) {
	t.Helper()
	if err := server.AdministerSQLServer(context.Background(), statements...); err != nil {
		t.Error(err)
	}
}
