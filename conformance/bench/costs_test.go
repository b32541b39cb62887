package bench

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestACostTableRoundTrips(t *testing.T) {
	table := &CostTable{Path: filepath.Join(t.TempDir(), "costs.txt"), Update: true}
	all, err := table.read() // of a file that is not there yet
	if err != nil {
		t.Fatal(err)
	}
	all["sqlite"] = map[string]costs{"start": {statements: 13}, "take a run up": {statements: 5}}
	all["mysql"] = map[string]costs{"start": {roundTrips: 1, statements: 11, atServer: 22}}
	if err := table.write(all); err != nil {
		t.Fatal(err)
	}
	again, err := table.read()
	if err != nil {
		t.Fatal(err)
	}
	for backend, counts := range all {
		if problems := differences(again[backend], counts); len(problems) > 0 || len(again[backend]) != len(counts) {
			t.Errorf("%s: read %v, wrote %v: %q", backend, again[backend], counts, problems)
		}
	}
}

func TestCostsMustNotGrow(t *testing.T) {
	was := map[string]costs{"start": {roundTrips: 1, statements: 11}}
	for _, test := range []struct {
		name string
		now  map[string]costs
		want string
	}{
		{"the same", map[string]costs{"start": {roundTrips: 1, statements: 11}}, ""},
		{"a round trip more", map[string]costs{"start": {roundTrips: 2, statements: 11}}, "start takes more than before: 2/11 instead of 1/11"},
		{"a statement more", map[string]costs{"start": {roundTrips: 1, statements: 12}}, "start takes more than before"},
		{"a statement less", map[string]costs{"start": {roundTrips: 1, statements: 10}}, "start takes less than before"},
		{"nothing", nil, "start is in the table, and nothing does it"},
		{"another", map[string]costs{"start": was["start"], "end": {}}, "end is not in the table"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(differences(was, test.now), "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestRowsThatOnlyOneSideWritesAreFound(t *testing.T) {
	if only := without([]string{"a", "a", "b"}, []string{"a", "c"}); strings.Join(only, " ") != "a b" {
		t.Errorf("found %q", only)
	}
}

func TestDifferingSpellingsStandInBrackets(t *testing.T) {
	s := spelled{hash: "sha($1)", at: "t0 + ($1)", ownIDs: "OWN"}
	query := "INSERT [own ids] SELECT [hash concat('file ', n)], [at n + 1]"
	if got, want := s.replace(query), "INSERT OWN SELECT sha(concat('file ', n)), t0 + (n + 1)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
