package cli

import (
	"testing"
)

func TestPurge(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	tl.run("purge").want(CodeUsage, "older-than")
	for _, age := range []string{"old", "d", "-1d", "1.5d", "99999999d"} {
		tl.run("purge", "--older-than", age).want(CodeUsage, "is no age; write 90d or 36h")
	}
	tl.run("purge", "--older-than", "0d").want(CodeUsage, "age of what is purged", "not positive")
	tl.run("purge", "--older-than", "90d").want(0, "removed 0 runs, 0 errors")
	tl.run("purge", "--older-than", "1h", "--batch", "1001").want(CodeUsage, "batch of a purge")
	tl.run("purge", "--older-than", "1h", "--extracts", "deleted,gone").want(CodeError, "gone")

	for range 2 {
		tl.run("exec", "--process", "Nightly", "--", "true").want(0)
	}
	before := tl.run("runs", "--json", "--process", "Nightly").want(0)
	tl.run("purge", "--older-than", "1ns", "--dry-run").want(0, "would remove 1 runs, 0 errors, 2 changes of the history")
	if after := tl.run("runs", "--json", "--process", "Nightly").want(0); after.stdout != before.stdout {
		t.Errorf("a dry run left %s", after.stdout)
	}
	var gone map[string]any
	tl.run("purge", "--older-than", "1ns", "--json").want(0).json(&gone)
	if gone["runs"] != 1.0 || gone["history"] != 2.0 || gone["dry_run"] != false {
		t.Errorf("purged %v", gone)
	}
	tl.run("runs", "--process", "Nightly").want(0).wantColumn("RUN", "2")
}
