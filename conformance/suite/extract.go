package suite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func extractCases() []Case {
	return []Case{
		{"S5.1 S5.3 an extract is registered as initializing, or with the caller's status", registerExtract},
		{"S5.1 the same name in two locations is two extracts", twoLocations},
		{"S5.1 registering an existing extract returns it unchanged", registerAgain},
		{"S5.1 S1.2 a file name is kept exactly and compared exactly", exactFileNames},
		{"S5.1 extracts are returned in the given order, and duplicates are one extract", orderGiven},
		{"S5.1 S5.5 concurrent registrations of the same extracts make each one once", registerAtOnce},
		{"S5.5 registering extracts is all or nothing", registerAllOrNothing},
		{"S5.5 10,000 extracts take no more statements than 100", manyExtracts},
		{"S5.10 extracts and their location are linked to the sources of the process", sourceLinks},
	}
}

// files names files in one location.
func files(location string, names ...string) []tracker.File {
	all := make([]tracker.File, len(names))
	for i, name := range names {
		all[i] = tracker.File{Location: location, Name: name}
	}
	return all
}

// numbered names n files.
func numbered(location string, n int) []tracker.File {
	all := make([]tracker.File, n)
	for i := range all {
		all[i] = tracker.File{Location: location, Name: fmt.Sprintf("part-%05d.csv", i)}
	}
	return all
}

// register registers extracts that have to be registered.
func register(ctx context.Context, t testing.TB, run *tracker.Run, files ...tracker.File) []tracker.Extract {
	t.Helper()
	all, err := run.RegisterExtracts(ctx, files...)
	must(t, err)
	if len(all) != len(files) {
		t.Fatalf("%d files registered as %d extracts", len(files), len(all))
	}
	return all
}

// extractHistory returns the history of an extract, oldest first: "ready by tester",
// "ready > loaded by tester".
func extractHistory(ctx context.Context, t testing.TB, b dialect.Backend, extract int64) []string {
	t.Helper()
	return column[string](ctx, t, b, `SELECT concat(CASE WHEN h.from_status IS NULL THEN '' ELSE concat(h.from_status, ' > ') END, h.to_status, ' by ', a.name)
		FROM {status_history} AS h JOIN {actor} AS a ON a.id = h.actor_id
		JOIN {run} AS run ON run.id = h.run_id AND run.process_id = h.process_id
		WHERE h.extract_id = ? ORDER BY h.id`, extract)
}

func registerExtract(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	if none, err := run.RegisterExtracts(ctx); err != nil || len(none) != 0 {
		t.Errorf("no files: %v, %v", none, err)
	}
	must(t, tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, "on its way"))
	for _, status := range []tracker.ExtractStatus{
		"", tracker.Initializing, tracker.Ready, tracker.Loading, tracker.Loaded, tracker.Archived, tracker.Deleted, tracker.InError, "on its way",
	} {
		name := "teams " + string(status) + ".csv"
		got, err := run.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: name, Status: status})
		must(t, err)
		want := status
		if want == "" {
			want = tracker.Initializing
		}
		if got.Status != want || got.Name != name || got.Location.Path != "/landing" || got.Process != "Teams Extract" || got.RunNumber != 1 ||
			got.Path() != "/landing/"+name || got.RegisteredAt.Before(run.StartedAt()) || got.StatusChangedAt.Before(got.RegisteredAt) {
			t.Errorf("registered as %q: %+v", status, got)
		}
		if found := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{ID: got.ID})); !slices.Equal(found, []tracker.Extract{got}) {
			t.Errorf("registered %+v, found %+v", got, found)
		}
		if history := extractHistory(ctx, t, b, got.ID); !slices.Equal(history, []string{string(want) + " by tester"}) {
			t.Errorf("history of %q: %q", name, history)
		}
	}
}

