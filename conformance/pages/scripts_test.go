//go:build unix

package pages

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// starts finds what a block starts: runs, which can be refused and fail.
var starts = regexp.MustCompile(`processtracker (?:exec|start)\b.* --process (?:"([^"]+)"|([^\s)]+))`)

// The scripts in testdata/scripts say what a block of commands has to do. It is the
// file commands in the directory of a script, beside a load.sh that it may call.
const (
	succeeds = "testdata/scripts/succeeds.txtar"
	swallows = "testdata/scripts/swallows.txtar"
)

var ofStarts = []string{
	"testdata/scripts/completes.txtar", "testdata/scripts/is-refused-on-hold.txtar",
	"testdata/scripts/is-refused-while-running.txtar", "testdata/scripts/fails.txtar",
}

// Every command in the documents does what it is shown for: it ends with 0, and the
// run that it starts is completed. If the start is refused, it ends with the
// refusal's code, before the load; if the load fails, so does the run.
func TestCommandsInDocuments(t *testing.T) {
	t.Parallel()
	all, err := All(root)
	if err != nil {
		t.Fatal(err)
	}
	bin, ran := tool(t), 0
	for _, b := range all {
		if b.Mark != Run || b.Commands() == "" {
			continue
		}
		ran++
		t.Run(b.String(), func(t *testing.T) {
			t.Parallel()
			commands(b.Commands(), bin).run(t)
		})
	}
	if ran < 20 {
		t.Errorf("%d blocks were run: are there no more?", ran)
	}
	t.Run("commands that swallow codes do not pass", func(t *testing.T) {
		t.Parallel()
		s := commands("export PROCESSTRACKER_RUN=$(processtracker start --process P)\n./load.sh && processtracker complete || processtracker fail\n", bin)
		s.files = []string{swallows}
		s.run(t)
	})
}

// script is commands, and the scripts that run them.
type script struct {
	commands, process string
	bin               string // the directory of the tool
	world             string // a directory to begin with; empty for none
	files             []string
}

func commands(text, bin string) script {
	s := script{commands: text, bin: bin, files: []string{succeeds}}
	if found := starts.FindStringSubmatch(text); found != nil {
		s.process, s.files = found[1]+found[2], ofStarts
	}
	return s
}

func (s script) run(t *testing.T) {
	t.Helper()
	testscript.Run(t, testscript.Params{Files: s.files, Setup: s.prepare})
}

// prepare writes the commands and the load beside a script's files.
func (s script) prepare(env *testscript.Env) error {
	env.Vars = append(env.Vars, environ(env.WorkDir, s.bin, env.Getenv("PATH"))...)
	env.Setenv("PROCESS", s.process)
	if s.world != "" {
		if err := os.CopyFS(env.WorkDir, os.DirFS(s.world)); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(env.WorkDir, "commands"), []byte(s.commands), 0o600); err != nil {
		return err
	}
	const load = "#!/bin/sh\ntouch loaded\nexit ${LOAD_CODE:-0}\n"
	return os.WriteFile(filepath.Join(env.WorkDir, "load.sh"), []byte(load), 0o700)
}

// environ is the environment of commands that work in a directory.
func environ(dir, bin, path string) []string {
	return []string{"HOME=" + dir, "PROCESSTRACKER_DSN=sqlite:" + filepath.Join(dir, "tracker.db"), "PATH=" + bin + string(filepath.ListSeparator) + path}
}

// tool builds the command-line tool, and returns its directory.
func tool(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ours+"cmd/processtracker")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}
