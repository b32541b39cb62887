package cli

import (
	"regexp"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestRefusedStartChangesNothing redefines a process that is on hold.
func TestRefusedStartChangesNothing(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "P", "--type", "Old", "--", "true").want(0)
	tl.run("hold", "P", "--reason", "look").want(0)
	for _, command := range []string{"exec", "start"} {
		args := []string{command, "--process", "P", "--type", "New", "--after", "Ghost", "--redefine", "--actor", "poller"}
		if command == "exec" {
			args = append(args, "--", "true")
		}
		tl.run(args...).want(CodeOnHold, "on hold")
	}
	tr := tl.tracker()
	p, err := tr.Registry().Definition(t.Context(), "P")
	if err != nil || p.Type != "Old" {
		t.Errorf("the process is %+v, %v", p, err)
	}
	if all, err := tr.Registry().Dependencies(t.Context(), "P"); err != nil || len(all.Parents) > 0 {
		t.Errorf("it depends on %+v, %v", all.Parents, err)
	}
	kept := tl.run("refusals").want(0, "look")
	kept.wantColumn("TIMES", "2")
	kept.wantColumn("ACTOR", "poller")

	tl.run("release", "P", "--reason", "looked").want(0)
	tl.run("exec", "--process", "P", "--type", "New", "--after", "Ghost", "--redefine", "--", "true").want(0)
	if p, err = tr.Registry().Definition(t.Context(), "P"); err != nil || p.Type != "New" {
		t.Errorf("the process is %+v, %v", p, err)
	}
	if all, err := tr.Registry().Dependencies(t.Context(), "P"); err != nil || len(all.Parents) != 1 {
		t.Errorf("it depends on %+v, %v", all.Parents, err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("refusals").want(0, "there are no refusals")
	for _, process := range []string{"a", "b"} {
		tl.run("start", "--process", process).want(0)
		tl.run("start", "--process", process, "--actor", "poller", "--name", "2026-11-22").want(CodeAlreadyRunning)
	}
	kept := tl.run("refusals").want(0, "run 1, started by")
	kept.wantColumn("PROCESS", "b", "a")
	kept.wantColumn("NAME", "2026-11-22", "2026-11-22")
	tl.run("refusals", "--process", "a").want(0).wantColumn("PROCESS", "a")
	tl.run("refusals", "--actor", "poller", "--since", "2001-01-01", "--limit", "1").want(0, "there are more refusals").wantColumn("PROCESS", "b")
	tl.run("refusals", "--until", "2001-01-01").want(0, `no refusals match --until "2001-01-01"`)
	tl.run("refusals", "--since", "never").want(CodeUsage, `--since "never" is not a time`)
	var all []map[string]any
	tl.run("refusals", "--json", "--process", "a").want(0).json(&all)
	if len(all) != 1 || all[0]["reason"] != "already_running" || all[0]["times"] != 1.0 || all[0]["run_name"] != "2026-11-22" || all[0]["process"] != "a" {
		t.Errorf("refusals: %v", all)
	}
	tl.sql("UPDATE pt_refusal SET last_at = '2020-01-02 03:04:05.000000'")
	tl.run("purge", "--older-than", "1h", "--yes").want(0, "2 refusals of starts")
	tl.run("refusals").want(0, "there are no refusals")
}

func TestHoldAndReleaseSayWhatHappened(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "P", "--", "true").want(0)
	tl.run("release", "P", "--reason", "x").want(0, `process "P" was not on hold; nothing was released`)
	if r := tl.run("hold", "P", "--reason", "first", "--actor", "one").want(0); r.stderr != "" {
		t.Errorf("a first hold says %s", r.stderr)
	}
	tl.run("hold", "P", "--reason", "second").want(0, `process "P" was on hold already, since`, "(one): first; that reason stays, and the new one is not stored")
	tl.run("start", "--process", "P").want(CodeOnHold, `run: processtracker release "P" --reason TEXT`)
	if r := tl.run("release", "P", "--reason", "x").want(0); r.stderr != "" {
		t.Errorf("a release says %s", r.stderr)
	}
	tl.run("hold", "Q", "--reason", "x").want(CodeError, `process "Q": not found`)
}

func TestWatermark(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	if err := tl.tracker().Registry().Register(t.Context(), tracker.Process{Name: "Load"}); err != nil {
		t.Fatal(err)
	}
	tl.run("watermark", "Load").want(0, `process "Load" has no watermark`)
	tl.run("watermark", "Load", "--set", "2026-11-20", "--reason", "load it again", "--actor", "operator").
		want(0, `the watermark of process "Load" is 2026-11-20T00:00:00Z`)
	tl.run("watermark", "Load", "--set", "2026-11-03T23:59:59.999999+01:00", "--reason", "further back").
		want(0, `is 2026-11-03T22:59:59.999999Z`)
	tl.run("watermark", "Load", "--json").want(0, `{"process":"Load","watermark":"2026-11-03T22:59:59.999999Z"}`)
	tl.run("watermark", "Load", "--clear", "--reason", "from the beginning").want(0, "has no watermark")
	tl.run("watermark", "Load", "--json").want(0, `{"process":"Load","watermark":null}`)
	history := tl.run("history", "--process", "Load").want(0, "load it again", "operator")
	for _, line := range []string{
		`Load +watermark 2026-11-20 00:00:00 UTC +operator`, `2026-11-20 00:00:00 UTC +watermark 2026-11-03 22:59:59 UTC `, `2026-11-03 22:59:59 UTC +watermark +\w`,
	} {
		if !regexp.MustCompile(line).MatchString(history.stdout) {
			t.Errorf("nowhere %q:\n%s", line, history.stdout)
		}
	}
	tl.run("history", "--process", "Load", "--json").want(0,
		`"to":"watermark","actor":"operator","reason":"load it again","from_time":null,"to_time":"2026-11-20T00:00:00.000000Z"`)

	for _, c := range []struct{ args, says string }{
		{"--set yesterday --reason x", `--set "yesterday" is not a time`}, {"--set 2026-11-20", "--reason goes with --set"}, {"--reason x", "--reason goes with --set"},
		{"--clear", "--reason goes with --set"}, {"--set 0001-01-01 --reason x", "give --clear"}, {"--set 2026-11-20 --clear --reason x", "set"},
	} {
		tl.run(append([]string{"watermark", "Load"}, strings.Fields(c.args)...)...).want(CodeUsage, c.says)
	}
	tl.run("watermark", "Laod").want(CodeError, `process "Laod": not found`)
}
