//go:build unix

package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is the tool in its own process, without a terminal.
type process struct {
	t   *testing.T
	cmd *exec.Cmd
	out *bufio.Reader
}

// bounded returns a context that ends with the test, or after more time than a program
// can need: then the program is killed, and the test fails instead of waiting forever.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func startTool(t *testing.T, tl *tool, prepare func(*exec.Cmd), args ...string) *process {
	t.Helper()
	cmd := exec.CommandContext(bounded(t), os.Args[0], append([]string{asTool}, args...)...)
	cmd.Env = tl.env.Environ
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if prepare != nil {
		prepare(cmd)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &process{t, cmd, bufio.NewReader(stdout)}
}

func (p *process) wantLine(want string) {
	p.t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil || strings.TrimSpace(line) != want {
		p.t.Fatalf("the command says %q, %v; want %q", line, err, want)
	}
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) wantCode(want int) {
	p.t.Helper()
	_, _ = io.Copy(io.Discard, p.out)
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	if got := p.cmd.ProcessState.ExitCode(); got != want {
		p.t.Fatalf("exit code %d (%s), want %d", got, p.cmd.ProcessState, want)
	}
}

func TestExecForwardsSignals(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	p := startTool(t, tl, nil, "exec", "--process", "P", "--", os.Args[0], asChild, "signals")
	p.wantLine("ready")
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGTERM} {
		if signal.Ignored(s) {
			t.Logf("these tests were started with %v ignored, as nohup does: it is not sent", s)
			continue
		}
		p.signal(s)
		p.wantLine(s.String())
	}
	p.wantCode(7)
	tl.wantRun(1, "failed")
}

// The signal that ends the command has also cancelled the tool's context; the run is
// failed nevertheless.
func TestExecTerminated(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	p := startTool(t, tl, nil, "exec", "--process", "P", "--", os.Args[0], asChild, "wait")
	p.wantLine("ready")
	p.signal(syscall.SIGTERM)
	p.wantCode(128 + 15)
	tl.wantRun(1, "failed")
	tl.run("errors").want(0, "signal: terminated")
}

// If exec ignores SIGHUP, as under nohup, its command ignores it, too.
func TestExecKeepsIgnoredSignals(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	p := startTool(t, tl, func(c *exec.Cmd) {
		c.Args = append([]string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`}, c.Args...)
		c.Path = "/bin/sh"
	}, "exec", "--process", "P", "--", os.Args[0], asChild, "wait")
	p.wantLine("ready")
	p.signal(syscall.SIGHUP)
	p.signal(syscall.SIGTERM)
	p.wantCode(128 + 15) // not 128+1
}

// If the reader of the tool's standard error is gone, the command gets a broken pipe,
// as it would without the tool, and the run ends.
func TestExecBrokenPipe(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	var stderr io.ReadCloser
	p := startTool(t, tl, func(c *exec.Cmd) {
		var err error
		if stderr, err = c.StderrPipe(); err != nil {
			t.Fatal(err)
		}
	}, "exec", "--process", "P", "--", os.Args[0], asChild, "chatter")
	if _, err := bufio.NewReader(stderr).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := stderr.Close(); err != nil {
		t.Fatal(err)
	}
	p.wantCode(128 + 13)
	tl.wantRun(1, "failed")
}

// A signal that arrives after the command's end stops the attempts to record it.
func TestExecEndIsGivenUpBySignal(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	var stderr io.ReadCloser
	p := startTool(t, tl, func(c *exec.Cmd) {
		var err error
		if stderr, err = c.StderrPipe(); err != nil {
			t.Fatal(err)
		}
	}, "exec", "--process", "P", "--", os.Args[0], asChild, "hide", tl.dsn)
	said := bufio.NewReader(stderr)
	line, err := said.ReadString('\n')
	if err != nil || !strings.Contains(line, "send a signal to give up") {
		t.Fatalf("exec says %q, %v", line, err)
	}
	p.signal(syscall.SIGTERM)
	rest, err := io.ReadAll(said)
	if err != nil || !strings.Contains(string(rest), `NOT RECORDED`) || !strings.Contains(string(rest), `given up because of the signal "terminated"`) {
		t.Errorf("exec says %q, %v", rest, err)
	}
	p.wantCode(CodeNotRecorded)
}
