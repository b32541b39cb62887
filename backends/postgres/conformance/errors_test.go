package conformance

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestErrors has the server itself make the errors that the suite only plays, and
// looks at what becomes of them (rules S8.1, S8.2 and S8.4).
func TestErrors(t *testing.T) {
	server := start(t)
	for name, test := range map[string]func(*testing.T, *servers.Server){
		"no such database":                         noDatabase,
		"a wrong password":                         wrongPassword,
		"a user without rights":                    noRights,
		"a lock that is never given":               neverLocked,
		"connections that were killed":             killedBetween,
		"a connection that is killed in the midst": killedMeanwhile,
	} {
		t.Run(name, func(t *testing.T) { test(t, server) })
	}
}

// with returns the server's DSN, changed.
func with(t *testing.T, server *servers.Server, edit func(*url.URL, url.Values)) string {
	t.Helper()
	u, err := url.Parse(server.DSN)
	must(t, err)
	q := u.Query()
	edit(u, q)
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	return u.String()
}

// admin is a connection outside of any tracker.
func admin(t *testing.T, server *servers.Server) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.DSN)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func run(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// backend opens a schema of this test's, and sets it up.
func backend(t *testing.T, server *servers.Server, settings map[string]string) (*postgres.Backend, string) {
	t.Helper()
	schema := strings.TrimPrefix(t.Name(), "TestErrors/")
	dsn := with(t, server, func(_ *url.URL, q url.Values) {
		q.Set("schema", schema)
		for name, value := range settings {
			q.Set(name, value)
		}
	})
	b, err := postgres.Open(t.Context(), dsn, nil)
	must(t, err)
	t.Cleanup(func() { drop(t, server.DSN, schema) })
	t.Cleanup(func() { _ = b.Close() })
	if _, err := setup.Run(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return b, pgx.Identifier{schema}.Sanitize()
}

// wantCode checks the sentinel, that PostgreSQL's own error is in reach, and that
// no password is in the text.
func wantCode(t *testing.T, err, sentinel error, code string) {
	t.Helper()
	var e *pgconn.PgError
	if sentinel != nil && !errors.Is(err, sentinel) || !errors.As(err, &e) || e.Code != code {
		t.Errorf("want %v with code %s, got: %v", sentinel, code, err)
	}
	if err != nil && strings.Contains(err.Error(), "geheim") {
		t.Errorf("the password is in the error: %v", err)
	}
}

func noDatabase(t *testing.T, server *servers.Server) {
	t.Helper()
	dsn := with(t, server, func(u *url.URL, _ url.Values) { u.Path = "/there is none" })
	_, err := postgres.Open(t.Context(), dsn, nil)
	wantCode(t, err, dialect.ErrNoDatabase, "3D000")
}

func wrongPassword(t *testing.T, server *servers.Server) {
	t.Helper()
	user := ""
	dsn := with(t, server, func(u *url.URL, _ url.Values) {
		user = u.User.Username()
		u.User = url.UserPassword(user, `p@ss:w/o%r d?#geheim`)
	})
	b, err := postgres.Open(t.Context(), dsn, nil)
	if err == nil {
		_ = b.Close()
		t.Skip("this server takes any password")
	}
	wantCode(t, err, tracker.ErrCredentials, "28P01")
	if !strings.Contains(err.Error(), user) {
		t.Errorf("it does not say whose password: %v", err)
	}
}

// noRights lets a user see that the schema is set up, and no more.
func noRights(t *testing.T, server *servers.Server) {
	t.Helper()
	const role = "processtracker_conformance_guest"
	conn := admin(t, server)
	b, schema := backend(t, server, nil)
	run(t, conn, "DROP ROLE IF EXISTS "+role)
	run(t, conn, "CREATE ROLE "+role+" LOGIN PASSWORD 'geheim'")
	t.Cleanup(func() {
		if _, err := conn.Exec(context.Background(), "DROP OWNED BY "+role+"; DROP ROLE "+role); err != nil {
			t.Error(err)
		}
	})
	run(t, conn, "GRANT USAGE ON SCHEMA "+schema+" TO "+role)
	run(t, conn, "GRANT SELECT ON "+b.Dialect().Table("schema_version")+" TO "+role)
	asGuest := func(schema string) *postgres.Backend {
		guest, err := postgres.Open(t.Context(), with(t, server, func(u *url.URL, q url.Values) {
			u.User = url.UserPassword(role, "geheim")
			q.Set("schema", schema)
		}), nil)
		must(t, err)
		t.Cleanup(func() { _ = guest.Close() })
		return guest
	}
	tr := suite.Tracker(t, asGuest(t.Name()[len("TestErrors/"):]))
	_, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	wantCode(t, err, tracker.ErrDenied, "42501")
	wantCode(t, tr.Registry().AddLookupName(t.Context(), tracker.ErrorTypes, "mine"), tracker.ErrDenied, "42501")
	_, err = setup.Run(t.Context(), asGuest("a schema that the guest may not make"))
	wantCode(t, err, tracker.ErrDenied, "42501")
}

// neverLocked holds the row that a run's end needs, longer than the session waits.
func neverLocked(t *testing.T, server *servers.Server) {
	t.Helper()
	b, schema := backend(t, server, map[string]string{"lock_timeout": "10"}) // milliseconds
	tr := suite.Tracker(t, b)
	r, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	must(t, err)
	conn := admin(t, server)
	run(t, conn, "BEGIN")
	run(t, conn, "SELECT 1 FROM "+schema+".process FOR UPDATE")
	wantCode(t, r.Complete(t.Context(), nil), tracker.ErrBusy, "55P03")
	run(t, conn, "ROLLBACK")
	if err := r.Complete(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// killedBetween ends all connections of a pool while they are idle.
func killedBetween(t *testing.T, server *servers.Server) {
	t.Helper()
	b, _ := backend(t, server, map[string]string{"application_name": t.Name()})
	conn := admin(t, server)
	suite.KilledBetween(t, b, func() {
		run(t, conn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '"+t.Name()+"'")
	})
}

// killedMeanwhile ends the connection on which a run's end waits for a lock.
func killedMeanwhile(t *testing.T, server *servers.Server) {
	t.Helper()
	b, schema := backend(t, server, map[string]string{"application_name": t.Name()})
	conn := admin(t, server)
	suite.KilledMeanwhile(t, b, func() {
		run(t, conn, "BEGIN")
		run(t, conn, "SELECT 1 FROM "+schema+".process FOR UPDATE")
	}, func() bool {
		tag, err := conn.Exec(t.Context(), "SELECT pg_stat_clear_snapshot(), pg_terminate_backend(pid) FROM pg_stat_activity "+
			"WHERE application_name = $1 AND wait_event_type = 'Lock'", t.Name())
		must(t, err)
		return tag.RowsAffected() > 0
	}, func() { run(t, conn, "ROLLBACK") })
}
