package suite

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func extractPlaceCases() []Case {
	return []Case{
		{"S1.7 S5.1 a registration notices that its location was renamed, moved, deleted or made anew since the last one", locationSince},
		{"S1.7 S5.1 a registration notices a location that another caller deletes, makes anew or registers between its statements", locationBetween},
		{"S7.1 S5.2 a location whose registration was rolled back is registered again", locationRolledBack},
		{"S3.2 S5.2 a registration that is refused because the run has ended registers no location", noLocationAfterEnd},
	}
}

// dropExtracts removes all extracts by hand, so that their location can be deleted.
func dropExtracts(ctx context.Context, t *testing.T, b dialect.Backend) {
	t.Helper()
	for _, table := range []string{"extract_system", "location_system", "run_extract"} {
		change(ctx, t, b, "DELETE FROM {"+table+"}")
	}
	change(ctx, t, b, "DELETE FROM {status_history} WHERE extract_id > 0")
	change(ctx, t, b, "DELETE FROM {extract}")
}

// wantPlaced checks that extracts are where their files are, and linked to the run.
func wantPlaced(ctx context.Context, t *testing.T, b dialect.Backend, what string, run *tracker.Run, files []tracker.File, got []tracker.Extract, err error) {
	t.Helper()
	if err != nil || len(got) != len(files) {
		t.Errorf("%s: %d extracts, %v", what, len(got), err)
		return
	}
	for i, x := range got {
		path := single[string](ctx, t, b, "SELECT l.path FROM {extract} AS e JOIN {location} AS l ON l.id = e.location_id WHERE e.id = ?", x.ID)
		name := single[string](ctx, t, b, "SELECT name FROM {location} WHERE path = ?", files[i].Location)
		if path != files[i].Location || x.Location.Path != path || x.Location.Name != name || x.Name != files[i].Name {
			t.Errorf("%s: %s in %s came back as %+v and is stored in %s", what, files[i].Name, files[i].Location, x, path)
		}
		if link := linked(ctx, t, b, run, x); !slices.Equal(link, []string{"initializing"}) {
			t.Errorf("%s: the links of %s are %q", what, x.Name, link)
		}
		if history := extractHistory(ctx, t, b, x.ID); len(history) != 1 {
			t.Errorf("%s: the history of %s is %q", what, x.Name, history)
		}
	}
}

// placings are the ways to register files, which differ in their statements.
func placings() map[string][]tracker.File {
	return map[string][]tracker.File{
		"one file":               files("/landing", "a.csv"),
		"a file with a checksum": {{Location: "/landing", Name: "a.csv", Checksum: "sha256:1"}},
		"two files":              files("/landing", "a.csv", "b.csv"),
	}
}

func locationSince(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr, other := trackerOn(ctx, t, b, nil), e.tracker(t, nil)
	process := tracker.Process{Name: "Teams Extract", Sources: tracker.SystemRefs("CRM")}
	run := start(ctx, t, tr, process)
	for since, act := range map[string]func() error{
		"renamed": func() error { return other.Registry().RenameLocation(ctx, "landing", "former") },
		"deleted": func() error { return other.Registry().DeleteLocation(ctx, "landing") },
		"made anew": func() error {
			return errors.Join(other.Registry().DeleteLocation(ctx, "landing"),
				ignore(other.Registry().RegisterLocation(ctx, "/between", "")), ignore(other.Registry().RegisterLocation(ctx, "/landing", "")))
		},
		"moved to another path by hand": func() error {
			change(ctx, t, b, "UPDATE {location} SET path = ?, path_key = ? WHERE path = ?", "/moved", "moved", "/landing")
			return nil
		},
	} {
		for way, files := range placings() {
			dropExtracts(ctx, t, b)
			change(ctx, t, b, "DELETE FROM {location}")
			register(ctx, t, run, files...)
			dropExtracts(ctx, t, b)
			must(t, act())
			got, err := run.RegisterExtracts(ctx, files...)
			what := way + " in a location that was " + since
			wantPlaced(ctx, t, b, what, run, files, got, err)
			if want := []string{"/landing: CRM"}; !slices.Contains(links(ctx, t, b), want[0]) {
				t.Errorf("%s: the links to sources are %q", what, links(ctx, t, b))
			}
			if since != "renamed" {
				continue
			}
			for i := range files {
				files[i].LocationName = "landing"
			}
			var differ *tracker.MismatchError
			if _, err := run.RegisterExtracts(ctx, files...); !errors.As(err, &differ) || differ.Stored != "former" || differ.Given != "landing" {
				t.Errorf("%s, by its former name: %v", what, err)
			}
		}
	}
}

