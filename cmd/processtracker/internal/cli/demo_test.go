package cli

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
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
	dsn := backends.SQLiteDSN(found[0])
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

func TestDemoOnPostgres(t *testing.T) {
	t.Parallel()
	const variable = "PROCESSTRACKER_TEST_POSTGRES_DSN"
	server := os.Getenv(variable)
	if server == "" {
		t.Skip("not tested on PostgreSQL: " + variable + " names no server")
	}
	schema := fmt.Sprintf("demo test %d", os.Getpid())
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("the DSN is no URL")
	}
	q := u.Query()
	q.Set("schema", schema)
	q.Set("search_path", `"`+schema+`"`)                    // the demo's own tables go there, too
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // pgx, as libpq, takes a + for a +
	tl := newTool(t)
	tl.dsn = u.String()
	t.Cleanup(func() {
		db, err := openForTest(server)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = db.Close() }()
		if _, err := db.Exec(`DROP SCHEMA IF EXISTS "` + schema + `" CASCADE`); err != nil { //nolint:noctx // the test's context has ended
			t.Error(err)
		}
	})
	demoTwice(t, tl, tl.dsn)
	tl.run("status", "--dsn", tl.dsn).want(0, "database  postgres", "schema "+schema)
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

type runJSONText struct{ Process, Status string }