func twoLocations(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	places := []string{"/landing/a", "/landing/b", "/landing/A", "/landing/a/", "s3://bucket/a"}
	var all []tracker.File
	for _, place := range places {
		all = append(all, files(place, "teams.csv")...)
	}
	seen := map[int64]bool{}
	for i, extract := range register(ctx, t, run, all...) {
		if seen[extract.ID] || extract.Location.Path != places[i] {
			t.Errorf("the extract in %s is %+v", places[i], extract)
		}
		seen[extract.ID] = true
	}
	if found := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Name: "teams.csv"})); len(found) != len(places) {
		t.Errorf("%d extracts in %d locations", len(found), len(places))
	}
}

func registerAgain(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	writer := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	first := register(ctx, t, writer, files("/landing", "teams.csv")...)[0]
	must(t, writer.SetExtractStatus(ctx, tracker.Ready, first))
	must(t, writer.Complete(ctx, nil))
	first = collect(t, tr.Extracts(ctx, tracker.ExtractFilter{ID: first.ID}))[0]

	reader := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	for _, status := range []tracker.ExtractStatus{"", tracker.Deleted} {
		again := register(ctx, t, reader, tracker.File{Location: "/landing", Name: "teams.csv", Status: status})[0]
		if again != first {
			t.Errorf("registered again as %q:\n%+v, was\n%+v", status, again, first)
		}
	}
	if history := extractHistory(ctx, t, b, first.ID); len(history) != 2 {
		t.Errorf("registering again is in the history: %q", history)
	}
	for _, run := range []*tracker.Run{writer, reader} {
		if got := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{RunID: run.ID()})); len(got) != 1 {
			t.Errorf("run of %q is linked to %d extracts, want 1", run.Process(), len(got))
		}
	}
}

func exactFileNames(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	names := []string{
		"teams.csv", "Teams.csv", "TEAMS.CSV", " teams.csv", "teams.csv ", "teams .csv", "te\u0301ams.csv", "téams.csv",
		"teams%.csv", "teams_.csv", "teams[1].csv", `te\ams.csv`, `te"ams'.csv`, "teams;--.csv", "teams*?.csv", "{}", "[]",
		"🚚.csv", "日本語.csv", "straße", "strasse", "STRASSE", "ı", "i", "İ", "\u202Eteams.csv", "null", "0", "1e3", "true", "<&>\u2028",
		strings.Repeat("x", tracker.MaxFileName), strings.Repeat("x", tracker.MaxFileName-1), strings.Repeat("é", tracker.MaxFileName/2),
	}
	all := register(ctx, t, run, files("/landing", names...)...)
	seen := map[int64]bool{}
	for i, extract := range all {
		if seen[extract.ID] || extract.Name != names[i] {
			t.Errorf("%.40q became extract %d %.40q", names[i], extract.ID, extract.Name)
		}
		seen[extract.ID] = true
		if found := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Name: names[i]})); len(found) != 1 || found[0].ID != extract.ID {
			t.Errorf("%.40q finds %+v", names[i], found)
		}
	}
}

func orderGiven(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	register(ctx, t, run, files("/b", "3", "1")...)
	given := slices.Concat(files("/b", "2", "1"), files("/a", "2"), files("/b", "2", "0", "3"), files("/a", "2", "9"))
	given[3].Status = tracker.Ready // too late: the first one with the name decides
	got := register(ctx, t, run, given...)
	for i, extract := range got {
		if extract.Name != given[i].Name || extract.Location.Path != given[i].Location {
			t.Errorf("file %d is %s/%s, and came back as %s", i, given[i].Location, given[i].Name, extract.Path())
		}
	}
	if got[0] != got[3] || got[2] != got[6] || got[0].Status != tracker.Initializing {
		t.Errorf("given twice, and two: %+v %+v", got[0], got[3])
	}
	for _, extract := range got {
		if history := extractHistory(ctx, t, b, extract.ID); len(history) != 1 {
			t.Errorf("%s has the history %q", extract.Path(), history)
		}
	}
	if n := content(ctx, t, b); n["extract"] != 6 || n["run_extract"] != 6 {
		t.Errorf("6 files are %d extracts, linked %d times", n["extract"], n["run_extract"])
	}
}

