package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/backends/sqlite"
)

func TestSetupSaysWhatItDid(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	tl.run("status").want(3, "database  sqlite", "schema    not set up", "run: processtracker setup")
	tl.run("setup").want(0, "tracker.db: set up, schema version 2")
	tl.run("setup").want(0, "nothing to do, the schema has version 2 already")
	tl.run("status").want(0, "schema    version 2", "running   0", "no run yet")
}

// TestDryRun prints the statements of setup, even without a file.
func TestDryRun(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	script := tl.run("setup", "--dry-run").want(0, ".bail on", `CREATE TABLE "pt_run"`, "COMMIT;").stdout
	if _, err := os.Stat(filepath.Join(tl.home, "tracker.db")); err == nil {
		t.Error("it made the file")
	}
	tl.run("status").want(3, "not set up")
	tl.run("setup", "--dry-run", "--dsn", sqlite.DSN(filepath.Join(tl.home, "x.db"))+"?prefix=etl%22_").want(0, `CREATE TABLE "etl""_run"`)
	var got struct{ Script string }
	tl.run("setup", "--dry-run", "--json").want(0).json(&got)
	if got.Script != script {
		t.Errorf("as JSON it is another script:\n%s", got.Script)
	}
	tl.run("setup").want(0)
	tl.run("setup", "--dry-run").want(0, "-- nothing to do")
	tl.run("setup", "--dry-run", "--json").want(0).json(&got)
	if got.Script != "" {
		t.Errorf("set up: %q", got.Script)
	}
}

func TestStatusShowsDrift(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("status").want(0, "drift     none")
	tl.sql("DROP INDEX pt_run_by_name")
	tl.run("status").want(0, "drift     index run.run_by_name: is missing (does not keep", `CREATE INDEX "pt_run_by_name" ON "pt_run" (process_id,name);`, "running   0")
	tl.run("setup").want(0, "the schema has version 2 and differs from what setup makes (differences: 1); see: processtracker status")
}

// TestDriftThatBreaks makes status and setup fail. The statements that status prints
// repair the schema.
func TestDriftThatBreaks(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.sql("ALTER TABLE pt_data_attribute DROP COLUMN default_value", "DROP TABLE pt_process_dataset_type", "DROP VIEW pt_v1_history")
	tl.run("status").want(CodeDrift, "table process_dataset_type: is missing\n", "which does not bring back data", "column data_attribute.default_value: is missing\n",
		"view v1_history: is missing\n", "3 differences keep the tracker from working")
	for _, args := range [][]string{{"setup"}, {"upgrade"}, {"setup", "--dry-run"}} {
		if r := tl.run(args...).want(CodeDrift, "3 differences keep", "run: processtracker status"); strings.Contains(r.stdout, "nothing to do") {
			t.Errorf("%q: %s", args, r.stdout)
		}
	}
	var got struct {
		Usable bool
		Drift  []struct {
			What, Remedy string
			Breaks       bool
			Statements   []string
		}
	}
	tl.run("status", "--json").want(CodeDrift).json(&got)
	if len(got.Drift) != 3 || got.Usable {
		t.Fatalf("as JSON: %+v", got)
	}
	for _, d := range got.Drift {
		if !d.Breaks || d.Remedy == "" {
			t.Errorf("%+v", d)
		}
		tl.sql(d.Statements...)
	}
	tl.run("status").want(0, "drift     none")
	tl.run("setup").want(0, "nothing to do")
}

func TestUpgrade(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	tl.run("upgrade").want(3, "run: processtracker setup")
	tl.run("setup").want(0)
	tl.run("upgrade").want(0, "nothing to do")
	for _, view := range []string{"processes", "runs", "extracts", "errors", "run_extracts", "history", "refusals", "dependencies", "leases", "locations", "contacts"} {
		tl.sql("DROP VIEW pt_v1_" + view)
	}
	tl.sql("DELETE FROM pt_schema_version WHERE version = 2")
	tl.run("runs").want(3, "run: processtracker upgrade")
	tl.run("status").want(3, "version 1, needed is 2", "run: processtracker upgrade")
	tl.run("upgrade").want(0, "upgraded from schema version 1 to 2")
	tl.run("status").want(0, "version 2")
}

func TestSetupJSON(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	var got struct {
		Backend, Where string
		From           int  `json:"from_version"`
		To             int  `json:"to_version"`
		Changed        bool `json:"changed"`
	}
	tl.run("setup", "--json").want(0).json(&got)
	if got.Backend != "sqlite" || got.Where != filepath.Join(tl.home, "tracker.db") || got.From != 0 || got.To < 1 || !got.Changed {
		t.Errorf("%+v", got)
	}
}

