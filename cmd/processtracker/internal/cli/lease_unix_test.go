//go:build unix

package cli

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func TestStartWithALease(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	handle := tl.run("start", "--process", "P", "--lease", "30m").want(0).stdout
	tl.run("start", "--process", "P", "--lease", "30m").want(CodeAlreadyRunning, "with a lease until 2")
	tl.die()
	tl.run("renew", "--run", handle).want(0, `run 1 of process "P" is running`)
	tl.run("start", "--process", "P").want(CodeAlreadyRunning)
	tl.die()
	tl.run("renew", "--run", handle, "--lease", "1h").want(0, `run 1 of process "P" is running`)
	tl.run("renew", "--run", handle, "--lease", "-1h").want(CodeUsage, "lease", "too short")
	tl.run("start", "--process", "P").want(CodeAlreadyRunning)
	tl.die()
	tl.run("start", "--process", "P", "--lease", "30m").want(0)
	tl.run("complete", "--run", handle).want(CodeError, "run 1", "lease lost")
	tl.run("renew", "--run", handle).want(CodeError, "lease lost")
	tl.wantRun(2, "running")
	tl.run("errors").want(0, "lease expired")
	tl.run("start", "--process", "P", "--lease", "-1s").want(CodeUsage, "lease", "negative")
}

// Commands that work on a run do not change the length of its lease.
func TestLeaseKeepsItsLength(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	handle := tl.run("start", "--process", "P", "--lease", "30m").want(0).stdout
	for _, args := range [][]string{{"error", "odd", "--run", handle}, {"renew", "--run", handle}, {"renew", "--lease", "5m", "--run", handle}} {
		tl.die()
		tl.run(args...).want(0)
		left := time.Until(tl.leaseUntil())
		if (left - 30*time.Minute).Abs() > time.Minute {
			t.Errorf("after %s the lease lasts for %v", args[0], left)
		}
	}
	tl.run("renew", "--lease", "2h", "--run", handle).want(0)
	if left := time.Until(tl.leaseUntil()); (left - 2*time.Hour).Abs() > time.Minute {
		t.Errorf("extended, the lease lasts for %v", left)
	}
}

// leaseUntil returns the end of the latest run's lease.
func (tl *tool) leaseUntil() time.Time {
	tl.t.Helper()
	var all []struct {
		LeaseUntil time.Time `json:"lease_until"`
	}
	tl.run("runs", "--json", "--limit", "1").want(0).json(&all)
	return all[0].LeaseUntil
}

func TestDeadRunsAreShown(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("start", "--process", "Dead", "--lease", "30m").want(0)
	tl.die()
	tl.run("status").want(0, "running   0", "expired   1 (", "processtracker reap", "Dead, run 1, running (lease expired)")
	tl.run("start", "--process", "Alive", "--lease", "30m").want(0)
	tl.run("start", "--process", "Without").want(0)
	tl.run("exec", "--process", "Ended", "--", "true").want(0)
	var status struct{ Running, Expired int }
	tl.run("status", "--json").want(0).json(&status)
	if status.Running != 2 || status.Expired != 1 {
		t.Errorf("status: %+v", status)
	}
	for line := range strings.SplitSeq(tl.run("runs").want(0).stdout, "\n") {
		for process, lease := range map[string]string{"Dead": "running    expired", "Alive": "running    held", "Without": "running    none", "Ended": "completed  "} {
			if strings.Contains(line, process) && !strings.Contains(line, lease) {
				t.Errorf("%s is shown as %q", process, line)
			}
		}
	}
	want := map[string]bool{"Dead": true}
	for _, run := range tl.runs() {
		if run.LeaseExpired != want[run.Process] {
			t.Errorf("%s: %+v", run.Process, run)
		}
	}
	tl.run("exec", "--process", "Child", "--after", "Dead", "--", "true").want(CodeDependency, "its lease has expired", "processtracker reap")
	tl.run("reap", "--process", "Dead").want(0)
	tl.run("history").want(0, "lease expired")
	tl.run("exec", "--process", "Fails", "--", "sh", "-c", "echo no disk >&2; exit 3").want(3)
	tl.run("history", "--process", "Fails").want(0, "exit status 3", "no disk")
}