// registerAtOnce makes eight runs register overlapping parts of one set of files, each
// in a different order.
func registerAtOnce(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	trackers := []*tracker.Tracker{trackerOn(ctx, t, b, nil), trackerOn(ctx, t, e.open(t), nil), trackerOn(ctx, t, e.open(t), nil)}
	all := slices.Concat(numbered("/landing/a", 150), numbered("/landing/b", 150), numbered("s3://bucket/a", 150))
	const callers, share = 8, 300
	runs := make([]*tracker.Run, callers)
	for i := range runs {
		runs[i] = start(ctx, t, trackers[i%len(trackers)], tracker.Process{Name: fmt.Sprint("Teams Extract ", i), Sources: tracker.ObjectRefs("Lahman", "Teams")})
	}
	type result struct {
		files    []tracker.File
		extracts []tracker.Extract
		err      error
	}
	results := atOnce(callers, func(i int) result {
		mine := slices.Clone(all)
		rand.Shuffle(len(mine), func(i, j int) { mine[i], mine[j] = mine[j], mine[i] })
		mine = mine[:share]
		extracts, err := runs[i].RegisterExtracts(ctx, mine...)
		return result{mine, extracts, err}
	})
	ids := map[string]int64{}
	for i, r := range results {
		if r.err != nil || len(r.extracts) != share {
			t.Fatalf("caller %d: %d extracts, %v", i, len(r.extracts), r.err)
		}
		for j, extract := range r.extracts {
			want := r.files[j].Location + "/" + r.files[j].Name
			if known := ids[want]; extract.Path() != want || known != 0 && known != extract.ID {
				t.Fatalf("caller %d: %s came back as %d %s, and to others as %d", i, want, extract.ID, extract.Path(), known)
			}
			ids[want] = extract.ID
		}
	}
	n, total := content(ctx, t, b), int64(len(ids))
	if n["extract"] != total || n["location"] != 3 || n["run_extract"] != callers*share || n["extract_object"] != total {
		t.Errorf("%d files are: %v", total, n)
	}
	if first := single[int64](ctx, t, b, "SELECT count(*) FROM {status_history} WHERE extract_id IS NOT NULL"); first != total {
		t.Errorf("%d files have %d rows of history", total, first)
	}
}

func registerAllOrNothing(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	s := &spy{Backend: b}
	run := start(ctx, t, trackerOn(ctx, t, s, nil), tracker.Process{Name: "Teams Extract", Sources: tracker.ObjectRefs("Lahman", "Teams")})
	other := start(ctx, t, trackerOn(ctx, t, s, nil), tracker.Process{Name: "of nothing"})
	register(ctx, t, other, files("/landing", "first.csv")...)
	for what, c := range map[string]struct {
		run        *tracker.Run
		first, all []tracker.File
	}{
		"one":              {run, files("/landing", "second.csv"), files("/landing", "0.csv")},
		"one of no source": {other, files("/landing", "third.csv"), files("/landing", "0.csv")},
		"several":          {run, files("/landing", "fourth.csv", "fifth.csv"), numbered("/landing", 20)},
	} {
		s.meddle(nil)
		s.forget()
		register(ctx, t, c.run, c.first...)
		steps, rows := s.names(), content(ctx, t, b)
		i := slices.Index(steps, "run.lock")
		if i < 0 {
			t.Fatalf("registering %s sent %q", what, steps)
		}
		for _, name := range steps[i:] {
			s.meddle(broken(name))
			if _, err := c.run.RegisterExtracts(ctx, c.all...); err == nil {
				t.Errorf("%s was refused, and registering %s was not", name, what)
			}
			wantContent(ctx, t, b, rows)
		}
	}
}

