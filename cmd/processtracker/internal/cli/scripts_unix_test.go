//go:build unix

package cli

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// script is a script in a document.
type script struct {
	file, text string
	line       int
}

func (s script) first() string {
	first, _, _ := strings.Cut(s.text, "\n")
	return first
}

// starts reports whether the script starts runs, which can be refused and fail.
func (s script) starts() bool {
	return regexp.MustCompile(`processtracker (exec|start)\b`).MatchString(s.text)
}

var fence = regexp.MustCompile("^ *```+ *([a-z]*)")

// marked is what a document says, before a block, of one that is not run here. What it
// may say is checked in conformance/pages.
var marked = regexp.MustCompile(`^<!-- (not run|run by): .* -->$`)

// scriptsIn returns the scripts of a document. Of a session in a console only the
// lines after a prompt are commands.
func scriptsIn(t *testing.T, root, file string) (all []script) {
	t.Helper()
	f, err := os.Open(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var language string
	var lines []string
	inside, begins, previous := false, 0, ""
	in := bufio.NewScanner(f)
	for n := 1; in.Scan(); n++ {
		line := in.Text()
		switch mark := fence.FindStringSubmatch(line); {
		case mark != nil && !inside:
			inside, language, lines, begins = true, mark[1], nil, n
			if marked.MatchString(previous) {
				language = ""
			}
		case mark != nil:
			inside = false
			if slices.Contains([]string{"console", "sh", "bash", "shell"}, language) {
				all = append(all, script{file, strings.Join(lines, "\n"), begins})
			}
		case inside && language != "console":
			lines = append(lines, line)
		case inside && strings.HasPrefix(line, "$ "):
			lines = append(lines, line[2:])
		}
		previous = line
	}
	if err := in.Err(); err != nil || inside {
		t.Fatalf("%s: %v, or a fence that is open at its end", file, err)
	}
	return all
}

// documentFiles are the README and everything under docs.
func documentFiles(t *testing.T, root string) []string {
	t.Helper()
	files := []string{"README.md"}
	err := fs.WalkDir(os.DirFS(root), "docs", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Every script in the documents does what it is shown for: it ends with 0 and a
// completed run; a refusal ends it with the refusal's code, before the load; and
// a load that fails ends it with an error, and the run as failed.
func TestScriptsInDocuments(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..", "..")
	ran := 0
	for _, file := range documentFiles(t, root) {
		for _, s := range scriptsIn(t, root, file) {
			ran++
			t.Run(s.file+": "+s.first(), func(t *testing.T) {
				t.Parallel()
				s.check(t)
			})
		}
	}
	if ran < 2 {
		t.Errorf("%d scripts were run: are there no more?", ran)
	}
}

// The script in the help of start is one of them.
func TestScriptInHelp(t *testing.T) {
	t.Parallel()
	var lines []string
	for line := range strings.Lines(startHelp) {
		if code, is := strings.CutPrefix(line, "  "); is {
			lines = append(lines, code)
		}
	}
	script{file: "startHelp", text: strings.Join(lines, "")}.check(t)
}

// A script that swallows the code of a refusal or of a load does not pass.
func TestScriptsThatSwallowCodes(t *testing.T) {
	t.Parallel()
	swallows := script{text: "export PROCESSTRACKER_RUN=$(processtracker start --process P)\n./load.sh && processtracker complete || processtracker fail"}
	refused := newScriptRun(t, swallows)
	refused.tool.run("exec", "--process", "P", "true").want(0)
	refused.tool.run("hold", "P", "--reason", "r").want(0)
	if refused.run(t, 0); !refused.loaded(t) {
		t.Error("the load of a script that swallows a refusal did not run")
	}
	if code := newScriptRun(t, swallows).run(t, 5); code != 0 {
		t.Errorf("a script that swallows its load's code ended with %d", code)
	}
}

func (s script) check(t *testing.T) {
	t.Helper()
	good := newScriptRun(t, s)
	if code := good.run(t, 0); code != 0 {
		t.Fatalf("%s:%d: exit code %d", s.file, s.line, code)
	}
	if !s.starts() {
		return
	}
	if runs := good.tool.runs(); len(runs) != 1 || runs[0].Status != "completed" || !good.loaded(t) {
		t.Errorf("%s:%d: runs: %+v, loaded: %t; want a completed one", s.file, s.line, runs, good.loaded(t))
	}
	process := good.tool.runs()[0].Process
	refused := newScriptRun(t, s)
	refused.tool.run("exec", "--process", process, "true").want(0)
	refused.tool.run("hold", process, "--reason", "to be looked at").want(0)
	if code := refused.run(t, 0); code != CodeOnHold || refused.loaded(t) {
		t.Errorf("%s:%d: on hold, exit code %d, loaded: %t; want %d, and no load", s.file, s.line, code, refused.loaded(t), CodeOnHold)
	}
	busy := newScriptRun(t, s)
	busy.tool.run("start", "--process", process).want(0)
	if code := busy.run(t, 0); code != CodeAlreadyRunning || busy.loaded(t) {
		t.Errorf("%s:%d: already running, exit code %d, loaded: %t; want %d, and no load", s.file, s.line, code, busy.loaded(t), CodeAlreadyRunning)
	}
	failing := newScriptRun(t, s)
	if code := failing.run(t, 5); code == 0 || !failing.loaded(t) {
		t.Errorf("%s:%d: the load failed, exit code %d, loaded: %t; want an error", s.file, s.line, code, failing.loaded(t))
	}
	failing.tool.wantRun(1, "failed")
}

// scriptRun is a directory in which a script runs: with a load, and the tool on
// its path.
type scriptRun struct {
	script

	tool *tool
}

func newScriptRun(t *testing.T, s script) scriptRun {
	t.Helper()
	tl := newSetUp(t)
	self, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"bin/processtracker": "exec '" + self + "' " + asTool + ` "$@"`,
		"load.sh":            "touch loaded; exit \"$LOAD_CODE\"",
	} {
		path := filepath.Join(tl.home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil { //nolint:gosec // it is to be run
			t.Fatal(err)
		}
	}
	return scriptRun{s, tl}
}

// run runs the script with a load that ends with that code, and returns the
// script's own.
func (r scriptRun) run(t *testing.T, load int) int {
	t.Helper()
	bash := exec.CommandContext(t.Context(), "bash", "-e", "-c", r.text)
	bash.Dir = r.tool.home
	bash.Env = append(slices.Clone(r.tool.env.Environ), "LOAD_CODE="+number(int64(load)),
		"PATH="+filepath.Join(r.tool.home, "bin")+":"+os.Getenv("PATH"))
	said, err := bash.CombinedOutput()
	t.Logf("%s:%d, with a load that ends with %d: %v\n%s", r.file, r.line, load, err, said)
	if ended := errors.As(err, new(*exec.ExitError)); err != nil && !ended {
		t.Fatal(err)
	}
	return bash.ProcessState.ExitCode()
}

func (r scriptRun) loaded(t *testing.T) bool {
	t.Helper()
	_, err := os.Stat(filepath.Join(r.tool.home, "loaded"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}
