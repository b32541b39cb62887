package suite

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func extractFindCases() []Case {
	return []Case{
		{"S5.7 extracts are found by name, location, process, run, status and time, and by all of them at once", findBy},
		{"S5.7 no character of a name or of a part is special", findParts},
		{"S5.7 in a glob * and ? are special, and nothing else", findGlobs},
		{"S5.7 S3.7 a time range includes its beginning, but not its end", findByTime},
		{"S5.7 S1.8 extracts are listed oldest first, ties by id, page after page, while other callers register", findPages},
		{"S5.7 a list returns no more rows than its limit, and reads no more than it needs", findLimit},
	}
}

// found returns the names that a filter finds, separated by commas.
func found(ctx context.Context, t testing.TB, tr *tracker.Tracker, f tracker.ExtractFilter) string {
	t.Helper()
	var names []string
	for _, extract := range collect(t, tr.Extracts(ctx, f)) {
		names = append(names, extract.Name)
	}
	return strings.Join(names, ",")
}

func findBy(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	place(ctx, t, tr, "/landing/a", "first place")
	teams := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	players := start(ctx, t, tr, tracker.Process{Name: "Players Extract"})
	all := register(ctx, t, teams, files("/landing/a", "a1.csv", "a2.csv", "both.csv")...)
	register(ctx, t, players, files("/landing/b", "b1.csv", "b2.csv", "both.csv")...)
	loader := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, loader.SetExtractStatus(ctx, tracker.Loaded, all[1], all[2]))

	for _, c := range []struct {
		filter tracker.ExtractFilter
		want   string
	}{
		{tracker.ExtractFilter{}, "a1.csv,a2.csv,both.csv,b1.csv,b2.csv,both.csv"},
		{tracker.ExtractFilter{ID: all[1].ID}, "a2.csv"},
		{tracker.ExtractFilter{ID: 1 << 60}, ""},
		{tracker.ExtractFilter{Name: "both.csv"}, "both.csv,both.csv"},
		{tracker.ExtractFilter{Name: "Both.csv"}, ""},
		{tracker.ExtractFilter{Name: "both"}, ""},
		{tracker.ExtractFilter{NameContains: "1"}, "a1.csv,b1.csv"},
		{tracker.ExtractFilter{NameGlob: "?1.*"}, "a1.csv,b1.csv"},
		{tracker.ExtractFilter{Location: "/landing/b"}, "b1.csv,b2.csv,both.csv"},
		{tracker.ExtractFilter{Location: "/landing/B"}, ""},
		{tracker.ExtractFilter{LocationName: " first place "}, "a1.csv,a2.csv,both.csv"},
		{tracker.ExtractFilter{LocationName: "First place"}, ""},
		{tracker.ExtractFilter{Process: "Players Extract"}, "b1.csv,b2.csv,both.csv"},
		{tracker.ExtractFilter{Process: "Load"}, ""},
		{tracker.ExtractFilter{RunID: loader.ID()}, "a2.csv,both.csv"},
		{tracker.ExtractFilter{RunID: teams.ID()}, "a1.csv,a2.csv,both.csv"},
		{tracker.ExtractFilter{RunID: 1 << 60}, ""},
		{tracker.ExtractFilter{Status: tracker.Loaded}, "a2.csv,both.csv"},
		{tracker.ExtractFilter{Status: "Loaded"}, ""},
		{tracker.ExtractFilter{Status: tracker.Initializing, NameContains: "1"}, "a1.csv,b1.csv"},
		{tracker.ExtractFilter{Status: tracker.Loaded, RunID: teams.ID(), Process: "Teams Extract", Location: "/landing/a", NameContains: "csv", NameGlob: "b*", Name: "both.csv", LocationName: "first place"}, "both.csv"},
		{tracker.ExtractFilter{Name: "both.csv", Location: "/landing/b", Status: tracker.Loaded}, ""},
	} {
		if got := found(ctx, t, tr, c.filter); got != c.want {
			t.Errorf("%+v finds %q, want %q", c.filter, got, c.want)
		}
	}
}

