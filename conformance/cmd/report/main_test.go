package main

import (
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/report"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

const (
	good = `{"Action":"start","Package":"p"}
{"Action":"run","Package":"p","Test":"T"}
{"Action":"attr","Package":"p","Test":"T/suite","Key":"backend","Value":"sqlite"}
{"Action":"pass","Package":"p","Test":"T/suite/S1.1_a"}
{"Action":"pass","Package":"p","Test":"T/suite"}
{"Action":"pass","Package":"p","Test":"T"}
{"Action":"pass","Package":"p","Elapsed":1.5}
`
	cut = `{"Action":"start","Package":"p"}
{"Action":"run","Package":"p","Test":"T"}
{"Action":"attr","Package":"p","Test":"T/suite","Key":"backend","Value":"sqlite"}
{"Action":"pass","Package":"p","Test":"T/suite/S1.1_a"}
{"Action":"run","Package":"p","Test":"T/suite/S1.2_b"}
`
)

// TestRun makes the command read files and run commands, one of which interrupts it as
// a terminal does.
func TestRun(t *testing.T) {
	late := make(chan os.Signal, 1) // the interrupt may arrive when the command no longer listens, and would end this program
	signal.Notify(late, os.Interrupt)
	defer signal.Stop(late)
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"good": good, "cut": cut, "none": "", filepath.Join("docs", "semantics.md"): "| S1.1 | one |\n"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name     string
		args     []string
		required []string
		status   int
		says     []string
	}{
		{name: "good", args: []string{"good"}, required: []string{"sqlite"}, says: []string{"\n1 passed, 0 failed, 0 skipped\n"}},
		{name: "required", args: []string{"good"}, required: []string{"postgres"}, status: 1, says: []string{"error: postgres is required", "1 passed, 0"}},
		{name: "cut", args: []string{"cut"}, status: 1, says: []string{"error: p: 1 had begun and did not end: S1.2 b"}},
		{name: "empty", args: []string{"none"}, status: 1, says: []string{"error: nothing was tested"}},
		{name: "no such file", args: []string{"missing"}, status: 1, says: []string{"error: ", "missing"}},
		{name: "pairs", args: []string{"-pairs", "good"}, says: []string{"S1.1\tsqlite\t-\n"}},
		{name: "rules", args: []string{"-rules", "good"}, status: 1, says: []string{"RULE", "error: docs/semantics.md has no rule S1.2"}},
		{name: "nothing", status: 2, says: []string{"usage"}},
		{name: "no such flag", args: []string{"-html", "good"}, status: 2, says: []string{"-rules"}},
		{name: "a run", args: []string{"-run", "kept/good", "cat", "good"}, says: []string{"ok    p  1 passed, 1.5s\n", "\n1 passed, 0 failed, 0 skipped\n"}},
		{name: "its file", args: []string{"kept/good"}, says: []string{"\n1 passed, 0 failed, 0 skipped\n"}},
		{name: "a run that fails", args: []string{"-run", "kept/failed", "sh", "-c", "cat good; exit 3"}, status: 1, says: []string{"error: exit status 3"}},
		{name: "no such command", args: []string{"-run", "kept/none", "./missing"}, status: 1, says: []string{"error: ", "missing"}},
		{
			name: "an interrupt", args: []string{"-run", "kept/cut", "sh", "-c", "cat cut; kill -INT $PPID"}, status: 1,
			says: []string{"sqlite                  -       -         -        1 ", "error: p: 1 had begun and did not end: S1.2 b"},
		},
	} {
		var out strings.Builder
		status := run(test.args, test.required, &out)
		if status != test.status {
			t.Errorf("%s: status %d, want %d", test.name, status, test.status)
		}
		for _, part := range test.says {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%s: want %q in:\n%s", test.name, part, out.String())
			}
		}
	}
}

// TestThePageAndTheCases compares docs/semantics.md with the suite: the page must list every promise, and no promise may be
// without a test.
func TestThePageAndTheCases(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/semantics.md")
	if err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for _, rule := range report.Rules(string(page)) {
		// S8.3 is proved by running cases again with other settings, and S8.6 by each
		// backend's TestSessions.
		covered[rule.ID] = rule.ID == "S8.3" || rule.ID == "S8.6" || slices.Contains(report.OfTool(), rule.ID)
	}
	seen := map[string]bool{}
	for _, c := range suite.Cases() {
		if seen[c.Name] {
			t.Errorf("two cases are called %q: they cannot be told apart", c.Name)
		}
		seen[c.Name] = true
		if len(c.Rules()) == 0 {
			t.Errorf("case %q: its name does not begin with a rule", c.Name)
		}
		for _, id := range c.Rules() {
			if _, known := covered[id]; !known {
				t.Errorf("case %q: docs/semantics.md has no rule %s; correct the name, or add the rule", c.Name, id)
			}
			covered[id] = true
		}
	}
	for id, covered := range covered {
		if !covered {
			t.Errorf("%s has no case: add one to conformance/suite", id)
		}
	}
}
