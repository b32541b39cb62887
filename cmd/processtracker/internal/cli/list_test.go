package cli

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// withRuns returns a tool whose database has three runs, three extracts and three
// errors.
func withRuns(t *testing.T) *tool {
	t.Helper()
	tl := newSetUp(t)
	tr, ctx := tl.tracker(), t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	start := func(process string) *tracker.Run {
		run, err := tr.Start(ctx, tracker.Process{Name: process}, nil)
		must(err)
		return run
	}
	first := start("Teams Extract")
	var extracts []tracker.Extract
	for _, f := range []tracker.File{ // one by one, so that their IDs are known
		{Location: "/landing", Name: "teams_1.csv", Status: tracker.Ready},
		{Location: "/landing", Name: "teams%2.csv"},
		{Location: "s3://bucket/landing", Name: "teams_1.csv"},
	} {
		e, err := first.RegisterExtract(ctx, f)
		must(err)
		extracts = append(extracts, e)
	}
	must(first.Complete(ctx, nil))
	second := start("Teams Extract")
	must(second.Fail(ctx,
		tracker.ErrorRecord{Type: tracker.FileError, Description: "first line\nsecond line \x1b[31mred"},
		tracker.ErrorRecord{Type: tracker.DataError, Description: strings.Repeat("long ", 100) + "end"}))
	third := start("Teams Load")
	must(third.RecordError(ctx, tracker.ErrorRecord{Description: "<&>"}))
	must(third.SetExtractStatus(ctx, tracker.Loading, extracts[0]))
	return tl
}

// column returns one column of a table.
func (r *result) column(title string) []string {
	r.t.Helper()
	lines := strings.Split(strings.TrimRight(r.stdout, "\n"), "\n")
	fields := regexp.MustCompile(` {2,}`)
	i := slices.Index(fields.Split(strings.TrimSpace(lines[0]), -1), title)
	var all []string
	for _, line := range lines[2:] {
		all = append(all, fields.Split(strings.TrimSpace(line), -1)[i])
	}
	return all
}

func (r *result) wantColumn(title string, want ...string) {
	r.t.Helper()
	if got := r.column(title); !slices.Equal(got, want) {
		r.t.Errorf("%q: %s is %q, want %q\n%s", r.args, title, got, want, r.stdout)
	}
}

func TestRuns(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	r := tl.run("runs").want(0)
	r.wantColumn("ID", "3", "2", "1")
	r.wantColumn("PROCESS", "Teams Load", "Teams Extract", "Teams Extract")
	r.wantColumn("STATUS", "running", "failed", "completed")
	tl.run("runs", "--process", "Teams Extract").want(0).wantColumn("RUN", "2", "1")
	tl.run("runs", "--status", "failed").want(0).wantColumn("ID", "2")
	tl.run("runs", "--limit", "2").want(0, "there are more runs; --limit 0 lists all").wantColumn("ID", "3", "2")
	if r := tl.run("runs", "--limit", "3").want(0); r.stderr != "" {
		t.Errorf("nothing is left out: %s", r.stderr)
	}
	tl.run("runs", "--limit", "0").want(0).wantColumn("ID", "3", "2", "1")
	if r := tl.run("runs", "--process", "teams extract").want(CodeError, `no runs match --process "teams extract"; there is no process "teams extract"; did you mean "Teams Extract"?`); r.stdout != "" {
		t.Errorf("an empty table: %s", r.stdout)
	}
}

func TestExtracts(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	for _, c := range []struct {
		args []string
		ids  []string
	}{
		{nil, []string{"1", "2", "3"}},
		{[]string{"--name", "teams_1.csv"}, []string{"1", "3"}},
		{[]string{"--contains", "%"}, []string{"2"}},
		{[]string{"--glob", "teams_?.csv"}, []string{"1", "3"}},
		{[]string{"--location", "/landing"}, []string{"1", "2"}},
		{[]string{"--process", "Teams Extract", "--status", "initializing"}, []string{"2", "3"}},
		{[]string{"--status", "loading"}, []string{"1"}},
		{[]string{"--run", "3"}, []string{"1"}},
		{[]string{"--limit", "1"}, []string{"1"}},
	} {
		tl.run(append([]string{"extracts"}, c.args...)...).want(0).wantColumn("ID", c.ids...)
	}
	tl.run("extracts", "--name", "none").want(0, `no extracts match --name "none"`)
	tl.run("extracts", "--limit", "1").want(0, "there are more extracts")
	tl.run("extracts", "--location", "s3://u:s3cr3t@b/c").want(2, "contains a password")
}

