package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/backends/sqlite"
)

func TestDoctor(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r := tl.run("doctor").want(0, "ok    database    sqlite, ", "ok    server      SQLite 3.", "ok    encoding    UTF-8", "ok    journal     wal",
		"ok    file        sound", "ok    schema      version ", "ok    drift       none", "ok    rights      at least those of the role runner", "ok    clock ", "ok    leases      0 active runs")
	for line := range strings.Lines(r.stdout) {
		if !strings.HasPrefix(line, "ok    ") {
			t.Errorf("not ok: %s", line)
		}
	}
	var all []struct {
		Check, Level, Found string
		Remedy              *string
	}
	tl.run("doctor", "--json").want(0).json(&all)
	if len(all) < 10 || all[0].Check != "database" || all[0].Remedy != nil {
		t.Errorf("%+v", all)
	}
	tl.start("--process", "P", "--lease", "1h")
	tl.sql("UPDATE pt_run_lease SET renewed_at = '2020-01-02 03:04:05.000000', expires_at = '2020-01-02 03:05:05.000000'", "DROP INDEX "+anyIndex(tl))
	tl.run("doctor").want(1, "warn  leases      1 run whose leases have expired, of 1 active\n                  processtracker reap\n", "warn  drift       index ")
	tl.sql("ALTER TABLE pt_run_status RENAME TO hidden")
	tl.run("doctor").want(2, "fail  drift       table run_status: is missing\n                  restore it from a backup")
	tl.run("status").want(CodeDrift, "keep the tracker from working", "restore it from a backup")
}

// anyIndex is the name of an index that the tracker can work without.
func anyIndex(tl *tool) (name string) {
	db, err := openForTest(tl.dsn)
	if err != nil {
		tl.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(tl.t.Context(), "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'pt_status_history' AND sql NOT NULL ORDER BY name LIMIT 1").Scan(&name)
	if err != nil {
		tl.t.Fatal(err)
	}
	return name
}

func TestDoctorOfADatabaseThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	tl.run("doctor").want(2, "fail  database    ", "run: processtracker setup")
	tl.run("doctor", "--dsn", "nonsense").want(2, "fail  database    DSN")
	tl.run("doctor", "--dsn", "postgres://u@127.0.0.1:1/d?connect_timeout=1").want(2, "fail  database    ", "check the DSN's host and port")
	tl.run("doctor", "--dsn", sqlite.DSN(filepath.Join(tl.home, "none", "tracker.db"))).want(2, "fail  database    ")
	if r := tl.run("doctor", "--dsn", "mysql://u@127.0.0.1/mysql").want(2, "is the server's own"); strings.Contains(r.stdout, "firewall") {
		t.Errorf("a DSN that will not do is not for want of a server:\n%s", r.stdout)
	}
	tl.run("doctor", "more").want(CodeUsage)
}
