package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nested is a call of the tool from within a command.
func nested(t *testing.T, args string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return "'" + self + "' " + asTool + " " + args
}

func TestACommandWorksOnItsRunIfItIsShared(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "P", "--share-run", "--", "sh", "-c",
		"cd / && "+nested(t, "count --records 7")+" && "+nested(t, "range --high 2026-01-02")+" && "+nested(t, "extract register /landing/a.csv")).
		want(0, "7 records", "extract 1 is initializing")
	tl.wantRun(1, "completed")
	tl.run("exec", "--process", "P", "--from-watermark", "--name", "2026-01-03", "--", "sh", "-c", `echo "from $PROCESSTRACKER_LOW"`).
		want(0, "from 2026-01-02T00:00:00Z\n")
	tl.run("exec", "--process", "P", "--name", "2026-01-03", "--", "true").want(CodeAlreadyDone, "2026-01-03")

	// A command that has ended its run determines the run's status, whatever it does afterwards.
	tl.run("exec", "--process", "P", "--share-run", "--", "sh", "-c", nested(t, "hold --reason broken")+"; exit 3").
		want(3, `the command has ended run 3 of process "P" itself: it is on hold`)
	tl.wantRun(3, "on hold")
}

func TestExecPassesNoHandleWithoutShareRun(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	outer := tl.with(RunVariable, tl.start("--process", "outer"))
	r := outer.run("exec", "--process", "P", "--", "env").want(0)
	for _, name := range []string{RunVariable + "=", DSNVariable + "=", PasswordVariable + "=", LowVariable + "="} {
		if strings.Contains(r.stdout, name) {
			t.Errorf("the command gets %s: %s", name, r.stdout)
		}
	}
	r.want(0, ParentVariable+"="+filepath.Join(tl.home, "tracker.db")+"\n")
}

// TestANestedCallNeverTakesAnotherDatabase checks that a nested call does not use, for
// example, the user's default database.
func TestANestedCallNeverTakesAnotherDatabase(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	inner := nested(t, `exec --process inner -- true`)
	tl.run("exec", "--process", "P", "--", "sh", "-c", inner).
		want(CodeExecError, "which uses "+filepath.Join(tl.home, "tracker.db"), "no database is named here", "--share-run")
	if _, err := os.Stat(filepath.Join(tl.home, ".local")); !os.IsNotExist(err) {
		t.Errorf("the default database was looked for: %v", err)
	}
	tl.run("exec", "--process", "P", "--share-run", "--", "sh", "-c", "cd / && "+inner).want(0)
	tl.run("exec", "--process", "P", "--", "sh", "-c", DSNVariable+"='"+tl.dsn+"' "+inner).want(0)

	byDefault := *tl // there the nested call has the database of its parent
	byDefault.env.Environ = []string{"HOME=" + tl.home, "PATH=" + os.Getenv("PATH")}
	byDefault.run("setup").want(0)
	byDefault.run("exec", "--process", "P", "--", "sh", "-c", inner).want(0)
	byDefault.run("exec", "--process", "P", "--", "sh", "-c", "HOME=/nowhere "+inner).want(CodeExecError, "no database is named here")
}

func TestExecSaysWhichDatabaseItUses(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	file := filepath.Join(tl.home, "tracker.db")
	tl.run("exec", "-v", "--process", "P", "--", "true").want(0, `run 1 of process "P" starts, in `+file)
	tl.start("--process", "P")
	if r := tl.run("exec", "--process", "P", "--", "true").want(CodeAlreadyRunning); strings.Contains(r.stderr, file) {
		t.Errorf("it was said which database: %s", r.stderr)
	}
	tl.env.Environ = []string{"HOME=" + tl.home, "PATH=" + os.Getenv("PATH")}
	tl.run("setup").want(0)
	tl.start("--process", "P")
	for _, args := range [][]string{{"exec", "--process", "P", "--", "true"}, {"start", "--process", "P"}} {
		tl.run(args...).want(CodeAlreadyRunning, "this database is "+filepath.Join(tl.home, ".local"), "neither --dsn nor "+DSNVariable)
	}
}

func TestKindsOfDependenciesAtAStart(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("start", "--process", "Load", "--after-hard", "Extract").want(CodeDependency, `"Extract" never ran`)
	tl.run("exec", "--process", "Load", "--after-hard", "Extract", "--", "true").want(CodeDependency, "never ran")
	tl.run("exec", "--process", "Load", "--after", "Extract", "--after-soft", "Dim", "--", "true").want(0)
	tl.run("exec", "--process", "Load", "--after-fresh", "Extract", "--", "true").want(CodeDependency)
	tl.run("exec", "--process", "Extract", "--", "true").want(0)
	tl.run("exec", "--process", "Load", "--after-hard", "Extract", "--after-fresh", "Extract", "--", "true").want(0)
	all, err := tl.tracker().Registry().Dependencies(t.Context(), "Load")
	if err != nil || len(all.Parents) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	if d := all.Parents[0]; d.Parent != "Dim" || d.Kind != "soft" || d.Fresh {
		t.Errorf("stored: %+v", d)
	}
	if d := all.Parents[1]; d.Parent != "Extract" || d.Kind != "hard" || !d.Fresh {
		t.Errorf("stored: %+v", d)
	}
}
