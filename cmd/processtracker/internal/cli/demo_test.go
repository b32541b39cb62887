package cli

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/backends/sqlite"
)

func TestDemoMakesItsOwnDatabase(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	temp := t.TempDir()
	tl.env.Environ = append(tl.env.Environ, "TMPDIR="+temp)
	r := tl.run("demo").want(0, "set up, schema version", "Refused", "Runs", "Extracts", "Errors", "wrong number of fields")
	found, err := filepath.Glob(filepath.Join(temp, "processtracker-demo-*", "tracker.db"))
	if err != nil || len(found) != 1 {
		t.Fatalf("databases: %v, %v", found, err)
	}
	dsn := sqlite.DSN(found[0])
	if !strings.Contains(r.stdout, "processtracker runs --dsn "+dsn) {
		t.Errorf("does not say how to look again:\n%s", r.stdout)
	}
	if lines := strings.Count(strings.SplitN(r.stdout, "\nRuns\n", 2)[0], "\n"); lines > 40 {
		t.Errorf("the story has %d lines", lines)
	}
	tl.run("runs", "--dsn", dsn).want(0).wantColumn("PROCESS", "Time Zone Load", "Time Zone Extract")
	tl.run("extracts", "--dsn", dsn).want(0).wantColumn("STATUS", "loaded", "loaded", "loaded", "error")
	if _, err := os.Stat(filepath.Join(tl.home, "tracker.db")); err == nil {
		t.Error("the demo went to " + DSNVariable)
	}
}

func TestDemoOnAGivenDatabase(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	demoTwice(t, tl, tl.dsn)
}

// server returns the DSN of a test server.
func server(t *testing.T, variable string) (string, *url.URL) {
	t.Helper()
	dsn := os.Getenv(variable)
	if dsn == "" {
		t.Skip("not tested: " + variable + " names no server")
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal("the DSN is no URL") // not err, which may contain the password
	}
	return dsn, u
}

// administer runs a statement on a server, even if the test's context has ended.
func administer(t *testing.T, dsn, statement string) {
	t.Helper()
	db, err := openForTest(dsn)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
		t.Error(err)
	}
}

func TestDemoOnPostgres(t *testing.T) {
	t.Parallel()
	given, u := server(t, "PROCESSTRACKER_TEST_POSTGRES_DSN")
	schema := fmt.Sprintf("demo test %d", os.Getpid())
	q := u.Query()
	q.Set("schema", schema)
	q.Set("search_path", `"`+schema+`"`)                    // the demo's own tables are created there, too
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // pgx, like libpq, does not decode + as a space
	tl := newTool(t)
	tl.dsn = u.String()
	t.Cleanup(func() { administer(t, given, `DROP SCHEMA IF EXISTS "`+schema+`" CASCADE`) })
	demoOnServer(t, tl, "database  postgres", "schema "+schema)
}

func TestDemoOnMySQL(t *testing.T) {
	t.Parallel()
	demoOnMySQL(t, "PROCESSTRACKER_TEST_MYSQL_DSN")
}

func TestDemoOnMariaDB(t *testing.T) {
	t.Parallel()
	demoOnMySQL(t, "PROCESSTRACKER_TEST_MARIADB_DSN")
}

// demoOnMySQL runs the demo in a database whose own character set lacks some of the
// demo's characters.
func demoOnMySQL(t *testing.T, variable string) {
	t.Helper()
	given, u := server(t, variable)
	database := fmt.Sprintf("demo test %d", os.Getpid())
	u.Path = "/" + database
	tl := newTool(t)
	tl.dsn = u.String()
	tl.run("demo", "--dsn", tl.dsn).want(CodeNotSetUp, "create the database")
	administer(t, given, "CREATE DATABASE `"+database+"` CHARACTER SET latin1")
	t.Cleanup(func() { administer(t, given, "DROP DATABASE `"+database+"`") })
	demoOnServer(t, tl, "database  mysql", "database "+database)
}

// demoOnServer runs the demo and other commands in a database on a server, in the same
// way as on a file.
func demoOnServer(t *testing.T, tl *tool, status ...string) {
	t.Helper()
	demoTwice(t, tl, tl.dsn)
	tl.run("status", "--dsn", tl.dsn).want(0, status...)
	tl.run("exec", "--dsn", tl.dsn, "--process", "P", "--", "sh", "-c", "echo why >&2; exit 3").want(3)
	tl.run("errors", "--dsn", tl.dsn, "--process", "P").want(0, "exit status 3; standard error ended: why")
	tl.run("runs", "--dsn", tl.dsn, "--process", "a\xff").want(2, "not valid UTF-8")
}

func demoTwice(t *testing.T, tl *tool, dsn string) {
	t.Helper()
	landing := filepath.Join(tl.home, "landing")
	first := tl.run("demo", "--dsn", dsn, "--dir", landing).want(0, "set up, schema version", landing, "--dsn …")
	if strings.Contains(first.stdout, dsn) {
		t.Error("the DSN is echoed")
	}
	r := tl.run("demo", "--dsn", dsn, "--dir", landing, "--json").want(0, "nothing to do", "Refused")
	wantRow(t, dsn, "SELECT count(*), min(name), max(name) FROM demo_time_zone", "312 Africa/Abidjan Pacific/Tongatapu")
	wantRow(t, dsn, "SELECT (SELECT count(*) FROM demo_country), name, code FROM demo_country WHERE code = 'CI'", "249 Côte d'Ivoire CI")
	wantRow(t, dsn, "SELECT sum(correction), min(at), count(DISTINCT day) FROM demo_leap_second", "27 23:59:60 27")
	var got struct {
		Landing  string `json:"landing_directory"`
		Runs     []runJSONText
		Extracts []struct{ Name, Status string }
		Errors   []runErrorJSONText
	}
	r.json(&got)
	if got.Landing != landing || len(got.Runs) != 4 || len(got.Extracts) != 4 || len(got.Errors) != 2 {
		t.Errorf("%+v", got)
	}
	for _, run := range got.Runs {
		if run.Status != "completed" {
			t.Errorf("%+v", run)
		}
	}
}

func wantRow(t *testing.T, dsn, query, want string) {
	t.Helper()
	db, err := openForTest(dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var a, b, c string
	if err := db.QueryRowContext(t.Context(), query).Scan(&a, &b, &c); err != nil || a+" "+b+" "+c != want {
		t.Errorf("%s: %s %s %s, %v; want %s", query, a, b, c, err, want)
	}
}

type runJSONText struct{ Process, Status string }