func TestErrors(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	r := tl.run("errors").want(0, "first line second line ·[31mred", "long long")
	r.wantColumn("ID", "3", "2", "1")
	r.wantColumn("TYPE", "Process Error", "Data Error", "File Error")
	for line := range strings.Lines(r.stdout) {
		if len([]rune(line)) > longestDescription+80 {
			t.Errorf("a description is not cut: %s", line)
		}
	}
	tl.run("errors", "--process", "Teams Load").want(0).wantColumn("ID", "3")
	tl.run("errors", "--run", "2", "--limit", "1").want(0, "there are more errors").wantColumn("ID", "2")
	tl.run("errors", "--full", "--run", "2").want(0,
		"1  Teams Extract, run 2, File Error at 20", "\n    first line\n    second line ·[31mred\n", strings.Repeat("long ", 100)+"end")
}

const microseconds = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`

// TestJSONNames checks the field names, because scripts rely on them.
func TestJSONNames(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	for _, c := range []struct {
		command string
		names   []string
		times   []string
	}{
		{"runs", []string{"active", "actor", "cursor", "deletes", "ended_at", "error", "high", "id", "inserts", "lease_expired", "lease_until", "low", "name", "number", "process", "records", "seconds", "started_at", "status", "updates"}, []string{"started_at"}},
		{"extracts", []string{
			"checksum", "compression", "cursor", "file_type", "id", "listed_at", "loaded", "loading_process", "loading_run", "loading_run_id", "location", "name", "path", "process", "registered_at",
			"run_number", "size", "status", "status_changed_at", "written",
		}, []string{"registered_at", "status_changed_at"}},
		{"errors", []string{"cursor", "description", "id", "process", "recorded_at", "run_id", "run_number", "type"}, []string{"recorded_at"}},
	} {
		var all []map[string]any
		tl.run(c.command, "--json").want(0).json(&all)
		if len(all) != 3 {
			t.Fatalf("%s: %v", c.command, all)
		}
		var names []string
		for name := range all[0] {
			names = append(names, name)
		}
		slices.Sort(names)
		if !slices.Equal(names, c.names) {
			t.Errorf("%s: %q, want %q", c.command, names, c.names)
		}
		for _, name := range c.times {
			if text, _ := all[0][name].(string); !regexp.MustCompile(microseconds).MatchString(text) {
				t.Errorf("%s: %s is %q", c.command, name, text)
			}
		}
	}
	tl.run("errors", "--json").want(0, `"description":"<&>"`)
	tl.run("runs", "--json").want(0, `"ended_at":null`)
	for _, command := range []string{"runs", "extracts", "errors"} {
		if r := tl.run(command, "--json", "--process", "none").want(CodeError, "no "+command+` match --process "none"; there is no process "none"`+"\n"); r.stdout != "[]\n" {
			t.Errorf("an empty list: %q", r.stdout)
		}
	}
}

func TestHoldAndRelease(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("hold", "P", "--reason", "r").want(1, `process "P": not found`)
	tl.run("exec", "--process", "P", "--", "true").want(0)
	tl.run("hold", "P", "--reason", "bad data", "--actor", "ann").want(0, `process "P" is on hold`)
	tl.run("exec", "--process", "P", "--", "true").want(76, "(ann): bad data")
	tl.run("release", "P", "--reason", "repaired", "--json").want(0, `{"process":"P","on_hold":false}`)
	tl.run("exec", "--process", "P", "--", "true").want(0)
}
