package cli

import (
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestLastFailureSaysWhatFollows covers every way in which a run can fail.
func TestLastFailureSaysWhatFollows(t *testing.T) {
	t.Parallel()
	for what, fail := range map[string]func(tl *tool) *result{
		"exec": func(tl *tool) *result { return tl.run("exec", "--process", "P", "--", "false").want(1) },
		"fail": func(tl *tool) *result {
			handle := strings.TrimSpace(tl.run("start", "--process", "P").want(0).stdout)
			return tl.run("fail", "--run", handle).want(0)
		},
		"reap": func(tl *tool) *result {
			tl.run("start", "--process", "P").want(0)
			return tl.run("reap", "--process", "P", "--force").want(0)
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			tl := newSetUp(t)
			const says = `the latest 3 runs of process "P" failed: its next start is refused and puts it on hold; when the cause is gone, run: processtracker release "P" --reason TEXT`
			for range tracker.DefaultMaxFailures - 1 {
				if r := fail(tl); strings.Contains(r.stderr, "hold") {
					t.Errorf("an earlier failure says %s", r.stderr)
				}
			}
			if r := fail(tl); strings.Count(r.stderr, says) != 1 {
				t.Errorf("the third failure says %s", r.stderr)
			}
			tl.run("start", "--process", "P").want(CodeOnHold)
			tl.run("release", "P", "--reason", "mended").want(0)
			handle := strings.TrimSpace(tl.run("start", "--process", "P").want(0).stdout)
			tl.run("complete", "--run", handle).want(0)
			for range tracker.DefaultMaxFailures {
				fail(tl)
			}
			tl.run("release", "P", "--reason", "mended").want(0, `process "P" was not on hold yet; its latest 3 failures no longer count`)
			tl.run("start", "--process", "P").want(0)
		})
	}
}

// A process's own limit on failures overrides the default.
func TestLastFailureOfAProcessWithALimitOfItsOwn(t *testing.T) {
	t.Parallel()
	for limit, says := range map[int]bool{tracker.NeverHold: false, 1: true} {
		tl := newSetUp(t)
		tl.run("exec", "--process", "P", "--", "true").want(0)
		if err := tl.tracker().Admin().SetMaxFailures(t.Context(), "P", limit); err != nil {
			t.Fatal(err)
		}
		for range map[bool]int{false: 4, true: 1}[says] {
			if r := tl.run("exec", "--process", "P", "--", "false").want(1); strings.Contains(r.stderr, "on hold") != says {
				t.Errorf("with a limit of %d, a failure says %q", limit, r.stderr)
			}
		}
	}
}

// The owner of a run that an operator ended learns that, not that the lease has expired.
func TestTheErrorOfALostRunNamesAForcedReap(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	handle := strings.TrimSpace(tl.run("start", "--process", "P", "--lease", "1h").want(0).stdout)
	tl.run("reap", "--process", "P", "--force", "--reason", "stuck", "--actor", "bob").want(0)
	r := tl.run("complete", "--run", handle).want(CodeError, `run 1 of process "P": lease lost: an operator forced the end of the run: ended by bob: stuck`)
	if strings.Contains(r.stderr, "expired") {
		t.Errorf("it is told %s", r.stderr)
	}
}
