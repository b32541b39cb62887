package cli

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// chained returns a tool with five processes that wait for each other, the first of
// which failed.
func chained(t *testing.T) *tool {
	t.Helper()
	tl := newSetUp(t)
	tr, ctx := tl.tracker(), t.Context()
	names := []string{"Extract", "Stage", "Load", "Mart", "Report"}
	for i, child := range names[1:] {
		if err := tr.Registry().AddDependency(ctx, child, names[i], tracker.DependencyOptions{Kind: tracker.Hard}); err != nil {
			t.Fatal(err)
		}
	}
	if err := tr.Registry().AddProcessContact(ctx, "Extract", tracker.Contact{Name: "Ada", Email: "ada@example.org"}); err != nil {
		t.Fatal(err)
	}
	tl.run("exec", "--process", "Extract", "--actor", "cron", "--", "sh", "-c", "echo no file >&2; exit 3").want(3)
	return tl
}

func TestWhyNamesTheRootOfAChain(t *testing.T) {
	t.Parallel()
	tl := chained(t)
	tl.run("start", "--process", "Report", "--actor", "poller").want(CodeDependency)
	r := tl.run("why", "Report").want(CodeDependency, `process "Report" cannot start: dependency`, `root      "Extract" failed since `, "run 1, started by cron",
		`"Report" waits for "Mart" waits for "Load" waits for "Stage" waits for "Extract"`, "no file", "Ada <ada@example.org>",
		`processtracker exec --process "Extract" -- COMMAND`, "refused   1 start by poller")
	if r.stderr != "" {
		t.Errorf("standard error: %s", r.stderr)
	}
	var document struct {
		Startable bool
		Refusal   struct{ Reason string }
		Roots     []struct {
			Process, Kind string
			Path          []string
		}
		Refusals []struct{ Times int }
	}
	tl.run("why", "Report", "--json").want(CodeDependency).json(&document)
	if document.Startable || document.Refusal.Reason != "dependency" || len(document.Roots) != 1 || document.Roots[0].Process != "Extract" ||
		document.Roots[0].Kind != "failed" || len(document.Roots[0].Path) != 5 || len(document.Refusals) != 1 {
		t.Errorf("%+v", document)
	}
	tl.run("why", "Extract").want(0, `process "Extract" can start`)
	tl.run("why", "Extrakt").want(CodeError, "not found", `did you mean "Extract"?`)
	tl.run("why").want(CodeUsage)
	tl.run("why", "Extract", "--name", "").want(CodeUsage, "--name is given but empty")
}

func TestWhySaysWhatToDo(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.start("--process", "Busy")
	tl.run("why", "Busy").want(CodeAlreadyRunning, `root      "Busy" is running since `, `processtracker wait "Busy"`, "processtracker reap --run-id 1 --force --reason TEXT")
	tl.run("exec", "--process", "Held", "--", "true").want(0)
	tl.run("hold", "Held", "--reason", "look at it", "--actor", "ann").want(0)
	tl.run("why", "Held").want(CodeOnHold, "is on hold since ", "by ann: look at it", `processtracker release "Held" --reason TEXT`)
	for range 3 {
		tl.run("exec", "--process", "Bad", "--", "false").want(1)
	}
	tl.run("why", "Bad").want(CodeOnHold, "has failed too often", `processtracker release "Bad" --reason TEXT`)
	tl.with(RunVariable, tl.start("--process", "Named", "--name", "2026-11-22")).run("complete").want(0)
	tl.run("why", "Named").want(0)
	tl.run("why", "Named", "--name", "2026-11-22").want(CodeAlreadyDone, `has completed the run "2026-11-22"`)
}

func TestLongPathsAreCut(t *testing.T) {
	t.Parallel()
	path := make([]string, longestPath)
	if text := pathText(path); strings.Contains(text, "…") || strings.Count(text, "waits for") != longestPath-1 {
		t.Error(text)
	}
	if text := pathText(slices.Concat(path, []string{"a", "b"})); !strings.Contains(text, "… (2 more)") || !strings.HasSuffix(text, `waits for "a" waits for "b"`) {
		t.Error(text)
	}
}

// Every kind of root has a state and a remedy.
func TestRootsAreDescribed(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, kind := range []tracker.RootKind{
		tracker.RootRunning, tracker.RootExpired, tracker.RootOnHold, tracker.RootFailing, tracker.RootFailed,
		tracker.RootNeverRan, tracker.RootStale, tracker.RootNoCapacity, tracker.RootDone,
	} {
		r := tracker.Root{Kind: kind, Process: "P", Since: now.Add(-time.Hour), Run: &tracker.RunInfo{Number: 7}, Hold: &tracker.HoldInfo{By: "ann"}}
		text := rootText(r, now)
		if !strings.Contains(text, `root      "P" `) || !strings.Contains(text, "remedy    ") {
			t.Errorf("%s: %s", kind, text)
		}
	}
}
