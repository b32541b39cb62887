package suite

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func oddNameCases() []Case {
	return []Case{
		{"S5.7 two characters that are special in some database are not special together", oddPairs},
		{"S1.2 S5.7 a file's name with every special character finds only itself, whole and in part", oddFiles},
		{"S1.2 S5.2 a location's name and path with every special character find only themselves", oddLocations},
		{"S1.2 S2.9 a process and a run whose name has every special character are found, and no other", oddRuns},
		{"S1.2 S5.7 names of 1,024 bytes that differ in one byte are distinct", longFiles},
	}
}

// oddPart contains characters that SQL, LIKE on some database, or a driver interprets.
const oddPart = `%_[\'";--🚚`

// oddNames are the part, and the texts that would match instead if one of its
// characters were special.
func oddNames() []string {
	return []string{
		oddPart, `ab[\'";--🚚`, `%b[\'";--🚚`, `a_[\'";--🚚`, `%_\'";--🚚`, `%_[['";--🚚`, `%_['";--🚚`, `%_[\\'";--🚚`, `%_[\''";--🚚`, `%_[\";--🚚`, `%_[\'"";--🚚`,
		`%_[\';--🚚`, `%_[\'"`, `%_[\'";`, `%_[\'";--`, `%_[\'";--🚛`, `%_[\'";--??`, `%_[\'";--` + "\ufffd", `\%\_\[\\\'\";--🚚`, `%_[]\'";--🚚`, `[%][_][[]\'";--🚚`,
		`%_[\'";--🚚%`, `x%_[\'";--🚚`,
	}
}

// wantFound checks that a filter finds the names that it should, in any order.
func wantFound(t *testing.T, got []tracker.Extract, what string, want []string) {
	t.Helper()
	var names []string
	for _, extract := range got {
		names = append(names, extract.Name)
	}
	slices.Sort(names)
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(names, want) {
		t.Errorf("%s finds\n%q, want\n%q", what, names, want)
	}
}

// containing are the names that have a part in them.
func containing(names []string, part string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.Contains(name, part) })
}

func oddPairs(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	special := []string{"%", "_", "[", `\`, "'", `"`, ";", "--", "🚚", "]", "*", "?"}
	var names []string
	for _, a := range special {
		for _, b := range special {
			names = append(names, "x"+a+b+"y")
		}
	}
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	register(ctx, t, run, files("/landing", names...)...)
	for _, name := range names {
		part := name[1 : len(name)-1]
		wantFound(t, collect(t, tr.Extracts(ctx, tracker.ExtractFilter{NameContains: part})), "the part "+part, containing(names, part))
	}
}

func oddFiles(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	names := oddNames()
	register(ctx, t, run, files("/landing", names...)...)
	for _, name := range names {
		wantFound(t, collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Name: name})), "the name "+name, []string{name})
		wantFound(t, collect(t, tr.Extracts(ctx, tracker.ExtractFilter{NameContains: name})), "the part "+name, containing(names, name))
		matched := slices.DeleteFunc(slices.Clone(names), func(other string) bool { return !glob([]rune(name), []rune(other)) })
		wantFound(t, collect(t, tr.Extracts(ctx, tracker.ExtractFilter{NameGlob: name})), "the glob "+name, matched)
	}
	claimed, err := run.Claim(ctx, tracker.ClaimOptions{Limit: len(names), From: tracker.Initializing, NameContains: oddPart})
	must(t, err)
	wantFound(t, claimed, "a claim", containing(names, oddPart))
}

func oddLocations(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	names := oddNames()
	for _, name := range names {
		path := "/landing/" + name
		place(ctx, t, tr, path, name)
		register(ctx, t, run, files(path, name)...)
	}
	for _, name := range names {
		path := "/landing/" + name
		if l, err := tr.Registry().Location(ctx, path); err != nil || l.Path != path || l.Name != name {
			t.Errorf("%q: %+v, %v", path, l, err)
		}
		wantFound(t, collect(t, tr.Extracts(ctx, tracker.ExtractFilter{LocationName: name})), "the location's name "+name, []string{name})
		wantFound(t, collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Location: path})), "the location "+path, []string{name})
	}
}

func oddRuns(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	daily := tracker.Process{Name: "Daily Load"}
	for i, name := range oddNames() {
		run := start(ctx, t, tr, tracker.Process{Name: name})
		must(t, run.Complete(ctx, nil))
		named, err := tr.Start(ctx, daily, &tracker.StartOptions{Name: name})
		if err != nil || named.Number() != int64(i+1) {
			t.Fatalf("a run named %q: %v", name, err)
		}
		must(t, named.Complete(ctx, nil))
	}
	for i, name := range oddNames() {
		runs := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: name}))
		if len(runs) != 1 || runs[0].Process != name {
			t.Errorf("process %q has the runs %+v", name, runs)
		}
		var done *tracker.DoneError
		_, err := tr.Start(ctx, daily, &tracker.StartOptions{Name: name})
		if !errors.As(err, &done) || done.Run.Name != name || done.Run.Number != int64(i+1) {
			t.Errorf("a second run named %q: %v", name, err)
		}
	}
}

// longFiles uses all bytes that a name may have, so that a pattern with its special
// characters quoted is even longer.
func longFiles(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	middle := strings.Repeat(oddPart, (tracker.MaxFileName-2)/len(oddPart))
	middle += strings.Repeat("%", tracker.MaxFileName-2-len(middle))
	names := []string{"a" + middle + "a", "a" + middle + "b", "b" + middle + "a", "a" + middle}
	register(ctx, t, run, files("/landing", names...)...)
	for _, name := range names {
		wantFound(t, collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Name: name})), "a whole name", []string{name})
	}
	for _, part := range []string{
		names[0], names[1], "a" + middle, middle + "a", middle, middle[1:], oddPart + "%", strings.Repeat("%", tracker.MaxFileName), "🚚a",
	} {
		wantFound(t, collect(t, tr.Extracts(ctx, tracker.ExtractFilter{NameContains: part})), "a part", containing(names, part))
	}
	for pattern, want := range map[string][]string{
		"a" + middle + "?": {names[0], names[1]}, "?" + middle + "a": {names[0], names[2]}, names[0]: {names[0]}, "*" + middle: {names[3]},
		"a" + middle[:70*len(oddPart)] + "*b":    {names[1]},
		strings.Repeat("?", tracker.MaxFileName): nil,
	} {
		wantFound(t, collect(t, tr.Extracts(ctx, tracker.ExtractFilter{NameGlob: pattern})), "a glob", want)
	}
}