// odd are file names with a part that some database or pattern language interprets; no
// two of them share it.
func odd() []string {
	return []string{
		"%", "_", "[", "]", `\`, "'", `"`, ";", "--", "*", "?", "🚚", "é", "e\u0301", "E", "ß", "ı", "İ", " ", "{", "}", "(", "+", "^", "$", "|", "#", "&", "~", "/", ":",
	}
}

func findParts(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	var names []string
	for i, part := range odd() {
		names = append(names, fmt.Sprintf("x%sx%02d", part, i))
	}
	register(ctx, t, run, files("/landing", names...)...)
	for i, part := range odd() {
		for _, contains := range []string{part, "x" + part + "x", part + "x", fmt.Sprintf("x%sx%02d", part, i)} {
			if got := found(ctx, t, tr, tracker.ExtractFilter{NameContains: contains}); got != names[i] {
				t.Errorf("the part %q finds %q, want %q", contains, got, names[i])
			}
		}
		if got := found(ctx, t, tr, tracker.ExtractFilter{Name: names[i]}); got != names[i] {
			t.Errorf("%q finds %q", names[i], got)
		}
	}
	for _, part := range []string{"X", "x%x", "x_x", "x?x", "x*x", "x[a-z]x", "%%", "__", `\%`, "[[]", "e\u0301\u0301", "SS", "I", "i", "é\u0301"} {
		want := ""
		if i := slices.IndexFunc(names, func(name string) bool { return strings.Contains(name, part) }); i >= 0 {
			want = names[i] // x%x is a part of exactly one name
		}
		if got := found(ctx, t, tr, tracker.ExtractFilter{NameContains: part}); got != want {
			t.Errorf("the part %q finds %q, want %q", part, got, want)
		}
	}
}

// glob implements globs in the simplest way.
func glob(pattern, name []rune) bool {
	switch {
	case len(pattern) == 0:
		return len(name) == 0
	case pattern[0] == '*':
		return glob(pattern[1:], name) || len(name) > 0 && glob(pattern, name[1:])
	case len(name) == 0:
		return false
	default:
		return (pattern[0] == '?' || pattern[0] == name[0]) && glob(pattern[1:], name[1:])
	}
}

func findGlobs(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	names := []string{"a.csv", "A.csv", "ab.csv", "abc.csv", "a.csv.gz", "é.csv", "e\u0301.csv", "🚚.csv", "a*.csv", "a?.csv", "[a].csv", "a-z"}
	for _, part := range odd() {
		names = append(names, "x"+part+"x")
	}
	register(ctx, t, run, files("/landing", names...)...)
	slices.Sort(names)
	patterns := []string{
		"*", "a*", "*a", "*.csv", "?.csv", "??.csv", "???.csv", "a?.csv", "a*.csv*", "A*", "*.CSV", "**", "*?*", "a", "a.csv", "[a-z].csv", "[!a].csv", "[^a].csv",
		"[a].csv", "*[*", "*]*", "x[x", "x[[]x", "x%x", "x_x", `x\x`, `x\*x`, `\*`, "%", "_", "x?x", "x??x", "x*x", "é.csv", "?\u0301.csv", "🚚*", "*-*", "{a,A}.csv", "a+", ".*",
		strings.Repeat("*a", 20), strings.Repeat("?", 100),
	}
	for _, part := range odd() {
		patterns = append(patterns, "x"+part+"x", "*"+part+"*", "?"+part+"?")
	}
	for _, pattern := range patterns {
		var want []string
		for _, name := range names {
			if glob([]rune(pattern), []rune(name)) {
				want = append(want, name)
			}
		}
		var got []string
		for _, extract := range collect(t, tr.Extracts(ctx, tracker.ExtractFilter{NameGlob: pattern})) {
			got = append(got, extract.Name)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("the glob %q finds\n%q, want\n%q", pattern, got, want)
		}
	}
}

func findByTime(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	for i := range 5 {
		c.set(t, noon.Add(time.Duration(i)*time.Microsecond))
		tr := trackerOn(ctx, t, c, nil)
		name := strconv.Itoa(i)
		register(ctx, t, start(ctx, t, tr, tracker.Process{Name: name}), files("/landing", name)...)
	}
	tr := trackerOn(ctx, t, c, nil)
	kolkata := time.FixedZone("Asia/Kolkata", 5*3600+1800)
	at := func(i int) time.Time { return noon.Add(time.Duration(i) * time.Microsecond).In(kolkata) }
	for _, x := range []struct {
		since, until time.Time
		want         string
	}{
		{time.Time{}, time.Time{}, "0,1,2,3,4"}, {at(2), time.Time{}, "2,3,4"}, {time.Time{}, at(2), "0,1"},
		{at(1), at(3), "1,2"}, {at(1), at(1), ""}, {at(3), at(1), ""}, {at(4), at(5), "4"}, {at(5), time.Time{}, ""}, {time.Time{}, at(0), ""},
		{noon.Add(-time.Hour), noon.Add(time.Hour), "0,1,2,3,4"},
	} {
		if got := found(ctx, t, tr, tracker.ExtractFilter{Since: x.since, Until: x.until}); got != x.want {
			t.Errorf("from %v until %v: %q, want %q", x.since, x.until, got, x.want)
		}
	}
}

// findPages registers the oldest extracts last, and many with the same time, and reads
// all of them while another run registers more.
func findPages(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, c, nil)
	c.set(t, noon)
	old := start(ctx, t, tr, tracker.Process{Name: "Old Extract"})
	var want []int64
	const n = 700 // of each age: more than a page
	for _, age := range []int{1, 0, 2} {
		c.set(t, noon.Add(time.Duration(age)*time.Hour))
		given := numbered(fmt.Sprintf("/landing/%d", age), n)
		slices.Reverse(given)
		for _, extract := range register(ctx, t, old, given...) {
			want = append(want, extract.ID)
		}
	}
	for i := range 3 {
		slices.Sort(want[i*n : (i+1)*n])
	}
	want = slices.Concat(want[n:2*n], want[:n], want[2*n:])

	c.set(t, noon.Add(time.Hour+time.Minute)) // between those that are there
	var got []int64
	late := 0
	for extract, err := range tr.Extracts(ctx, tracker.ExtractFilter{}) {
		must(t, err)
		if extract.Location.Path == "/landing/late" {
			late++ // registered during the read, at its place in time
			continue
		}
		got = append(got, extract.ID)
		if len(got)%100 == 0 {
			register(ctx, t, old, files("/landing/late", fmt.Sprint("late ", len(got)), fmt.Sprint("later ", len(got)))...)
		}
	}
	if !slices.Equal(got, want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		t.Errorf("read %d of %d extracts, and at place %d %v instead of %v", len(got), len(want), at, got[at:min(at+5, len(got))], want[at:min(at+5, len(want))])
	}
	if n := 2 * len(want) / 100; late > n {
		t.Errorf("read %d of the %d that were registered meanwhile", late, n)
	}
}

func findLimit(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	all := register(ctx, t, run, numbered("/landing", 1_200)...)
	for limit, pages := range map[int]int{1: 1, 499: 1, 500: 1, 501: 2, 1_000: 2, 1_199: 3, 1_200: 3, 5_000: 3, 0: 3} {
		s.forget()
		want := limit
		if limit == 0 || limit > len(all) {
			want = len(all)
		}
		got := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Limit: limit}))
		if !slices.Equal(got, all[:want]) {
			t.Errorf("limit %d: %d extracts, or not the first", limit, len(got))
		}
		if sent := s.names(); len(sent) != pages {
			t.Errorf("limit %d took %d statements, want %d", limit, len(sent), pages)
		}
	}
	s.forget()
	for _, err := range tr.Extracts(ctx, tracker.ExtractFilter{}) {
		must(t, err)
		break
	}
	if sent := s.names(); len(sent) != 1 {
		t.Errorf("one extract took %d statements", len(sent))
	}
}
