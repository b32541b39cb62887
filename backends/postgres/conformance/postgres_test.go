// Package conformance puts the PostgreSQL backend through the suite. It is a module of its own, so
// that programs that use the backend do not get the dependencies of its tests.
package conformance

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// instances are the servers that the tests share. [TestMain] ends them.
var instances servers.Shared

func TestMain(m *testing.M) {
	suite.Main(m, suite.Program{Open: open, Begin: begin, Close: instances.Close}, func() error { return goleak.Find() })
}

// TestConformance goes through the suite with the server as it is.
func TestConformance(t *testing.T) {
	server := start(t)
	backend := underTest(server)
	backend.User = users(t, server)
	suite.Run(t, backend)
}

func underTest(server *servers.Server) suite.Backend {
	return suite.Backend{
		Name: "postgres", Server: server.Version, Provider: server.Provider, Open: open, Fresh: schemas(server.DSN), Reuse: reuse(),
		Begin: begin, Levels: []sql.IsolationLevel{sql.LevelRepeatableRead, sql.LevelSerializable}, Apart: apart(server),
		SkipsLocked: true, Client: client, Commit: faults.PostgresCommit, Connections: connections, ReadOnly: readOnly,
	}
}

// start returns the server that the tests share, or skips the test visibly.
func start(t *testing.T) *servers.Server {
	t.Helper()
	server, err := instances.Get(context.Background(), "postgres")
	var unavailable *servers.Unavailable
	if errors.As(err, &unavailable) {
		suite.Skip(t, "postgres", unavailable)
	} else if err != nil {
		t.Fatal(err)
	}
	return server
}

func open(ctx context.Context, dsn string) (dialect.Backend, error) {
	return postgres.Open(ctx, dsn, nil)
}

// readOnly opens a place in sessions that take no changes, as a role or a database can
// be set to be.
func readOnly(ctx context.Context, dsn string) (dialect.Backend, error) {
	return postgres.Open(ctx, dsn+"&default_transaction_read_only=on", nil)
}

// connections is how many a pool has at the most.
const connections = 8

// schemas returns a function that makes up a schema for each test, and drops it
// after.
func schemas(dsn string) func(testing.TB) string {
	return func(t testing.TB) string {
		t.Helper()
		name := "Conformance-" + rand.Text() // needs quoting
		u, err := url.Parse(dsn)
		must(t, err)
		q := u.Query()
		q.Set("schema", name)
		q.Set("application_name", name)                    // by which [reuse] finds the sessions
		q.Set("pool_max_conns", strconv.Itoa(connections)) // many tests share the server
		q.Set("connect_timeout", "60")                     // and connect at once, perhaps on a slow machine
		u.RawQuery = q.Encode()
		t.Cleanup(func() { drop(t, dsn, name) })
		return u.String()
	}
}

// reuse tells sessions in a schema by their name. To delete rows whatever refers to
// them, a session plays a replica, in which no triggers fire.
func reuse() suite.Reuse {
	return suite.Reuse{
		Sessions: "SELECT pid FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()",
		End:      func(id int64) string { return fmt.Sprintf("SELECT pg_terminate_backend(%d)", id) },
		Loose:    "SET LOCAL session_replication_role = replica",
	}
}

func drop(t testing.TB, dsn, schema string) {
	t.Helper()
	administer(t, dsn, "DROP SCHEMA IF EXISTS "+quoted(schema)+" CASCADE")
}

// database makes a database with a default isolation level of its own, as a DBA
// would, and returns its DSN. It is dropped when the test ends.
func database(t testing.TB, dsn, isolation string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	must(t, err)
	u.Path = fmt.Sprintf("/conformance %s %d", isolation, os.Getpid())
	name := quoted(u.Path[1:])
	t.Cleanup(func() { dropDatabase(t, dsn, u.Path[1:]) })
	administer(t, dsn, "CREATE DATABASE "+name, "ALTER DATABASE "+name+" SET default_transaction_isolation = '"+isolation+"'")
	return u.String()
}

// dropDatabase drops a database with the sessions in it, also on servers before 13, which
// have no words for that.
func dropDatabase(t testing.TB, dsn, name string) {
	t.Helper()
	administer(t, dsn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+name+"'", "DROP DATABASE IF EXISTS "+quoted(name))
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// administer runs statements in a session of their own.
func administer(t testing.TB, dsn string, statements ...string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	for _, statement := range statements {
		if err == nil {
			_, err = conn.Exec(ctx, statement)
		}
	}
	if conn != nil {
		err = errors.Join(err, conn.Close(ctx))
	}
	if err != nil {
		t.Error(err)
	}
}
