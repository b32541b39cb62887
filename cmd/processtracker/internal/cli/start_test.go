package cli

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// start starts a run with the tool and returns its handle.
func (tl *tool) start(args ...string) string {
	tl.t.Helper()
	r := tl.run(append([]string{"start"}, args...)...).want(0)
	if !regexp.MustCompile(`^\d+:[0-9a-f]{32}\n$`).MatchString(r.stdout) || r.stderr != "" {
		tl.t.Fatalf("%q printed %q, %q", r.args, r.stdout, r.stderr)
	}
	return strings.TrimSpace(r.stdout)
}

// with returns the tool with one more variable in its environment.
func (tl *tool) with(name, value string) *tool {
	other := *tl
	other.env.Environ = append(append([]string(nil), tl.env.Environ...), name+"="+value)
	return &other
}

func TestStartWorkAndComplete(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	handle := tl.start("--process", "Teams Load", "--type", "Load", "--tool", "bash", "--actor", "cron", "--source", "Lahman")
	tl.run("start", "--process", "Teams Load").want(CodeAlreadyRunning, "already running: run 1, started by cron")
	in := tl.with(RunVariable, handle)
	in.run("error", "3 rows without a key", "--type", "Data Error").want(0, `run 1 of process "Teams Load" is running`)
	tl.run("error", "slow", "--run", handle).want(0)
	in.run("complete").want(0, `run 1 of process "Teams Load" is completed`)
	in.run("complete").want(0, `run 1 of process "Teams Load" is completed`) // a retry
	in.run("fail", "late").want(1, "has already ended: completed at")
	in.run("error", "late").want(1, "has already ended: completed at")
	tl.wantRun(1, "completed")
	tl.run("errors").want(0).wantColumn("TYPE", "Process Error", "Data Error")
}

func TestStartAndFail(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	for _, args := range [][]string{{"fail"}, {"fail", "no disk"}, {"fail", "no key", "--type", "Data Error", "--json"}} {
		in := tl.with(RunVariable, tl.start("--process", "P"))
		in.run(args...).want(0, "failed")
		in.run(args...).want(0, "failed") // a retry
	}
	tl.wantRun(3, "failed")
	tl.run("errors").want(0, "no disk", "no key").wantColumn("TYPE", "Data Error", "Process Error")
	tl.run("start", "--process", "P").want(CodeOnHold, "on hold")
}

// TestThreeProcesses runs the shell script in the help.
func TestThreeProcesses(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	script := `set -e
processtracker() { "$TOOL" ` + asTool + ` "$@"; }
PROCESSTRACKER_RUN=$(processtracker start --process "Teams Load") || exit
export PROCESSTRACKER_RUN
processtracker error "a line was skipped"
processtracker complete --json
PROCESSTRACKER_RUN=$(processtracker start --process "Teams Load" --after "Teams Load") || exit $?`
	c := exec.CommandContext(t.Context(), "sh", "-c", script)
	c.Env = append(append([]string(nil), tl.env.Environ...), "TOOL="+os.Args[0])
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != CodeError || !strings.Contains(stderr.String(), "cycle") {
		t.Errorf("%v: %s", err, &stderr)
	}
	if text := string(out); !strings.Contains(text, "is running\n{") || !strings.Contains(text, `"status":"completed"`) {
		t.Errorf("printed %s", text)
	}
	tl.wantRun(1, "completed")
}

func TestStartRefused(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tr, ctx := tl.tracker(), t.Context()
	least := int64(1)
	for _, err := range []error{
		tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "small", MaxMemory: &least}),
		tr.Registry().JoinCluster(ctx, "Large", "small"), tr.Registry().JoinCluster(ctx, "Small", "small"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tr.Start(ctx, tracker.Process{Name: "Small"}, &tracker.StartOptions{Needs: tracker.Capacity{Memory: 1}}); err != nil {
		t.Fatal(err)
	}
	named := []string{"--process", "Named", "--name", "2026-11-22"}
	tl.with(RunVariable, tl.start(named...)).run("complete").want(0)
	tl.start("--process", "Busy")
	if err := tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "small", MaxMemory: new(int64)}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code   int
		reason string
		args   []string
	}{
		{CodeAlreadyRunning, "already_running", []string{"--process", "Busy"}},
		{CodeDependency, "dependency", []string{"--process", "Child", "--after", "Busy"}},
		{CodeNoCapacity, "no_capacity", []string{"--process", "Large"}},
		{CodeAlreadyDone, "already_done", named},
	} {
		if r := tl.run(append([]string{"start"}, c.args...)...).want(c.code); r.stdout != "" || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%q printed %q, %q", r.args, r.stdout, r.stderr)
		}
		var document struct {
			Run     *string `json:"run"`
			Refusal struct {
				Reason string `json:"reason"`
			} `json:"refusal"`
		}
		tl.run(append([]string{"start", "--json"}, c.args...)...).want(c.code).json(&document)
		if document.Run != nil || document.Refusal.Reason != c.reason {
			t.Errorf("%q: %+v", c.args, document)
		}
	}
	tl.run("start", "--process", "Child", "--after", "Busy", "--redefine", "--tool", "Go").want(CodeDependency)
	tl.run("exec", "--process", "Child", "--tool", "Go", "--", "true").want(0) // the refused start has set no tool
	tl.run("start", "--process", "Child", "--tool", "bash").want(1, "--redefine")
	tl.run("start", "--process", " ").want(CodeUsage)
	tl.run("start").want(CodeUsage)
}

func TestStartJSON(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r := tl.run("start", "--process", "P", "--json").want(0, `"process":"P","run_id":1,"run_number":1,"started_at":"20`, `"refusal":null`)
	var document struct{ Run string }
	r.json(&document)
	tl.run("complete", "--json", "--run", document.Run).want(0, `"id":1,"process":"P","number":1,"status":"completed"`)
}

func TestStartFromWatermark(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.with(RunVariable, tl.start("--process", "P", "--from-watermark")).run("complete").want(0)
}

// A handle that cannot be printed would be lost, and the run would stay active.
func TestStartThatCannotBePrinted(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	env := tl.env
	var stderr bytes.Buffer
	env.Args, env.Stdout, env.Stderr = []string{"start", "--process", "P"}, full{}, &stderr
	if code := Main(t.Context(), env); code != CodeError || !strings.Contains(stderr.String(), "disk is full") {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
	tl.wantRun(1, "failed")
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk is full") }

// A command that exec runs does not get the handle of the enclosing run.
func TestExecHidesTheHandle(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	handle := tl.start("--process", "outer")
	r := tl.with(RunVariable, handle).run("exec", "--process", "inner", "--", "env").want(0)
	if strings.Contains(r.stdout, RunVariable+"=") {
		t.Errorf("the command gets the handle: %s", r.stdout)
	}
}
