package suite

import (
	"slices"
	"strings"
	"testing"
)

// named finds a case of the suite.
func named(name string) (Case, bool) {
	all := Cases()
	i := slices.IndexFunc(all, func(c Case) bool { return c.Name == name })
	if i < 0 {
		return Case{}, false
	}
	return all[i], true
}

func TestListsNameCasesThatExist(t *testing.T) {
	t.Parallel()
	var names []string
	for _, about := range costly() {
		names = append(names, about.name)
		if len(about.homes) == 0 || about.elsewhere == inFull || about.short < about.elsewhere {
			t.Errorf("%q: it needs a home, less elsewhere, and with -short no more than that", about.name)
		}
	}
	for _, name := range append(names, altering()...) {
		if _, ok := named(name); !ok {
			t.Errorf("%q is no case's name: correct it here as it was corrected there", name)
		}
	}
	slices.Sort(names)
	if n := len(slices.Compact(names)); n != len(costly()) {
		t.Errorf("%d cases are named in %d lines", n, len(costly()))
	}
}

func TestEachCaseIsGoneThroughInFullSomewhere(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("with the race detector all is small")
	}
	for turn := range 12 {
		for _, c := range Cases() {
			full := 0
			for _, name := range []string{"sqlite", "postgres", "mysql", "mariadb"} {
				if shareOf(c, Backend{Name: name}, Commit, turn) == inFull {
					full++
				}
			}
			if _, isCostly := costOf(c); isCostly && full != 1 || !isCostly && full != 4 {
				t.Errorf("turn %d: %q is gone through in full on %d databases", turn, c.Name, full)
			}
		}
	}
}

func TestCostlyCasesTakeTurns(t *testing.T) {
	t.Parallel()
	for _, about := range costly() {
		c, _ := named(about.name)
		seen := map[string]bool{}
		for turn := range len(about.homes) {
			here, _ := costOf(c)
			seen[here.home(turn)] = true
		}
		if len(seen) != len(about.homes) {
			t.Errorf("%q: in %d turns it is only on %v", about.name, len(about.homes), seen)
		}
	}
}

func TestShortCoversEveryRule(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("the race detector watches a part of the rules")
	}
	covered, all := map[string]bool{}, map[string]string{}
	for _, c := range Cases() {
		for _, rule := range c.Rules() {
			all[rule] = c.Name
			if shareOf(c, Backend{Name: "sqlite"}, Short, 0) != untouched {
				covered[rule] = true
			}
		}
	}
	for rule, name := range all {
		if !covered[rule] {
			t.Errorf("with -short, nothing proves %s, which is the rule of %q", rule, name)
		}
	}
}

func TestNightlyLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range Cases() {
		for _, name := range []string{"sqlite", "postgres", "mysql", "galera"} {
			switch got := shareOf(c, Backend{Name: name, Only: c.Rules()}, Nightly, 3); {
			case got == untouched, got == inSmall && !raced && !testing.Short():
				t.Errorf("on %s, %q is left out or made smaller", name, c.Name)
			}
		}
	}
}

func TestRaceDetectorWatchesWhatThereIs(t *testing.T) {
	t.Parallel()
	for _, backend := range []string{"postgres", "sqlite"} {
		for _, rule := range raceRules(backend) {
			if !slices.ContainsFunc(Cases(), func(c Case) bool { return strings.Contains(c.Name, rule) }) {
				t.Errorf("%s: no case has the rule %s", backend, rule)
			}
		}
	}
}

func TestShortened(t *testing.T) {
	t.Parallel()
	if got := shortened([]string{"S1.1 a", strings.Repeat("日", 61)}); got != "S1.1 a; "+strings.Repeat("日", 60)+"…" {
		t.Errorf("got %q", got)
	}
}
