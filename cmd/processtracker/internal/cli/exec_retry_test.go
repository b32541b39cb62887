package cli

import (
	"path/filepath"
	"testing"
	"time"
)

// failing is a script that fails until it has been run a number of times.
func (tl *tool) failing(times string) []string {
	counter := filepath.Join(tl.home, "counter")
	return []string{"sh", "-c", `echo x >> "$1"; [ $(wc -l < "$1") -gt "$2" ] || { echo "failed for $PROCESSTRACKER_RUN_NUMBER" >&2; exit 7; }`, "sh", counter, times}
}

func TestExecRetries(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	args := append([]string{"exec", "--process", "Load", "--name", "2026-11-22", "--retries", "3", "--retry-delay", "1ms", "--json", "--"}, tl.failing("2")...)
	tl.run(args...).want(0, "run 1 failed with exit code 7; it is tried again in 1ms, 3 more times at most", "run 2 failed with exit code 7", `"tries":3`)
	tl.run("runs", "--process", "Load").want(0).wantColumn("STATUS", "completed", "failed", "failed")
	tl.run("errors").want(0, "failed for 1", "failed for 2")
}

func TestExecRetriesTheGivenNumberOfTimes(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run(append([]string{"exec", "--process", "Load", "--retries", "1", "--"}, tl.failing("9")...)...).want(7)
	tl.run("runs").want(0).wantColumn("STATUS", "failed", "failed")
	tl.run(append([]string{"exec", "--process", "Load", "--retries", "5", "--"}, tl.failing("9")...)...).want(7, "not tried again: process \"Load\" is on hold")
	tl.run("runs").want(0).wantColumn("STATUS", "failed", "failed", "failed")
	tl.run("why", "Load").want(CodeOnHold, "processtracker release")
}

// A command that cannot be run is not retried.
func TestExecDoesNotRetryInVain(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "Load", "--retries", "2", "--", filepath.Join(tl.home, "none")).want(CodeNotFound)
	tl.run("runs").want(0).wantColumn("STATUS", "failed")
}

func TestExecEndsACommandThatTakesTooLong(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "Load", "--timeout", "50ms", "--", "sleep", "3600").
		want(CodeTimedOut, "ending the command with TERM: it took longer than --timeout 50ms")
	tl.run("errors").want(0, "it took longer than --timeout 50ms")
	// A command that was terminated has not done its work, even if it then succeeds.
	tl.run("exec", "--process", "Load", "--timeout", "200ms", "--", "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.01; done").want(CodeTimedOut)
	tl.run("exec", "--process", "Load", "--timeout", "1h", "--", "true").want(0)
	tl.run("runs").want(0).wantColumn("STATUS", "completed", "failed", "failed")
	deaf := *tl
	deaf.env.Grace = 50 * time.Millisecond
	deaf.run("exec", "--process", "Load", "--timeout", "50ms", "--", "sh", "-c", "trap '' TERM; while :; do sleep 0.01; done").want(CodeTimedOut)
	tl.run("runs", "--limit", "1").want(0).wantColumn("STATUS", "failed")
}
