package cli

import (
	"io"
	"testing"
)

func TestPurge(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	tl.run("purge").want(CodeUsage, "older-than")
	for _, age := range []string{"old", "d", "-1d", "1.5d", "99999999d", "1ns", "90", "1y", "1h30m", "9 d", "65535w"} {
		tl.run("purge", "--older-than", age).want(CodeUsage, "is not an age; write 90d, 12w or 36h")
	}
	for _, age := range []string{"1m", "12M"} {
		tl.run("purge", "--older-than", age, "--yes").want(CodeUsage, "m could be minutes or months; the units are h, d and w: for a month write 30d")
	}
	tl.run("purge", "--older-than", "0d").want(CodeUsage, "age of what is purged", "not positive")
	for _, age := range []string{"90d", "12w", "2000h"} {
		tl.run("purge", "--older-than", age).want(0, "removed 0 runs, 0 errors")
	}
	tl.run("purge", "--older-than", "1h", "--batch", "1001").want(CodeUsage, "batch of a purge")
	tl.run("purge", "--older-than", "1h", "--extracts", "deleted,gone").want(CodeError, "gone")
}

// TestPurgeAsks purges a run: without a terminal it needs --yes, with one an answer.
func TestPurgeAsks(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	for range 2 {
		tl.run("exec", "--process", "Nightly", "--", "true").want(0)
	}
	tl.sql("UPDATE pt_run SET ended_at = '2020-01-02 03:04:05.000000'")
	before := tl.run("runs", "--json", "--process", "Nightly").want(0)
	kept := func() {
		t.Helper()
		if after := tl.run("runs", "--json", "--process", "Nightly").want(0); after.stdout != before.stdout {
			t.Errorf("left is %s", after.stdout)
		}
	}
	tl.run("purge", "--older-than", "1h", "--dry-run").want(0, "would remove 1 run, 0 errors, 2 changes of the history")
	kept()
	tl.run("purge", "--older-than", "1h").want(CodeUsage, "this would remove 1 run", "run the same command with --yes")
	tl.run("purge", "--older-than", "1h", "--json").want(CodeUsage, "run the same command with --yes")
	kept()
	asked := *tl
	asked.env.Interactive = true
	for _, answer := range []string{"", "\n", "n\n", "yess\n", "no\n"} {
		asked.runWith(answer, "purge", "--older-than", "1h").want(CodeError, "This would remove 1 run", "Remove it? [y/N]", "nothing was removed")
	}
	asked.run("purge", "--older-than", "1h", "--json").want(CodeUsage, "run the same command with --yes") // nothing but JSON is printed
	kept()
	asked.runWith("Y\n", "purge", "--older-than", "1h").want(0, "Remove it? [y/N]", "removed 1 run")
	asked.run("purge", "--older-than", "1h").want(0, "removed 0 runs")

	tl.run("exec", "--process", "Nightly", "--", "true").want(0)
	tl.sql("UPDATE pt_run SET ended_at = '2020-01-02 03:04:05.000000'")
	var gone map[string]any
	tl.run("purge", "--older-than", "1h", "--yes", "--json").want(0).json(&gone)
	if gone["runs"] != 1.0 || gone["history"] != 2.0 || gone["dry_run"] != false {
		t.Errorf("purged %v", gone)
	}
	tl.run("runs", "--process", "Nightly").want(0).wantColumn("RUN", "3")
}

type reader func([]byte) (int, error)

func (r reader) Read(to []byte) (int, error) { return r(to) }

// TestPurgeRemovesTheRowsThatItCounted makes another run old enough while the question is on
// the screen.
func TestPurgeRemovesTheRowsThatItCounted(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	for range 3 {
		tl.run("exec", "--process", "Nightly", "--", "true").want(0)
	}
	tl.sql("UPDATE pt_run SET ended_at = '2020-01-02 03:04:05.000000' WHERE run_no = 1")
	asked := *tl
	asked.env.Interactive = true
	agree := reader(func(to []byte) (int, error) {
		tl.sql("UPDATE pt_run SET ended_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '-1 hours') WHERE run_no = 2")
		return copy(to, "y\n"), io.EOF
	})
	asked.runFrom(agree, "purge", "--older-than", "1h").want(0, "This would remove 1 run", "removed 1 run")
	tl.run("runs", "--process", "Nightly").want(0).wantColumn("RUN", "3", "2")
}
