package conformance_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// place is a database product on which pages are tried.
type place struct {
	name   string
	driver backend.Driver
	server string // DSN of a server; empty for files

	// With the server's DSN and a name: the DSN of a place of that name, and the
	// statements that create and remove it, on the server itself.
	within         func(server *url.URL, name string) *url.URL
	create, remove func(name string) string

	// The statements that create a user with a password and remove it, and the user's
	// name in grants.
	createUser func(name, password string) string
	removeUser func(name string) []string
	grantee    func(name string) string
}

// places are SQLite, and the servers whose DSNs are set. Only servers have users.
func places() []place {
	all := []place{{name: "sqlite", driver: sqlite.Driver()}}
	schema := func(server *url.URL, name string) *url.URL {
		q := server.Query()
		q.Set("schema", name)
		server.RawQuery = q.Encode()
		return server
	}
	database := func(server *url.URL, name string) *url.URL {
		server.Path = "/" + name
		return server
	}
	mysqlUser := place{
		createUser: func(name, password string) string {
			return "CREATE USER `" + name + "`@`%` IDENTIFIED BY '" + password + "'"
		},
		removeUser: func(name string) []string { return []string{"DROP USER `" + name + "`@`%`"} },
		grantee:    func(name string) string { return name + "@%" },
	}
	for _, p := range []place{
		{
			name: "postgres", driver: postgres.Driver(), server: os.Getenv("PROCESSTRACKER_TEST_POSTGRES_DSN"), within: schema,
			create: func(name string) string { return `CREATE SCHEMA "` + name + `"` }, remove: func(name string) string { return `DROP SCHEMA "` + name + `" CASCADE` },
			createUser: func(name, password string) string {
				return `CREATE ROLE "` + name + `" LOGIN PASSWORD '` + password + "'"
			},
			removeUser: func(name string) []string {
				return []string{`DROP OWNED BY "` + name + `"`, `DROP ROLE "` + name + `"`}
			},
			grantee: func(name string) string { return name },
		},
		{
			name: "mysql", driver: mysql.Driver(), server: os.Getenv("PROCESSTRACKER_TEST_MYSQL_DSN"), within: database,
			create: func(name string) string { return "CREATE DATABASE `" + name + "` CHARACTER SET utf8mb4" }, remove: func(name string) string { return "DROP DATABASE `" + name + "`" },
			createUser: mysqlUser.createUser, removeUser: mysqlUser.removeUser, grantee: mysqlUser.grantee,
		},
		{
			name: "mariadb", driver: mysql.Driver(), server: os.Getenv("PROCESSTRACKER_TEST_MARIADB_DSN"), within: database,
			create: func(name string) string { return "CREATE DATABASE `" + name + "` CHARACTER SET utf8mb4" }, remove: func(name string) string { return "DROP DATABASE `" + name + "`" },
			createUser: mysqlUser.createUser, removeUser: mysqlUser.removeUser, grantee: mysqlUser.grantee,
		},
	} {
		if p.server != "" {
			all = append(all, p)
		}
	}
	return all
}

// fresh returns the DSN of a new place, which is removed with the test.
func (p place) fresh(tb testing.TB) string {
	tb.Helper()
	if p.server == "" {
		return sqlite.DSN(filepath.Join(tb.TempDir(), "pages.db"))
	}
	name := "pages_" + rand.Text()
	tb.Cleanup(func() { p.administer(tb, p.server, p.remove(name)) })
	p.administer(tb, p.server, p.create(name))
	return p.dsn(tb, name)
}

func (p place) dsn(tb testing.TB, name string) string {
	tb.Helper()
	server, err := url.Parse(p.server)
	if err != nil {
		tb.Fatal(err)
	}
	return p.within(server, name).String()
}

// administer runs statements with the rights of the DSN's user.
func (p place) administer(tb testing.TB, dsn string, statements ...string) {
	tb.Helper()
	db := p.sql(tb, dsn)
	defer func() { _ = db.Close() }() // nothing is in progress
	for _, statement := range statements {
		if _, err := db.ExecContext(context.WithoutCancel(tb.Context()), statement); err != nil {
			tb.Errorf("%s: %v", statement, err)
		}
	}
}

// as returns the DSN by which a new user with a role opens a place that is set up.
func (p place) as(tb testing.TB, role setup.Role, dsn string) string {
	tb.Helper()
	b, err := p.driver.Open(tb.Context(), dsn, backend.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = b.Close() }() // nothing is in progress
	name, password := "pages_"+rand.Text(), rand.Text()
	tb.Cleanup(func() { p.administer(tb, p.server, p.removeUser(name)...) })
	p.administer(tb, p.server, p.createUser(name, password))
	grants, err := setup.Grants(b.Dialect(), role, p.grantee(name))
	if err != nil {
		tb.Fatal(err)
	}
	p.administer(tb, dsn, grants...)
	u, err := url.Parse(dsn)
	if err != nil {
		tb.Fatal(err)
	}
	u.User = url.UserPassword(name, password)
	return u.String()
}

// sql opens a pool for hand-written statements.
func (p place) sql(tb testing.TB, dsn string) *sql.DB {
	tb.Helper()
	db, err := p.driver.OpenSQL(context.WithoutCancel(tb.Context()), dsn, backend.Options{Create: true})
	if err != nil {
		tb.Fatal(err)
	}
	return db
}

// tracker opens a place that is set up.
func (p place) tracker(tb testing.TB, dsn string) *tracker.Tracker {
	tb.Helper()
	b, err := p.driver.Open(tb.Context(), dsn, backend.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = b.Close() }) // only reads were done
	t, err := tracker.New(tb.Context(), b, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}
