package cli

import (
	"fmt"
	"regexp"
	"testing"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	if err := tl.tracker().Admin().Hold(t.Context(), "Teams Load", "bad data"); err != nil {
		t.Fatal(err)
	}
	tl.run("history").want(0, "bad data").wantColumn("ID", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1")
	for _, c := range []struct {
		args []string
		ids  []string
	}{
		{[]string{"--process", "Teams Load"}, []string{"10", "9", "8"}},
		{[]string{"--run", "2"}, []string{"7", "6"}},
		{[]string{"--extract", "1"}, []string{"9", "2"}},
		{[]string{"--process", "Teams Load", "--since", "2001-02-03", "--until", "2999-01-01T00:00:00+01:00"}, []string{"10", "9", "8"}},
		{[]string{"--limit", "2"}, []string{"10", "9"}},
	} {
		tl.run(append([]string{"history"}, c.args...)...).want(0).wantColumn("ID", c.ids...)
	}
	tl.run("history", "--limit", "2").want(0, "there are more changes; --limit 0 lists all")
	tl.run("history", "--until", "2001-02-03 04:05:06").want(0, `no changes match --until "2001-02-03 04:05:06"`)
	tl.run("history", "--since", "yesterday").want(CodeUsage, `--since "yesterday" is not a time`)
	var changes []map[string]any
	tl.run("history", "--json", "--extract", "1", "--oldest-first").want(0).json(&changes)
	want := "map[actor:tester changed_at:T extract:teams_1.csv extract_id:1 from:<nil> from_time:<nil> id:2 location:/landing process:Teams Extract " +
		"reason: run_id:1 run_number:1 to:ready to_time:<nil>]"
	if at, _ := changes[0]["changed_at"].(string); !regexp.MustCompile(microseconds).MatchString(at) {
		t.Errorf("changed at %q", at)
	}
	changes[0]["changed_at"] = "T"
	delete(changes[0], "cursor")
	if got := fmt.Sprint(changes[0]); len(changes) != 2 || got != want {
		t.Errorf("%d changes, %s, want %s", len(changes), got, want)
	}
	tl.run("history", "--json", "--since", "2001-01-01", "--process", "Teams Load").want(0,
		`"process":"Teams Load","run_id":null,"run_number":null,"extract_id":null,"location":null,"extract":null,"from":"released","to":"held","actor":"tester","reason":"bad data","from_time":null,"to_time":null`)
}
