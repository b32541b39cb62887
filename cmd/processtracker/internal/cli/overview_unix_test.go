//go:build unix

package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
)

// overviewJob is the job from the older implementation's overview page, as a script: it
// registers a file, loads it, and records that.
const overviewJob = `
set -eu
process() { "$TOOL" as-tool "$@"; }
PROCESSTRACKER_RUN=$(process start --process 'Lahman Teams Load' --type 'Stage Load' --actor 'New ProcessTracker User' \
	--tool Spark --source 'Lahman Baseball Dataset' --target 'Warehouse')
export PROCESSTRACKER_RUN
trap 'process fail "line $LINENO"' ERR
process extract register Teams.csv --location "$HOME/core/" --location-name 'Lahman Baseball Databank 2018'
process extract set loading "$HOME/core/Teams.csv"
records=$(($(wc -l < "$HOME/core/Teams.csv") - 1))
process extract measure --loaded "$HOME/core/Teams.csv" --records $records
process count --records $records --inserts $records
process range --low 1871-01-01 --high 2017-12-31
process extract set loaded "$HOME/core/Teams.csv"
process complete
`

func runOverview(t *testing.T, tl *tool) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	core := filepath.Join(tl.home, "core")
	if err := os.MkdirAll(core, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(core, "Teams.csv"), []byte("yearID,teamID\n1871,BS1\n1871,CH1\n2017,WAS\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := func(text string) (string, error) {
		cmd := exec.CommandContext(t.Context(), bash, "-c", text)
		cmd.Env = append([]string{"TOOL=" + self, DSNVariable + "=" + tl.dsn}, tl.env.Environ...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := script(overviewJob); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tl.wantRun(1, "completed")
	tl.run("extract", "list", "--status", "loaded").want(0, "Teams.csv")
	tl.run("extract", "show", filepath.Join(core, "Teams.csv")).want(0, "3 records", "Lahman Baseball Databank 2018")
	tl.run("process", "show", "Lahman Teams Load").want(0, "Stage Load", "Spark", "Lahman Baseball Dataset", "Warehouse", "completed", "2017-12-31")
	tl.run("actor", "show", "New ProcessTracker User").want(0)
	tl.run("history", "--json").want(0, `"to":"loading","actor":"New ProcessTracker User"`)

	if _, err := script(strings.Replace(overviewJob, "process count", "false; process count", 1)); err == nil {
		t.Error("a job that breaks off succeeds")
	}
	tl.wantRun(2, "failed")
	tl.run("extract", "list", "--status", "loaded").want(0, "Teams.csv") // it has its earlier status again
}

func TestTheOverviewPageAsAScript(t *testing.T) {
	t.Parallel()
	runOverview(t, newSetUp(t))
}

// TestTheOverviewPageAsAScriptOnPostgres needs a server, and creates its own schema.
func TestTheOverviewPageAsAScriptOnPostgres(t *testing.T) {
	t.Parallel()
	dsn := os.Getenv("PROCESSTRACKER_TEST_POSTGRES_DSN")
	if dsn == "" {
		t.Skip("no server: PROCESSTRACKER_TEST_POSTGRES_DSN is not set")
	}
	tl := newTool(t)
	schema := fmt.Sprintf("overview_script_%d", os.Getpid()) // others may run this at the same moment
	separator := "?"
	if strings.Contains(dsn, "?") {
		separator = "&"
	}
	tl.dsn = dsn + separator + "schema=" + schema
	tl.env.Environ = append(tl.env.Environ, DSNVariable+"="+tl.dsn)
	db, err := backends.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := db.OpenSQL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	drop := func() { _, _ = pool.Exec("DROP SCHEMA IF EXISTS " + schema + " CASCADE") } // even if the test's context has ended
	drop()
	t.Cleanup(drop)
	tl.run("setup").want(0)
	runOverview(t, tl)
}
