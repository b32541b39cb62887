package tracker

import "testing"

func TestAGlobMatchesAsTheDatabasesDo(t *testing.T) {
	t.Parallel()
	for glob, names := range map[string]map[string]bool{
		"*.csv":    {"a.csv": true, "deep/b.csv": true, ".csv": true, "a.csv.gz": false, "": false},
		"?.csv":    {"a.csv": true, "é.csv": true, "ab.csv": false, ".csv": false},
		"a*b*c":    {"abc": true, "aXbXbXc": true, "abcX": false, "acb": false},
		"**":       {"": true, "anything": true},
		"[ab]%_\\": {"[ab]%_\\": true, "a%_\\": false},
		"A":        {"A": true, "a": false},
	} {
		for name, want := range names {
			if got := matchGlob(glob, name); got != want {
				t.Errorf("%q on %q: %v", glob, name, got)
			}
		}
	}
}
