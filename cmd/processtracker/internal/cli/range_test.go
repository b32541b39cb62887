package cli

import "testing"

func TestCountsAndRangeOfARun(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("count", "--records", "1").want(CodeUsage, "no run is named")
	tl.run("range", "--low", "2026-01-01").want(CodeUsage, "no run is named")
	tl = tl.with(RunVariable, tl.start("--process", "P"))
	tl.run("count").want(CodeUsage, "no count is given")
	tl.run("count", "--records", "-1").want(CodeUsage, "negative")
	tl.run("count", "--records", "10", "--inserts", "7").want(0, "10 records, 7 inserts, 0 updates")
	tl.run("count", "--updates", "3").want(0, "10 records, 7 inserts, 3 updates") // the other counts stay
	tl.run("count", "--records", "5", "--add").want(0, "15 records, 7 inserts")
	var counted struct {
		Counts countsJSON
	}
	tl.run("count", "--deletes", "1", "--json").want(0).json(&counted)
	if want := (countsJSON{15, 7, 3, 1}); counted.Counts != want {
		t.Errorf("counted %+v, want %+v", counted, want)
	}
	tl.run("range").want(CodeUsage, "no time is given")
	tl.run("range", "--low", "yesterday").want(CodeUsage, `--low "yesterday" is not a time`)
	tl.run("range", "--low", "2026-01-02", "--high", "2026-01-01").want(CodeUsage, "before the low")
	tl.run("range", "--high", "2026-01-02").want(0, "from (none) to 2026-01-02T00:00:00Z")
	tl.run("range", "--low", "2026-01-01", "--json").want(0, `"low":"2026-01-01T00:00:00.000000Z"`)
	tl.run("complete").want(0)
	tl.run("watermark", "P").want(0, "2026-01-02T00:00:00Z")
	tl.run("count", "--records", "1").want(CodeError, "completed")
}

func TestSetStatusEndsARun(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("hold", "--reason", "x").want(CodeUsage, "no run is named")
	held := tl.with(RunVariable, tl.start("--process", "P"))
	held.run("hold", "P", "--run", "1:x", "--reason", "x").want(CodeUsage, "--run names a run, and an argument a process")
	held.run("hold", "--reason", "look at the file").want(0, `run 1 of process "P" is on hold`)
	held.run("hold", "--reason", "again").want(0)
	tl.run("start", "--process", "P").want(CodeOnHold, "look at the file")
	tl.run("release", "P", "--reason", "seen").want(0)

	own := tl.with(RunVariable, tl.start("--process", "P"))
	own.run("set-status", "skiped").want(CodeError, "skiped")
	tr := tl.tracker()
	if err := tr.Registry().AddRunStatus(t.Context(), "skipped", false); err != nil {
		t.Fatal(err)
	}
	own.run("set-status", "skiped").want(CodeError, `did you mean "skipped"?`)
	own.run("set-status", "skipped", "--ended-at", "soon").want(CodeUsage, "is not a time")
	own.run("set-status", "skipped", "--note", "no file today").want(0, `run 2 of process "P" is skipped`)
	own.run("set-status", "skipped").want(0)
	own.run("set-status", "failed").want(CodeError, "skipped")
	tl.run("errors").want(0, "no file today")
}
