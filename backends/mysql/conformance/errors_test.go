package conformance

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestErrors has the servers themselves make the errors that the suite only plays,
// and looks at what becomes of them (rules S8.1, S8.2 and S8.4).
func TestErrors(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		for name, test := range map[string]func(*testing.T, *servers.Server){
			"no such database":                         noDatabase,
			"a wrong password":                         wrongPassword,
			"a user without rights":                    noRights,
			"a lock that is never given":               neverLocked,
			"connections that were killed":             killedBetween,
			"a connection that is killed in the midst": killedMeanwhile,
			"a server that is read-only":               readOnlySession,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, server)
			})
		}
	})
}

// as is a change of the user in a DSN.
func as(t *testing.T, dsn, user, password string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	must(t, err)
	u.User = url.UserPassword(user, password)
	return u.String()
}

// place opens a database of this test's, and sets it up.
func place(t *testing.T, server *servers.Server, parameters string) (*mysql.Backend, string) {
	t.Helper()
	dsn := databases(server, parameters)(t)
	b, err := mysql.Open(t.Context(), dsn, nil)
	must(t, err)
	t.Cleanup(func() { _ = b.Close() })
	if _, err := setup.Run(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return b, dsn
}

// session is one outside of any tracker, in the database of a DSN.
func session(t *testing.T, dsn string) *sql.Conn {
	t.Helper()
	config, _, err := mysql.ParseDSN(dsn)
	must(t, err)
	conn, err := openPool(t, config).Conn(t.Context())
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func run(t *testing.T, conn *sql.Conn, statement string) {
	t.Helper()
	if _, err := conn.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// wantNumber checks the sentinel, that the server's own error is in reach, and
// that no password is in the text.
func wantNumber(t *testing.T, err, sentinel error, numbers ...uint16) {
	t.Helper()
	var e *driver.MySQLError
	if sentinel != nil && !errors.Is(err, sentinel) || !errors.As(err, &e) {
		t.Errorf("want %v, got: %v", sentinel, err)
	} else if fmt.Sprint(numbers) != "[]" && !strings.Contains(fmt.Sprint(numbers), fmt.Sprint(e.Number)) {
		t.Errorf("want one of %v, got: %v", numbers, err)
	}
	if err != nil && strings.Contains(err.Error(), "geheim") {
		t.Errorf("the password is in the error: %v", err)
	}
}

func noDatabase(t *testing.T, server *servers.Server) {
	t.Helper()
	u, err := url.Parse(server.DSN)
	must(t, err)
	u.Path = "/there is none"
	_, err = mysql.Open(t.Context(), u.String(), nil)
	wantNumber(t, err, dialect.ErrNoDatabase, 1049)
}

func wrongPassword(t *testing.T, server *servers.Server) {
	t.Helper()
	_, err := mysql.Open(t.Context(), as(t, databases(server, "")(t), "root", `p@ss:w/o%r d?#geheim`), nil)
	wantNumber(t, err, tracker.ErrCredentials, 1045, 1698)
	if err != nil && !strings.Contains(err.Error(), "root") {
		t.Errorf("it does not say whose password: %v", err)
	}
}

// noRights lets a user see that the schema is set up, and no more.
func noRights(t *testing.T, server *servers.Server) {
	t.Helper()
	b, dsn := place(t, server, "")
	const guest = "'processtracker_guest'@'%'"
	administer(t, server, "DROP USER IF EXISTS "+guest, "CREATE USER "+guest+" IDENTIFIED BY 'geheim'")
	t.Cleanup(func() { administer(t, server, "DROP USER "+guest) })
	conn := session(t, dsn)
	run(t, conn, "GRANT SELECT ON "+b.Dialect().Table("schema_version")+" TO "+guest)
	asGuest, err := mysql.Open(t.Context(), as(t, dsn, "processtracker_guest", "geheim"), nil)
	must(t, err)
	t.Cleanup(func() { _ = asGuest.Close() })
	tr := suite.Tracker(t, asGuest)
	_, err = tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	wantNumber(t, err, tracker.ErrDenied, 1142)
	run(t, conn, "DROP TABLE "+b.Dialect().Table("schema_version"))
	_, err = setup.Run(t.Context(), asGuest)
	wantNumber(t, err, tracker.ErrDenied, 1142)
}

// neverLocked holds the row that a run's end needs, longer than the session waits.
func neverLocked(t *testing.T, server *servers.Server) {
	t.Helper()
	b, dsn := place(t, server, "innodb_lock_wait_timeout=1") // second, the least
	tr := suite.Tracker(t, b)
	r, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	must(t, err)
	conn := session(t, dsn)
	run(t, conn, "START TRANSACTION")
	run(t, conn, "UPDATE "+b.Dialect().Table("process")+" SET turn = 'mine'")
	wantNumber(t, r.Complete(t.Context(), nil), tracker.ErrBusy, 1205)
	run(t, conn, "ROLLBACK")
	if err := r.Complete(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// kill ends the sessions in the database of a DSN that are in one of the states,
// and returns how many there were.
func kill(t *testing.T, server *servers.Server, conn *sql.Conn, database, where string) (n int) {
	t.Helper()
	rows, err := conn.QueryContext(t.Context(), "SELECT id FROM "+sessions(server)+" AS s WHERE id <> CONNECTION_ID() AND db = ? AND "+where, database)
	must(t, err)
	var ids []int64
	for rows.Next() {
		var id int64
		must(t, rows.Scan(&id))
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil { //nolint:sqlclosecheck // before the connection is used again
		t.Fatal(err)
	}
	for _, id := range ids {
		var e *driver.MySQLError // one that has ended already is fine
		if _, err := conn.ExecContext(t.Context(), fmt.Sprintf("KILL %d", id)); err != nil && (!errors.As(err, &e) || e.Number != 1094) {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func databaseOf(t *testing.T, dsn string) string {
	t.Helper()
	config, _, err := mysql.ParseDSN(dsn)
	must(t, err)
	return config.DBName
}

// killedBetween ends all connections of a pool while they are idle.
func killedBetween(t *testing.T, server *servers.Server) {
	t.Helper()
	b, dsn := place(t, server, "")
	conn := session(t, server.DSN)
	suite.KilledBetween(t, b, func() {
		if n := kill(t, server, conn, databaseOf(t, dsn), "true"); n == 0 {
			t.Error("there was no connection to kill")
		}
	})
}

// killedMeanwhile ends the connection on which a run's end waits for a lock.
func killedMeanwhile(t *testing.T, server *servers.Server) {
	t.Helper()
	b, dsn := place(t, server, "")
	conn, killer := session(t, dsn), session(t, server.DSN)
	var own int64 // which may be listed with its last statement still
	must(t, conn.QueryRowContext(t.Context(), "SELECT connection_id()").Scan(&own))
	suite.KilledMeanwhile(t, b, func() {
		run(t, conn, "START TRANSACTION")
		run(t, conn, "UPDATE "+b.Dialect().Table("process")+" SET turn = 'mine'")
	}, func() bool {
		return kill(t, server, killer, databaseOf(t, dsn), fmt.Sprintf("command <> 'Sleep' AND info LIKE '%%UPDATE%%' AND id <> %d", own)) > 0
	}, func() { run(t, conn, "ROLLBACK") })
}

// readOnlySession makes new transactions read-only, as a DBA does with a replica.
func readOnlySession(t *testing.T, server *servers.Server) {
	t.Helper()
	_, dsn := place(t, server, "")
	b, err := readOnly(server)(t.Context(), dsn)
	must(t, err)
	t.Cleanup(func() { _ = b.Close() })
	tr := suite.Tracker(t, b)
	_, err = tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	wantNumber(t, err, tracker.ErrReadOnly, 1792)
}