func locationBetween(t *testing.T, e *Env) {
	if !e.Backend.SkipsLocked {
		t.Skip("no other caller can come between, because writers exclude each other")
	}
	ctx, b := e.context(t), e.setUp(t)
	m := &meddler{spy: &spy{Backend: singly{b}, forgetful: true}}
	run := start(ctx, t, trackerOn(ctx, t, m, nil), tracker.Process{Name: "Teams Extract"})
	other := trackerOn(ctx, t, b, nil)
	second := start(ctx, t, other, tracker.Process{Name: "Another"})
	exists := func(ctx context.Context) error {
		return ignore(other.Registry().RegisterLocation(ctx, "/landing", ""))
	}
	deletes := func(ctx context.Context) error { return other.Registry().DeleteLocation(ctx, "landing") }
	anew := func(ctx context.Context) error {
		return errors.Join(deletes(ctx), ignore(other.Registry().RegisterLocation(ctx, "/between", "")), exists(ctx))
	}
	absent := func(context.Context) error { return nil }
	also := func(ctx context.Context) error {
		return ignore(second.RegisterExtract(ctx, files("/landing", "a.csv")[0]))
	}
	for _, c := range []struct {
		what          string
		first, other  func(context.Context) error
		before, whole string // the statement, or its counterpart on databases that change all tables at once
		way           string
	}{
		{"is deleted before the insert", exists, deletes, "extract.insert_one", "extract.register_whole", "one file"},
		{"is made anew before the insert", exists, anew, "extract.insert_one", "extract.register_whole", "one file"},
		{"is registered after the insert", absent, exists, "extract.link_one", "extract.registered_one", "one file"},
		{"is registered with its file after the insert", absent, also, "extract.registered_one", "", "one file"},
		{"is deleted before the insert", exists, deletes, "extract.insert", "", "two files"},
		{"is made anew before the insert", exists, anew, "extract.insert", "", "two files"},
		{"is registered with a file after it was not found", absent, also, "location.add", "", "two files"},
	} {
		for range 2 { // the second time it is known that there are no sources
			dropExtracts(ctx, t, b)
			change(ctx, t, b, "DELETE FROM {location}")
			must(t, c.first(ctx))
			m.atNamed(ctx, []string{c.before, c.whole}, c.other)
			got, err := run.RegisterExtracts(ctx, placings()[c.way]...)
			m.meddle(nil)
			wantPlaced(ctx, t, b, c.way+" in a location that "+c.what, run, placings()[c.way], got, err)
			if !m.called {
				t.Errorf("%s: %s was not sent", c.way, c.before)
			}
		}
	}
}

func locationRolledBack(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	for way, files := range placings() {
		dropExtracts(ctx, t, b)
		change(ctx, t, b, "DELETE FROM {location}")
		for _, commits := range []bool{false, true} {
			l := e.begin(t, b)
			first, err := run.In(l.Tx).RegisterExtracts(ctx, files...)
			must(t, err)
			again, err := run.In(l.Tx).RegisterExtracts(ctx, files...)
			if err != nil || len(first) != len(files) || again[0].Location != first[0].Location {
				t.Errorf("%s: %+v, then %+v, %v", way, first, again, err)
			}
			l.end(commits)
			if n := content(ctx, t, b)["location"]; !commits && n != 0 {
				t.Errorf("%s: after the rollback there are %d locations", way, n)
			}
		}
		got, err := run.RegisterExtracts(ctx, files...)
		wantPlaced(ctx, t, b, way, run, files, got, err)
		dropExtracts(ctx, t, b)
		change(ctx, t, b, "DELETE FROM {location}")
		l := e.begin(t, b)
		must(t, ignore(run.In(l.Tx).RegisterExtracts(ctx, files...)))
		l.end(false)
		got, err = run.RegisterExtracts(ctx, files...)
		wantPlaced(ctx, t, b, way+" after a rollback", run, files, got, err)
	}
}

func noLocationAfterEnd(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	run := start(ctx, t, trackerOn(ctx, t, b, nil), tracker.Process{Name: "Teams Extract"})
	must(t, run.Complete(ctx, nil))
	for way, files := range placings() {
		if _, err := run.RegisterExtracts(ctx, files...); !errors.Is(err, tracker.ErrAlreadyEnded) {
			t.Errorf("%s: %v", way, err)
		}
	}
	if n := content(ctx, t, b)["location"]; n != 0 {
		t.Errorf("there are %d locations", n)
	}
}
