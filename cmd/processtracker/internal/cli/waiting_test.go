package cli

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// listener is a standard error that calls a function the first time it receives a word.
type listener struct {
	mu    sync.Mutex
	heard bytes.Buffer
	word  string
	then  func()
}

func (l *listener) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.heard.Write(p)
	if l.then != nil && strings.Contains(l.heard.String(), l.word) {
		l.then()
		l.then = nil
	}
	return n, err
}

// hearing runs the tool, and calls then when the tool reports that it waits.
func (tl *tool) hearing(ctx context.Context, then func(), args ...string) *result {
	tl.t.Helper()
	var stdout bytes.Buffer
	stderr := &listener{word: "waiting, for up to", then: then}
	env := tl.env
	env.Args, env.Stdin, env.Stdout, env.Stderr = args, strings.NewReader(""), io.Writer(&stdout), stderr
	code := Main(ctx, env)
	return &result{t: tl.t, args: args, code: code, stdout: stdout.String(), stderr: stderr.heard.String()}
}

func TestExecWaitsForTheRunThatBlocksIt(t *testing.T) {
	t.Parallel()
	for _, command := range [][]string{
		{"exec", "--process", "Load", "--wait", "1h", "--", "echo", "it ran"},
		{"start", "--process", "Load", "--wait", "1h"},
	} {
		tl := newSetUp(t)
		handle := tl.start("--process", "Load", "--actor", "cron")
		end := func() { tl.run("complete", "--run", handle).want(0) }
		r := tl.hearing(t.Context(), end, command...).want(0, `waiting, for up to 1h0m0s: process "Load" is already running: run 1, started by cron`)
		if strings.Count(r.stderr, "\n") != 1 || r.stdout == "" {
			t.Errorf("%q printed %q, %q", r.args, r.stdout, r.stderr)
		}
		if all := tl.runs(); len(all) != 2 {
			t.Errorf("runs: %+v", all)
		}
	}
}

// Ctrl-C during a wait leaves no run, and reports the refusal that caused the wait.
func TestExecThatWaitsIsInterrupted(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.start("--process", "Load")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	tl.hearing(ctx, cancel, "exec", "--process", "Load", "--wait", "1h", "--actor", "poller", "--", "echo", "it ran").
		want(CodeAlreadyRunning, "stopped waiting after ", "already running: run 1")
	if all := tl.runs(); len(all) != 1 {
		t.Errorf("runs: %+v", all)
	}
	tl.run("why", "Load").want(CodeAlreadyRunning, "refused   1 start by poller")
}

func TestInvalidWaits(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.start("--process", "Load")
	tl.run("exec", "--process", "Load", "--wait", "1ms", "--", "true").want(CodeAlreadyRunning, "waited for ", ": process")
	for _, c := range []struct {
		code int
		args []string
		says string
	}{
		{CodeUsage, []string{"start", "--process", "Load", "--wait", "-1s"}, "--wait -1s is negative"},
		{CodeExecError, []string{"exec", "--process", "Load", "--wait", "-1s", "--", "true"}, "--wait -1s is negative"},
		{CodeExecError, []string{"exec", "--process", "Load", "--timeout", "-1s", "--", "true"}, "--timeout -1s is negative"},
		{CodeExecError, []string{"exec", "--process", "Load", "--retries", "-1", "--", "true"}, "--retries -1 is negative"},
		{CodeExecError, []string{"exec", "--process", "Load", "--retry-delay", "1s", "--", "true"}, "--retry-delay is given without --retries"},
		{CodeUsage, []string{"wait", "Load", "--for", "running"}, `--for "running" is not known; give completed or startable`},
		{CodeUsage, []string{"wait", "Load", "--timeout", "-1s"}, "--timeout -1s is negative"},
		{CodeUsage, []string{"wait"}, "an argument is missing"},
		{CodeError, []string{"wait", "Loaf"}, `process "Loaf": not found; did you mean "Load"?`},
		{CodeError, []string{"wait", "Loaf", "--for", "startable"}, `process "Loaf": not found; did you mean "Load"?`},
	} {
		tl.run(c.args...).want(c.code, c.says)
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tr := tl.tracker()
	if err := tr.Registry().AddDependency(t.Context(), "Report", "Load", tracker.DependencyOptions{}); err != nil {
		t.Fatal(err)
	}
	tl.run("wait", "Load", "--timeout", "0").want(CodeDependency, "not completed after ", `: process "Load" has not run yet`)
	handle := tl.start("--process", "Load")
	tl.run("wait", "Load", "--timeout", "0").want(CodeAlreadyRunning, `run 1 of process "Load" is running`)
	tl.run("wait", "Report", "--for", "startable", "--timeout", "0").want(CodeDependency, `"Load" is running (to see why, run: processtracker why "Report")`)
	end := func() { tl.run("complete", "--run", handle).want(0) }
	tl.hearing(t.Context(), end, "wait", "Report", "--for", "startable").want(0, `process "Report" is able to start`)
	tl.run("wait", "Load", "--json").want(0, `{"process":"Load","for":"completed","met":true}`)
	tl.run("exec", "--process", "Load", "--", "false").want(1)
	tl.run("wait", "Load", "--timeout", "0").want(CodeDependency, `run 2 of process "Load" has ended as failed`)
	tl.run("hold", "Load", "--reason", "look").want(0)
	tl.run("wait", "Load", "--timeout", "0").want(CodeOnHold, `process "Load" is on hold: look`)
}