func TestStatusJSON(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	var got map[string]any
	tl.run("status", "--json").want(3).json(&got)
	if got["usable"] != false || got["schema_version"] != 0.0 || got["latest_run"] != nil {
		t.Errorf("not set up: %v", got)
	}
	tl.run("setup").want(0)
	tl.run("exec", "--process", "P", "--", "true").want(0)
	tl.run("status", "--json").want(0).json(&got)
	latest, _ := got["latest_run"].(map[string]any)
	if got["usable"] != true || got["running"] != 0.0 || latest["process"] != "P" {
		t.Errorf("set up: %v", got)
	}
	tl.run("status").want(0, "latest    P, run 1, completed")
}

func TestANewerSchemaIsToldFromAnOlderOne(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.sql("INSERT INTO pt_schema_version (version, name, applied_at) VALUES (99, 'future', '2100-01-01 00:00:00')")
	tl.run("status").want(3, "version 99, needed is", "use a newer processtracker")
	tl.run("setup").want(3, "use a newer processtracker")
	tl.run("exec", "--process", "P", "--", "true").want(125, "use a newer processtracker")
}

func TestDefaultDatabase(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the paths are those of Unix")
	}
	tl := newTool(t)
	data := filepath.Join(tl.home, "data %41?") // has to be encoded in a DSN
	tl.env.Environ = []string{"HOME=" + tl.home, "XDG_DATA_HOME=" + data}
	tl.run("runs").want(3, "run: processtracker setup")
	if _, err := os.Stat(data); err == nil {
		t.Error("listing runs made a directory")
	}
	file := filepath.Join(data, "processtracker", "tracker.db")
	tl.run("setup").want(0, file)
	if info, err := os.Stat(filepath.Dir(file)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the data directory: %v, %v", info, err)
	}
	tl.run("runs").want(0)
}

func TestDataDirectory(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the paths are those of Unix")
	}
	for _, c := range []struct {
		system string
		env    map[string]string
		want   string
	}{
		{"linux", map[string]string{"HOME": "/h"}, "/h/.local/share"},
		{"linux", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "/x"}, "/x"},
		{"linux", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "relative"}, "/h/.local/share"},
		{"darwin", map[string]string{"HOME": "/h"}, "/h/Library/Application Support"},
		{"windows", map[string]string{"LocalAppData": "/l"}, "/l"},
		{"linux", nil, ""},
	} {
		got, err := dataDirectory(c.system, func(name string) string { return c.env[name] })
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s %v: %q, %v; want %q", c.system, c.env, got, err, c.want)
		}
	}
}

func TestPasswordsAreNotEchoed(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"mysql://user:s3cr3t@host/db", "s3cr3t", "s3cr3t:x", "host=localhost password=s3cr3t", "password=s3cr3t:5432",
		"postgres://user:s3cr3t@host:port/db", "postgres://user:s3 cr3t@[/db", "postgres://user:s3cr3t@127.0.0.1:1/db",
		"postgresql://127.0.0.1:1/db?user=u&password=s3cr3t&connect_timeout=x", "postgres://u:s3cr3t%@h/d",
	} {
		tl := newTool(t)
		for _, args := range [][]string{
			{"setup"}, {"status"}, {"runs"}, {"extracts", "--json"}, {"errors"}, {"demo"},
			{"exec", "--process", "P", "--", "true"}, {"hold", "P", "--reason", "r"}, {"release", "P", "--reason", "r"},
		} {
			r := tl.run(append(args, "--dsn", dsn)...)
			if args[0] == "exec" { // its flags come first
				r = tl.run("exec", "--dsn", dsn, "--process", "P", "--", "true")
			}
			if r.code == 0 || strings.Contains(r.stdout+r.stderr, "s3cr3t") || strings.Contains(r.stdout+r.stderr, "cr3t") {
				t.Errorf("%q with %s: exit code %d\n%s%s", args, dsn, r.code, r.stdout, r.stderr)
			}
		}
	}
}

func TestDSNsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	const both = "sqlite:path/to/file.db or postgres://"
	tl.run("runs", "--dsn", "oracle://host/db").want(2, `no driver has the scheme "oracle"`, both)
	tl.run("runs", "--dsn", "tracker.db").want(2, "begins with no scheme", both)
	tl.run("runs", "--dsn", "sqlite:").want(2, "names no file", "schemes: sqlite, postgres, postgresql")
	tl.run("runs", "--dsn", "postgres://h:port/d").want(2, "invalid port", "schemes: sqlite, postgres, postgresql")
	tl.run("runs", "--dsn", "postgres://127.0.0.1:1/d").want(1, "connection refused")
	missing := sqlite.DSN(filepath.Join(tl.home, "no", "such", "tracker.db"))
	tl.run("runs", "--dsn", missing).want(3, "run: processtracker setup with the same --dsn")
	if r := tl.run("setup", "--dsn", missing).want(3, "such is missing; create it"); strings.Contains(r.stderr, "run:") {
		t.Errorf("advice that was followed already: %s", r.stderr)
	}
	tl.run("exec", "--process", "P", "--dsn", missing, "--", "true").want(125, "run: processtracker setup")
}

// TestEmptyDSN sets an empty DSN, as a misspelt variable does.
func TestEmptyDSN(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	for _, dsn := range []string{"", " "} {
		for _, command := range []string{"setup", "status", "runs", "demo"} {
			tl.run(command, "--dsn", dsn).want(CodeUsage, "--dsn is set but empty")
		}
	}
	tl.env.Environ = []string{"HOME=" + tl.home, DSNVariable + "="}
	tl.run("setup").want(CodeUsage, DSNVariable+" is set but empty")
	tl.run("setup", "--dsn", tl.dsn).want(0, "set up")
	if _, err := os.Stat(filepath.Join(tl.home, ".local")); err == nil {
		t.Error("it made the default file")
	}
}

// TestMisleadingDSNsAreRefused are rejected before anything is sent or created.
func TestMisleadingDSNsAreRefused(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	for dsn, want := range map[string]string{
		"sqlite://tmp/x.db":                `names a host, "tmp"`,
		"sqlite:file:x.db":                 "URI of SQLite's own",
		"sqlite:~/x.db":                    "~ is not expanded",
		"postgres://127.0.0.1:1/d?schema=": "the schema is empty",
		"postgres://127.0.0.1:1/d?schema=information_schema": `schema "information_schema": PostgreSQL reserves it`,
		"postgres://127.0.0.1:1/d?schema=pg_catalog":         `schema "pg_catalog"`,
		"postgres://127.0.0.1:1/d?schema=pg_temp":            `schema "pg_temp"`,
		"mysql://127.0.0.1:1/mysql":                          `database "mysql" is the server's own`,
		"mysql://127.0.0.1:1/Performance_Schema":             `database "Performance_Schema"`,
		"mysql://127.0.0.1:1/d?prefix=":                      "the prefix is empty",
		"sqlserver://127.0.0.1:1?database=tempdb":            `database "tempdb" is the server's own`,
		"sqlserver://127.0.0.1:1?database=d&schema=SYS":      `schema "SYS": SQL Server reserves it`,
	} {
		for _, command := range []string{"setup", "status"} {
			tl.run(command, "--dsn", dsn).want(CodeUsage, want)
		}
	}
}

func TestCommandLines(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run().want(0, "Usage:", "Exit codes:")
	tl.run("--version").want(0, "processtracker version")
	tl.run("exec", "--help").want(0, "75    not started")
	tl.run("nonsense").want(2, `unknown command "nonsense"`, "see: processtracker --help")
	tl.run("runs", "--nonsense").want(2, "unknown flag: --nonsense", "see: processtracker runs --help")
	tl.run("runs", "extra").want(2, "extra")
	tl.run("hold", "P").want(2, `"reason" not set`)
	tl.run("exec", "--process", "P").want(125, "an argument is missing; write: processtracker exec ")
	tl.run("exec", "--", "true").want(125, `"process" not set`)
	tl.run("exec", "--process", "a\nb", "--", "true").want(125, "control character")
	tl.run("hold", "", "--reason", "r").want(2, "empty")
	tl.run("runs", "--process", "a\xff").want(2, "not valid UTF-8")
	for _, args := range [][]string{{"nonsense"}, {"exec"}, {"runs", "--dsn", "postgres://127.0.0.1:1/d"}} {
		if r := tl.run(args...); strings.Count(r.stderr, "\n") != 1 || !strings.HasPrefix(r.stderr, "processtracker: ") {
			t.Errorf("%q: not one line: %s", args, r.stderr)
		}
	}
}

func TestGrants(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	if out := tl.run("grants", "--role", "runner", "--to", "etl").want(0, "has no users").stdout; !strings.HasPrefix(out, "-- ") {
		t.Errorf("not a comment: %s", out)
	}
	tl.run("grants", "--role", "god", "--to", "etl").want(2, `no role "god"`, "owner", "runner", "reader")
	tl.run("grants", "--role", "runner").want(2, `"to" not set`)
}
