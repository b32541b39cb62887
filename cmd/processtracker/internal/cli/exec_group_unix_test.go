//go:build unix

package cli

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// goesOn is a script that runs until it is killed. If it is not, its output makes the
// test fail after a while.
const goesOn = "n=0; while [ $n -lt 6000 ]; do sleep 0.01; n=$((n+1)); done; echo lived on"

// wantGone checks that exec has left no process of the group whose number the command
// has printed.
func wantGone(t *testing.T, group string) {
	t.Helper()
	id, err := strconv.Atoi(strings.TrimSpace(group))
	if err != nil {
		t.Fatalf("the command says %q, which is no group", group)
	}
	if err := unix.Kill(-id, 0); err != syscall.ESRCH { //nolint:errorlint // a bare number
		t.Errorf("something of the group %d is left: %v", id, err)
	}
}

// S4.8: the processes that a command has left behind in its group end before exec returns.
func TestExecEndsProcessesThatTheCommandLeavesBehind(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script string
		code   int
		says   string
	}{
		"children":                               {"sleep 1000 & sleep 1000 & echo $$", 0, "left processes behind"},
		"grandchildren":                          {"(sh -c 'sleep 1000 & wait' & wait) & echo $$", 0, "left processes behind"},
		"of a command that fails":                {"sleep 1000 & echo $$; exit 3", 3, "left processes behind"},
		"a child that ignores TERM":              {"trap '' TERM; (" + goesOn + ") & echo $$", 0, "left processes behind"},
		"a child that is about to end":           {"(sleep 0.01; echo late >&2) & echo $$", 0, "late"},
		"a child that holds none of its streams": {"sleep 1000 </dev/null >/dev/null 2>&1 & echo $$", 0, "left processes behind"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tl := newSetUp(t)
			tl.env.Grace, tl.env.Stragglers = 50*time.Millisecond, 500*time.Millisecond
			if name == "a child that is about to end" {
				tl.env.Stragglers = time.Minute
			}
			r := tl.run("exec", "--process", "P", "--", "sh", "-c", c.script).want(c.code, c.says)
			wantGone(t, r.stdout)
			status := map[int]string{0: "completed", 3: "failed"}
			tl.wantRun(1, status[c.code])
		})
	}
}

// S4.8: a signal goes to every process that the command has started.
func TestExecTerminatesTheGroup(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	marker := filepath.Join(t.TempDir(), "marker")
	p := startTool(t, tl, nil, "exec", "--process", "P", "--", "sh", "-c", `echo $$; sleep 1000; echo done > "$0"`, marker)
	group, err := p.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGTERM)
	p.wantCode(128 + 15)
	wantGone(t, group)
	if _, err := os.Stat(marker); err == nil {
		t.Error("the script went on")
	}
	tl.wantRun(1, "failed")
	tl.run("errors").want(0, "signal: terminated", `processtracker had forwarded the signal "terminated"`)
}

// S4.8: when the lease is lost, the whole command ends, even processes that ignore TERM.
func TestExecLostLeaseEndsTheGroup(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.env.Grace = 50 * time.Millisecond
	r := loseLease(t, tl, "echo $$; trap '' TERM; ("+goesOn+`) & : >"$0"; wait; wait; `+goesOn)
	r.want(128+9, "ending the command with TERM", "NOT RECORDED", "lease lost")
	wantGone(t, r.stdout)
}

// A process that has left the group is not ended, and does not delay the end of the run.
func TestExecDoesNotWaitForAnotherSession(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r, w, err := os.Pipe() // the process left behind lives until w is closed
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Close(), w.Close() })
	env := tl.env
	n := &notices{await: "a program that it left behind", seen: make(chan struct{})}
	env.Stdin, env.Stderr, env.Stragglers = r, n, 100*time.Millisecond
	env.Args = []string{"exec", "--process", "P", "--", os.Args[0], asChild, "leave"}
	if code := Main(t.Context(), env); code != 0 {
		t.Errorf("exit code %d: %s", code, n.text.String())
	}
	select {
	case <-n.seen:
	default:
		t.Errorf("exec does not say what it left: %s", n.text.String())
	}
	tl.wantRun(1, "completed")
}

// S4.8: if exec is killed, the command's whole group is killed with it. A process that
// survived would print something after a while. A signal that arrives shows that exec
// has continued since the command's start.
func TestExecKilledTakesTheGroupAlong(t *testing.T) {
	t.Parallel()
	// Not one long sleep: it would be over if the whole test was stopped for as long.
	const later = "n=0; while [ $n -lt 60 ]; do sleep 1; n=$((n+1)); done; echo alive"
	for name, started := range map[string]string{
		"the command":               "sleep 600",
		"a child":                   "(" + later + ")",
		"a grandchild":              "sh -c '(" + later + ") & wait'",
		"an orphan":                 "sh -c '(" + later + ") &'; sleep 600",
		"a child that ignores TERM": "(trap '' TERM; " + later + ")",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tl := newSetUp(t)
			p := startTool(t, tl, nil, "exec", "--process", "P", "--lease", "1h", "--", "sh", "-c",
				"trap '' USR1; "+started+" & trap 'echo ready' USR1; echo started; wait; wait; echo alive")
			p.wantLine("started")
			p.signal(syscall.SIGUSR1)
			p.wantLine("ready")
			p.signal(syscall.SIGKILL)
			rest, err := io.ReadAll(p.out) // ends when no process has the pipe any more
			if err != nil || len(rest) > 0 {
				t.Errorf("something of the command lived on: %q, %v", rest, err)
			}
			_ = p.cmd.Wait()
			tl.wantRun(1, "running")
		})
	}
}

// The guard ends with exec, and does not affect later processes.
func TestExecLeavesNoGuard(t *testing.T) {
	t.Parallel()
	g := startGuard()
	if g == nil {
		t.Skip("no /bin/sh")
	}
	g.watch(unix.Getpgrp()) // which the guard would kill, and this test with it
	g.close()
	if !g.shell.ProcessState.Success() {
		t.Errorf("the guard ended with %s", g.shell.ProcessState)
	}
	var none *guard
	none.watch(1)
	none.close()
}
