package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func TestRunsShowTheirFields(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	if r := tl.run("runs", "--process", "Teams Load").want(0); strings.Contains(r.stdout, "ERROR") || strings.Contains(r.stdout, "NAME") {
		t.Errorf("it has columns with nothing in them:\n%s", r.stdout)
	}
	tr, ctx := tl.tracker(), t.Context()
	run, err := tr.Start(ctx, tracker.Process{Name: "Named"}, &tracker.StartOptions{Name: "2026-11-22"})
	if err != nil {
		t.Fatal(err)
	}
	if err := run.SetCounts(ctx, tracker.Counts{Records: 1234}); err != nil {
		t.Fatal(err)
	}
	tl.sql("UPDATE pt_run SET started_at = '2020-01-02 03:04:05.000000' WHERE id = 4")
	r := tl.run("runs").want(0, "2026-11-22", "1234", "first line second line")
	if took := r.column("TOOK"); !strings.HasSuffix(took[0], "h") {
		t.Errorf("a run that goes on since 2020 took %q", took)
	}
	tl.run("runs", "--since", "1h").want(0).wantColumn("ID", "3", "2", "1")
	tl.run("runs", "--until", "2021-01-01").want(0).wantColumn("ID", "4")
	tl.run("runs", "--running").want(0).wantColumn("ID", "4", "3")
	tl.run("runs", "--since", "12h", "--status", "failed", "--json").want(0, `"error":"first line\nsecond line`, `"name":null`)
	tl.run("runs", "--json", "--process", "Named").want(0, `"name":"2026-11-22","seconds":`, `"records":1234`)
	tl.run("runs", "--since", "lately").want(CodeUsage, `--since "lately" is not a time`)
}

func TestExtractsNameTheRunsThatLoadThem(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	tl.run("extracts", "--status", "loading").want(0, "LOADED BY").wantColumn("LOADED BY", "Teams Load, run 1")
	if r := tl.run("extracts", "--status", "initializing").want(0); strings.Contains(r.stdout, "LOADED BY") {
		t.Errorf("nobody loads those:\n%s", r.stdout)
	}
	tl.run("extracts", "--status", "loading", "--json").want(0, `"loading_process":"Teams Load","loading_run_id":3,"loading_run":1`)
}

func TestHistoryHasRefusedStarts(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.start("--process", "P")
	for range 2 {
		tl.run("start", "--process", "P", "--actor", "poller").want(CodeAlreadyRunning)
	}
	tl.run("exec", "--process", "Q", "--", "true").want(0)
	newest := tl.run("history", "--columns", "to,reason").want(0, "already running: run 1", "(2 times until 20").column("TO")
	if want := []string{"completed", "running", "refused", "running"}; !slices.Equal(newest, want) {
		t.Errorf("%q, want %q", newest, want)
	}
	oldest := tl.run("history", "--oldest-first", "--columns", "to,reason").want(0).column("TO")
	if slices.Reverse(oldest); !slices.Equal(oldest, newest) {
		t.Errorf("%q, want %q", oldest, newest)
	}
	tl.run("history", "--limit", "3", "--columns", "to,reason").want(0, "there are more changes").wantColumn("TO", "completed", "running", "refused")
	tl.run("history", "--process", "P", "--json").want(0, `"id":null,`, `"to":"refused","actor":"poller"`)
	if r := tl.run("history", "--run", "1").want(0); strings.Contains(r.stdout, "refused") {
		t.Errorf("a run was not refused:\n%s", r.stdout)
	}
}