func manyExtracts(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract", Sources: tracker.ObjectRefs("Lahman", "Teams")})
	register(ctx, t, run, files("/landing", "first.csv")...)
	var got []tracker.Extract
	counts := map[int]int{}
	many := sized(e, 10_000, 2_000)
	for _, n := range []int{100, many} {
		s.forget()
		given := numbered("/landing", n)
		got = register(ctx, t, run, given...)
		counts[n] = len(s.names())
		for i, extract := range got {
			if extract.Name != given[i].Name {
				t.Fatalf("file %d of %d is %q, and came back as %q", i, n, given[i].Name, extract.Name)
			}
		}
	}
	if counts[many] != counts[100] {
		t.Errorf("100 extracts take %d statements, %d take %d", counts[100], many, counts[many])
	}
	s.forget()
	must(t, run.SetExtractStatus(ctx, tracker.Loading, got[:10]...))
	few := len(s.names())
	s.forget()
	must(t, run.SetExtractStatus(ctx, tracker.Loading, got[10:1_010]...))
	if many := len(s.names()); many != few {
		t.Errorf("loading 10 extracts takes %d statements, 1,000 take %d", few, many)
	}
}

// links lists the systems and objects that extracts and locations are linked to, as
// "teams.csv: Lahman", or "teams.csv: Lahman.Teams".
func links(ctx context.Context, t testing.TB, b dialect.Backend) []string {
	t.Helper()
	var all []string
	for _, what := range []struct{ table, name string }{{"extract", "x.name"}, {"location", "x.path"}} {
		systems := "SELECT concat(" + what.name + ", ': ', sy.name) FROM {" + what.table + "_system} AS l JOIN {" + what.table + "} AS x ON x.id = l." +
			what.table + "_id JOIN {data_system} AS sy ON sy.id = l.system_id"
		objects := "SELECT concat(" + what.name + ", ': ', sy.name, '.', ob.name) FROM {" + what.table + "_object} AS l JOIN {" + what.table +
			"} AS x ON x.id = l." + what.table + "_id JOIN {data_object} AS ob ON ob.id = l.object_id JOIN {data_system} AS sy ON sy.id = ob.system_id"
		all = append(all, column[string](ctx, t, b, systems)...)
		all = append(all, column[string](ctx, t, b, objects)...)
	}
	slices.Sort(all)
	return all
}

func sourceLinks(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{
		Name: "Teams Extract",
		Sources: slices.Concat(
			tracker.SystemRefs("CRM"), tracker.ObjectRefs("ERP", "Orders"), tracker.AttributeRefs("Lahman", "Teams", "id", "name")),
		Targets: slices.Concat(tracker.SystemRefs("Lake"), tracker.ObjectRefs("Warehouse", "teams")),
	})
	register(ctx, t, run, files("/landing", "teams.csv")...)
	want := []string{
		"/landing: CRM", "/landing: ERP.Orders", "/landing: Lahman.Teams",
		"teams.csv: CRM", "teams.csv: ERP.Orders", "teams.csv: Lahman.Teams",
	}
	if got := links(ctx, t, b); !slices.Equal(got, want) {
		t.Errorf("linked to:\n%q, want\n%q", got, want)
	}
	// A run of another process adds its sources to the same extract.
	other := start(ctx, t, tr, tracker.Process{Name: "Players Extract", Sources: tracker.SystemRefs("CRM", "Chadwick")})
	register(ctx, t, other, files("/landing", "teams.csv")...)
	register(ctx, t, start(ctx, t, tr, tracker.Process{Name: "of nothing"}), files("/elsewhere", "other.csv")...)
	want = slices.Concat(want[:1], []string{"/landing: Chadwick"}, want[1:4], []string{"teams.csv: Chadwick"}, want[4:])
	if got := links(ctx, t, b); !slices.Equal(got, want) {
		t.Errorf("linked after that to:\n%q, want\n%q", got, want)
	}
}