func TestStartWithoutALease(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	handle := tl.run("start", "--process", "P").want(0).stdout
	tl.die()
	tl.run("start", "--process", "P").want(CodeAlreadyRunning, "without a lease")
	tl.run("reap").want(0, "ended 0 runs")
	tl.run("complete", "--run", handle).want(0)
}

func TestReap(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	for _, process := range []string{"A", "B", "C"} {
		tl.run("start", "--process", process, "--lease", "30m").want(0)
	}
	tl.run("start", "--process", "D").want(0)
	tl.run("reap").want(0, "ended 0 runs")
	tl.die()
	tl.run("reap", "--dry-run").want(0, `would end run 1 of process "A" (id 1), started by `, "would end 3 runs")
	tl.run("reap", "--process", "B", "--hold").want(0, `ended run 1 of process "B"`, "ended 1 run\n")
	tl.run("start", "--process", "B").want(CodeOnHold, "the lease of run 1 expired")
	var all []struct {
		Process string `json:"process"`
	}
	tl.run("reap", "--json").want(0).json(&all)
	if len(all) != 2 || all[0].Process != "A" || all[1].Process != "C" {
		t.Errorf("reaped %+v", all)
	}
	tl.run("reap", "--force").want(CodeUsage, "force", "say which process or run")
	tl.run("reap", "--run-id", "4", "--reason", "gone").want(CodeUsage, "reason", "force the end")
	tl.run("reap", "--run-id", "4", "--force", "--reason", "the machine is gone").want(0, `ended run 1 of process "D"`)
	tl.run("errors").want(0, "the machine is gone")
}

// A run that is ended from outside ends its command, which has time to say so.
func TestExecLostLease(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r := loseLease(t, tl, `trap 'echo told >&2; exit 7' TERM; : >"$0"; `+goesOn)
	r.want(7, "ending the command with TERM", "told", "NOT RECORDED", "lease lost")
	tl.wantRun(1, "failed")
}

// loseLease ends the run of a script from outside, once the script has made the file that $0 names.
func loseLease(t *testing.T, tl *tool, script string) *result {
	t.Helper()
	tr := tl.tracker()
	tl.env.Heartbeat = 20 * time.Millisecond // the lease is far longer: no stall of the machine ends it
	ready := filepath.Join(t.TempDir(), "ready")
	ended := make(chan *result, 1)
	go func() {
		ended <- tl.run("exec", "--process", "P", "--lease", "1h", "--", "sh", "-c", script, ready)
	}()
	for {
		if _, err := os.Stat(ready); err == nil {
			break
		}
		if len(ended) > 0 {
			t.Fatalf("exec ended by itself: %s", (<-ended).stderr)
		}
		time.Sleep(5 * time.Millisecond)
	}
	if runs, err := tr.Admin().Reap(t.Context(), tracker.ReapOptions{Process: "P", Force: true}); err != nil || len(runs) != 1 {
		t.Fatalf("ended %d runs, error %v", len(runs), err)
	}
	return <-ended
}

func TestExecKilled(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	var input io.WriteCloser // the command waits for it and outlives the tool
	prepare := func(cmd *exec.Cmd) {
		var err error
		if input, err = cmd.StdinPipe(); err != nil {
			t.Fatal(err)
		}
	}
	p := startTool(t, tl, prepare, "exec", "--process", "P", "--lease", "30m", "--", "sh", "-c", "echo ready; cat")
	defer func() { _ = input.Close() }()
	p.wantLine("ready")
	tl.run("start", "--process", "P").want(CodeAlreadyRunning)
	p.signal(os.Kill)
	tl.run("start", "--process", "P").want(CodeAlreadyRunning, "with a lease until 2")
	tl.die() // as if nothing had renewed it
	tl.run("start", "--process", "P").want(0)
	tl.wantRun(2, "running")
}
