//go:build unix

package pages

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// notPasted says of examples in help texts why no test runs them.
var notPasted = map[string]string{
	"processtracker actor delete":                      "the actor's runs have to be purged first",
	"processtracker serve":                             "a server has to listen",
	"processtracker demo":                              "make demo runs it",
	"processtracker grants":                            "SQLite has no roles; conformance/suite runs what it prints",
	"processtracker extract register --location s3://": "needs a bucket",
}

// before has the commands whose work the examples of another undo.
var before = map[string]string{
	"processtracker cluster leave":           `processtracker cluster join spark "Teams Load"`,
	"processtracker contact unassign":        `processtracker contact assign "Data Team" "Teams Load"`,
	"processtracker contact unassign-system": `processtracker contact assign-system "Data Team" shop`,
	"processtracker dependency remove":       `processtracker dependency add "Teams Load" "Teams Extract"`,
}

// The examples in the help of each command work as they stand, one after the other, in
// a database that has what they name.
func TestExamplesInHelp(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "docs", "commands.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := Of("docs/commands.md", string(text))
	if err != nil {
		t.Fatal(err)
	}
	bin := tool(t)
	made := world(t, bin)
	for _, b := range blocks {
		usage := regexp.MustCompile(`(?m)^Usage:\n  (processtracker[a-z -]*?)(?: \[|[ ]--| [A-Z]|$)`).FindStringSubmatch(b.Text)
		if usage == nil {
			continue // a topic
		}
		t.Run(usage[1], func(t *testing.T) {
			t.Parallel()
			_, after, has := strings.Cut(b.Text, "\nExamples:\n")
			if !has {
				t.Fatalf("%s: the help has no example", b)
			}
			examples, _, _ := strings.Cut(after, "\n\n")
			script{commands: before[usage[1]] + "\n" + pasted(examples), bin: bin, world: made, files: []string{"testdata/scripts/is-pasted.txtar"}}.run(t)
		})
	}
}

// The script in the help of start does what one on a page does.
func TestScriptInHelp(t *testing.T) {
	t.Parallel()
	bin := tool(t)
	help, err := exec.CommandContext(t.Context(), filepath.Join(bin, "processtracker"), "start", "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?m)^  PROCESSTRACKER_RUN=.*\n(?:  .*\n)+`).FindString(string(help))
	s := commands(text, bin)
	if s.process == "" {
		t.Fatalf("there is no script in\n%s", help)
	}
	s.run(t)
}

// pasted returns the examples that are run.
func pasted(examples string) string {
	var lines strings.Builder
	for line := range strings.Lines(examples) {
		line = strings.TrimSpace(line)
		run := true
		for prefix := range notPasted {
			run = run && !strings.HasPrefix(line, prefix)
		}
		if run {
			lines.WriteString(line + "\n")
		}
	}
	return lines.String()
}

// world makes a directory with a database that has what examples name.
func world(t *testing.T, bin string) string {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("testdata", "world.sh"))
	if err != nil {
		t.Fatal(err)
	}
	made := exec.CommandContext(t.Context(), "bash", "-eu", script)
	made.Dir = t.TempDir()
	made.Env = environ(made.Dir, bin, os.Getenv("PATH"))
	if out, err := made.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return made.Dir
}
