package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// surveyedTool has processes in all states.
func surveyedTool(t *testing.T) *tool {
	t.Helper()
	tl := chained(t) // Extract, which failed, Stage, Load, Mart, Report
	tr, ctx := tl.tracker(), t.Context()
	for parent, kind := range map[string]tracker.DependencyKind{"Extract": tracker.Soft, "Mart": tracker.Normal} {
		if err := tr.Registry().AddDependency(ctx, `Say "hi"`, parent, tracker.DependencyOptions{Kind: kind}); err != nil {
			t.Fatal(err)
		}
	}
	tl.start("--process", "Busy")
	tl.run("exec", "--process", "Held", "--", "true").want(0)
	tl.run("hold", "Held", "--reason", "look", "--actor", "ann").want(0)
	return tl
}

func TestProcesses(t *testing.T) {
	t.Parallel()
	tl := surveyedTool(t)
	all := tl.run("process", "list", "--columns", "name,state").want(0)
	if states := all.column("STATE"); len(states) != 8 || !slices.Contains(states, "blocked") || !slices.Contains(states, "running") || !slices.Contains(states, "never ran") {
		t.Errorf("states: %q\n%s", states, all.stdout)
	}
	for _, c := range []struct{ flag, names string }{
		{"--held", "Held"}, {"--failed", "Extract"}, {"--running", "Busy"}, {"--held --running", "Busy,Held"}, {"--blocked", "Load,Mart,Report,Stage"},
	} {
		names := tl.run(append([]string{"process", "list"}, strings.Fields(c.flag)...)...).want(0).column("NAME")
		slices.Sort(names)
		if got := strings.Join(names, ","); got != c.names {
			t.Errorf("%s: %s, want %s", c.flag, got, c.names)
		}
	}
	var documents []processJSONForTest
	tl.run("process", "list", "--blocked", "--json", "--limit", "1").want(0, "there are more processes").json(&documents)
	if len(documents) != 1 || documents[0].State != "blocked" || len(documents[0].BlockedBy) != 1 {
		t.Errorf("%+v", documents)
	}
	newSetUp(t).run("process", "list", "--held").want(0, "no processes match --held")
	tl.run("start", "--process", "Report", "--actor", "poller").want(CodeDependency)
	tl.run("process", "show", "Report").want(0, "state:", "blocked", "Mart", "dependency, 1 start of poller, the last at 20")
}

type processJSONForTest struct {
	Name, State string
	BlockedBy   []string `json:"blocked_by"`
}

func TestGraph(t *testing.T) {
	t.Parallel()
	tl := surveyedTool(t)
	tree := tl.run("graph").want(0, `Extract  failed
├─ Say "hi"  never ran [soft]
└─ Stage  blocked [hard]
   └─ Load  blocked [hard]
      └─ Mart  blocked [hard]
         ├─ Report  blocked [hard]
         └─ Say "hi"  never ran
`)
	if strings.Contains(tree.stdout, "Busy") {
		t.Errorf("a process without dependencies is in it:\n%s", tree.stdout)
	}
	if one := tl.run("graph", "Report").want(0, "Extract  failed\n└─ Stage", "Report"); strings.Contains(one.stdout, "hi") {
		t.Errorf("what it has nothing to do with is in it:\n%s", one.stdout)
	}
	tl.run("graph", "Busy").want(0, "Busy  running\n")
	tl.run("graph", "--format", "mermaid").want(0, "flowchart LR\n", `["Say #quot;hi#quot;<br/>never ran"]`, " ==> ", " -.-> ", " --> ")
	tl.run("graph", "--format", "dot").want(0, "digraph processes {", `"Mart" -> "Say \"hi\"";`, `"Extract" -> "Stage" [style=bold];`, `"Extract" -> "Say \"hi\"" [style=dashed];`, `label="Extract\nfailed"`)
	var document graphJSON
	tl.run("graph", "--json").want(0).json(&document)
	if len(document.Processes) != 6 || len(document.Dependencies) != 6 {
		t.Errorf("%+v", document)
	}
	tl.run("graph", "--format", "svg").want(CodeUsage, `--format "svg" is not known; give tree, mermaid or dot`)
	tl.run("graph", "--format", "dot", "--json").want(CodeUsage, "leave one of them out")
	tl.run("graph", "Lood").want(CodeError, "not found", `did you mean "Load"?`)
	newSetUp(t).run("graph").want(0, "no process depends on another")
}

func TestWatchPrintsOnceWithoutATerminal(t *testing.T) {
	t.Parallel()
	tl := surveyedTool(t)
	r := tl.run("watch").want(0, "1 running, 4 blocked, 1 on hold, 1 failed lately", "\nRunning\n", "\nBlocked\n", "\nOn hold\n", "\nFailed lately\n", "ann: look", "no file")
	if strings.Contains(r.stdout, "\x1b") {
		t.Errorf("it draws: %q", r.stdout)
	}
	var document struct{ Running, Blocked, Failed []any }
	tl.run("watch", "--json").want(0).json(&document)
	if len(document.Running) != 1 || len(document.Blocked) != 4 || len(document.Failed) != 1 {
		t.Errorf("%+v", document)
	}
	chosen := tl.run("watch", "--columns", "process,state,seconds").want(0, "PROCESS  SECONDS", "PROCESS  STATE", "4 blocked")
	if strings.Contains(chosen.stdout, "ann: look") {
		t.Errorf("a field that is not named:\n%s", chosen.stdout)
	}
	tl.run("watch", "--columns", "seconds").want(0, "\nRunning\n", "4 blocked")
	tl.run("watch", "--columns", "process,state", "--json").want(0, `"running":[{"process":"Busy"}]`, `"state":"blocked"`)
	tl.run("watch", "--columns", "stat").want(CodeUsage, `did you mean "state"?`)
	tl.run("watch", "--output", "csv").want(CodeUsage, "watch prints several")
	tl.run("watch", "--interval", "0").want(CodeUsage, "--interval and --lately have to be more than 0")
	for i := range mostShown {
		tl.run("start", "--process", fmt.Sprintf("Busy %d", i)).want(0)
	}
	tl.run("watch").want(0, "21 running", "\n… and 1 more\n")
	newSetUp(t).run("watch").want(0, "0 running, 0 blocked, 0 on hold, 0 failed lately\n")
}

func TestWatchDrawsUntilItIsInterrupted(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	screens := &listener{word: "\x1b[3J", then: func() {}}
	screens.then = func() { screens.word = "again"; cancel() }
	env := tl.env
	env.Args, env.Stdout, env.Stderr, env.Width = []string{"watch", "--interval", "1ms"}, screens, &listener{}, 80
	if code := Main(ctx, env); code != 0 || !strings.HasPrefix(screens.heard.String(), clearScreen) {
		t.Errorf("exit code %d: %q", code, screens.heard.String())
	}
}
