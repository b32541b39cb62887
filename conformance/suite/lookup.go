package suite

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func lookupCases() []Case {
	return []Case{
		{"S1.7 preloaded names are listed, and can be neither renamed nor deleted", preloaded},
		{"S1.7 your own names are added, listed, renamed and deleted", ownNames},
		{"S1.7 a name in use stays, and the error says what refers to it", inUse},
		{"S1.7 an error about a name in use names the first references and counts all", manyUses},
		{"S1.7 S8.1 a foreign key of a table outside the tracker also keeps a name", unknownUse},
		{"S1.7 S8.1 a new name that is taken is refused, and so is an unknown lookup", badRenames},
		{"S1.7 S1.2 similar names in lookups are different ones", lookupsApart},
	}
}

// lookups are the stored ones.
func lookups() []tracker.Lookup {
	return []tracker.Lookup{
		tracker.RunStatuses, tracker.ExtractStatuses, tracker.ErrorTypes, tracker.ProcessTypes, tracker.Frequencies,
		tracker.LocationTypes, tracker.FileTypes, tracker.CompressionTypes, tracker.SourceTypes, tracker.Tools, tracker.DatasetTypes,
	}
}

// namesIn lists the names in a lookup.
func namesIn(ctx context.Context, t *testing.T, tr *tracker.Tracker, l tracker.Lookup) (preloaded, own []string) {
	t.Helper()
	for _, n := range collect(t, tr.Registry().LookupNames(ctx, l)) {
		if n.Preloaded {
			preloaded = append(preloaded, n.Name)
		} else {
			own = append(own, n.Name)
		}
	}
	return preloaded, own
}

// add adds a custom name to a lookup.
func add(ctx context.Context, tr *tracker.Tracker, l tracker.Lookup, name string) error {
	if l == tracker.RunStatuses {
		return tr.Registry().AddRunStatus(ctx, tracker.RunStatus(name), false)
	}
	return tr.Registry().AddLookupName(ctx, l, name)
}

func preloaded(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	atLeast := map[tracker.Lookup][]string{
		tracker.RunStatuses:      {"running", "completed", "failed", "on hold"},
		tracker.ExtractStatuses:  {"initializing", "ready", "loading", "loaded", "archived", "deleted", "error"},
		tracker.ErrorTypes:       {"File Error", "Data Error", "Process Error"},
		tracker.ProcessTypes:     {"Extract", "Load"},
		tracker.Frequencies:      {"unscheduled", "hourly", "daily", "weekly", "monthly", "quarterly", "annually"},
		tracker.LocationTypes:    {"local", "s3", "gs", "azblob", "http"},
		tracker.FileTypes:        {"csv", "json", "parquet"},
		tracker.CompressionTypes: {"gzip", "zstd"},
		tracker.SourceTypes:      {"database", "files"},
		tracker.FilterOperators:  {"eq", "lt", "gt", "lte", "gte", "not", "like", "in"},
		tracker.DependencyKinds:  {"normal", "hard", "soft"},
	}
	for _, l := range append(lookups(), tracker.FilterOperators, tracker.DependencyKinds) {
		names, own := namesIn(ctx, t, tr, l)
		for _, name := range atLeast[l] {
			if !slices.Contains(names, name) {
				t.Errorf("%s %q is not there: %q", l, name, names)
			}
		}
		if len(own) > 0 {
			t.Errorf("%s: %q are preloaded, and do not say so", l, own)
		}
		for _, name := range names {
			for _, err := range []error{tr.Registry().RenameLookupName(ctx, l, name, "mine"), tr.Registry().RenameLookupName(ctx, l, name, name), tr.Registry().DeleteLookupName(ctx, l, name)} {
				var refused *tracker.PreloadedError
				if !only(err, tracker.ErrPreloaded) || !errors.As(err, &refused) || refused.What != string(l) || refused.Name != name {
					t.Errorf("%s %q: %v, want %v", l, name, err, tracker.ErrPreloaded)
				}
			}
		}
		if again, _ := namesIn(ctx, t, tr, l); !slices.Equal(again, names) {
			t.Errorf("%s: there are %q, and were %q", l, again, names)
		}
	}
	for _, s := range collect(t, tr.Registry().LookupNames(ctx, tracker.RunStatuses)) {
		if s.Active != (s.Name == "running") {
			t.Errorf("run status %q is active: %t", s.Name, s.Active)
		}
	}
}

func ownNames(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	for _, l := range lookups() {
		have := func(want ...string) {
			t.Helper()
			if _, own := namesIn(ctx, t, tr, l); !slices.Equal(own, want) {
				t.Errorf("%s: there are %q, want %q", l, own, want)
			}
		}
		must(t, add(ctx, tr, l, " mine "))
		must(t, add(ctx, tr, l, "other"))
		must(t, add(ctx, tr, l, "mine"))
		have("mine", "other")
		must(t, tr.Registry().RenameLookupName(ctx, l, "mine ", " yours"))
		must(t, tr.Registry().RenameLookupName(ctx, l, "yours", "yours"))
		have("yours", "other")
		for _, err := range []error{tr.Registry().RenameLookupName(ctx, l, "mine", "x"), tr.Registry().RenameLookupName(ctx, l, "Yours", "x"), tr.Registry().DeleteLookupName(ctx, l, "mine")} {
			if !only(err, tracker.ErrNotFound) {
				t.Errorf("%s: %v, want %v", l, err, tracker.ErrNotFound)
			}
		}
		must(t, tr.Registry().DeleteLookupName(ctx, l, " other"))
		have("yours")
		must(t, add(ctx, tr, l, "other"))
		have("yours", "other")
	}
}

// inUse makes rows refer to a name in every lookup.
func inUse(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	for _, l := range lookups() {
		must(t, add(ctx, tr, l, "mine"))
	}
	must(t, tr.Registry().DescribeSystem(ctx, tracker.System{Name: "Lahman", Type: "mine"}))
	run := start(ctx, t, tr, tracker.Process{Name: "Load", Type: "mine", Tool: "mine", Frequency: "mine", DatasetTypes: []string{"mine"}})
	ignoreExtracts(t)(run.RegisterExtracts(ctx,
		tracker.File{Location: "mine://a", Name: "x", Status: "mine"}, tracker.File{Location: "mine://a", Name: "y"}))
	must(t, run.RecordError(ctx, tracker.ErrorRecord{Type: "mine"}, tracker.ErrorRecord{Type: "mine"}))
	must(t, run.SetStatus(ctx, "mine", nil))
	change(ctx, t, b, `UPDATE {extract} SET file_type_id = (SELECT id FROM {file_type} WHERE name = 'mine'),
		compression_type_id = (SELECT id FROM {compression_type} WHERE name = 'mine') WHERE name = 'x'`)
	rows := content(ctx, t, b)
	for l, uses := range map[tracker.Lookup]string{
		tracker.RunStatuses:      `1 × latest run of process ("Load"); 1 × run ("Load, run 1")`,
		tracker.ExtractStatuses:  `1 × extract ("x"); 1 × run's link to extract ("x")`,
		tracker.ErrorTypes:       `2 × error of run ("Load, run 1", "Load, run 1")`,
		tracker.ProcessTypes:     `1 × process ("Load")`,
		tracker.Frequencies:      `1 × process ("Load")`,
		tracker.Tools:            `1 × process ("Load")`,
		tracker.DatasetTypes:     `1 × process ("Load")`,
		tracker.LocationTypes:    `1 × location ("a")`,
		tracker.FileTypes:        `1 × extract ("x")`,
		tracker.CompressionTypes: `1 × extract ("x")`,
		tracker.SourceTypes:      `1 × system ("Lahman")`,
	} {
		for _, err := range []error{tr.Registry().DeleteLookupName(ctx, l, "mine"), tr.Registry().RenameLookupName(ctx, l, "mine", "yours")} {
			var refused *tracker.InUseError
			if !only(err, tracker.ErrInUse) || !errors.As(err, &refused) || refused.What != string(l) || refused.Name != "mine" ||
				!strings.HasSuffix(err.Error(), "in use: "+uses+"; give these another one first, or keep the name") {
				t.Errorf("%s: %v, want %s", l, err, uses)
			}
		}
		if _, own := namesIn(ctx, t, tr, l); !slices.Contains(own, "mine") || slices.Contains(own, "yours") {
			t.Errorf("%s: there are %q", l, own)
		}
	}
	wantContent(ctx, t, b, rows)
	// A name can be deleted when no row refers to it any more.
	must(t, tr.Registry().RedescribeSystem(ctx, tracker.System{Name: "Lahman"}))
	must(t, tr.Registry().DeleteLookupName(ctx, tracker.SourceTypes, "mine"))
}

func ignoreExtracts(t *testing.T) func([]tracker.Extract, error) {
	return func(_ []tracker.Extract, err error) {
		t.Helper()
		must(t, err)
	}
}

func manyUses(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for _, name := range []string{"d", "b", "a", "c", "e"} {
		must(t, tr.Registry().Register(ctx, tracker.Process{Name: name, Type: "mine"}))
	}
	var refused *tracker.InUseError
	if err := tr.Registry().DeleteLookupName(ctx, tracker.ProcessTypes, "mine"); !errors.As(err, &refused) || len(refused.Uses) != 1 ||
		refused.Uses[0].What != "process" || refused.Uses[0].Count != 5 || !slices.Equal(refused.Uses[0].Names, []string{"a", "b", "c"}) {
		t.Errorf("in use by five processes: %v", err)
	}
}

// unknownUse makes a user's table refer to a name.
func unknownUse(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddLookupName(ctx, tracker.ProcessTypes, "mine"))
	kind := map[bool]string{true: "INTEGER", false: "BIGINT"}[b.Dialect().Name() == "sqlite"]
	change(ctx, t, b, "CREATE TABLE {my_own} (type_id "+kind+" REFERENCES {process_type} (id))")
	change(ctx, t, b, "INSERT INTO {my_own} SELECT id FROM {process_type} WHERE name = 'mine'")
	err := tr.Registry().DeleteLookupName(ctx, tracker.ProcessTypes, "mine")
	var refused *tracker.InUseError
	if !only(err, tracker.ErrInUse) || !errors.As(err, &refused) || len(refused.Uses) != 0 || !driverError(err) {
		t.Errorf("delete: %v", err)
	}
	if _, own := namesIn(ctx, t, tr, tracker.ProcessTypes); !slices.Equal(own, []string{"mine"}) {
		t.Errorf("there are %q", own)
	}
	change(ctx, t, b, "DROP TABLE {my_own}")
	must(t, tr.Registry().DeleteLookupName(ctx, tracker.ProcessTypes, "mine"))
}

func badRenames(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	for _, l := range lookups() {
		names, _ := namesIn(ctx, t, tr, l)
		must(t, add(ctx, tr, l, "mine"))
		must(t, add(ctx, tr, l, "other"))
		for _, taken := range append(names, "other") {
			var exists *tracker.ExistsError
			if err := tr.Registry().RenameLookupName(ctx, l, "mine", taken); !only(err, tracker.ErrExists) || !errors.As(err, &exists) ||
				exists.What != string(l) || exists.Name != taken {
				t.Errorf("%s renamed to %q: %v", l, taken, err)
			}
		}
		if _, own := namesIn(ctx, t, tr, l); !slices.Equal(own, []string{"mine", "other"}) {
			t.Errorf("%s: there are %q", l, own)
		}
	}
	// Another caller takes the name after it was found to be free.
	s.meddle(func(st *dialect.Stmt) error {
		if st.Name == "lookup.rename_process_type" {
			st.Args = slices.Clone(st.Args)
			st.Args[0] = "other"
		}
		return nil
	})
	if err := tr.Registry().RenameLookupName(ctx, tracker.ProcessTypes, "mine", "free"); !only(err, tracker.ErrExists) || !driverError(err) {
		t.Errorf("renamed to a name that another caller has just taken: %v", err)
	}
	s.meddle(nil)

	s.forget()
	for _, l := range []tracker.Lookup{"", "process", "Process type", tracker.FilterOperators, tracker.DependencyKinds, tracker.RunStatuses} {
		wantInvalid(t, s, "AddLookup", "lookup", string(l), tr.Registry().AddLookupName(ctx, l, "mine"))
	}
	for _, l := range []tracker.Lookup{"", "process"} {
		wantInvalid(t, s, "RenameLookup", "lookup", string(l), tr.Registry().RenameLookupName(ctx, l, "a", "b"))
		wantInvalid(t, s, "DeleteLookup", "lookup", string(l), tr.Registry().DeleteLookupName(ctx, l, "a"))
		wantInvalid(t, s, "Lookup", "lookup", string(l), firstError(tr.Registry().LookupNames(ctx, l)))
	}
	for _, err := range []error{tr.Registry().DeleteLookupName(ctx, tracker.FilterOperators, "eqq"), tr.Registry().RenameLookupName(ctx, tracker.DependencyKinds, "Hard", "x")} {
		if !only(err, tracker.ErrNotFound) {
			t.Errorf("an unknown name in a fixed lookup: %v", err)
		}
	}
}

func lookupsApart(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	all := lookalikes()
	for _, l := range []tracker.Lookup{tracker.SourceTypes, tracker.DatasetTypes, tracker.RunStatuses} {
		for _, name := range all {
			must(t, add(ctx, tr, l, name))
		}
		if _, own := namesIn(ctx, t, tr, l); !slices.Equal(own, all) {
			t.Errorf("%s: there are %q, want %q", l, own, all)
		}
		left := slices.Clone(all)
		for i, name := range all {
			if i%2 == 0 {
				must(t, tr.Registry().DeleteLookupName(ctx, l, name))
				left = slices.DeleteFunc(left, func(n string) bool { return n == name })
			}
		}
		if _, own := namesIn(ctx, t, tr, l); !slices.Equal(own, left) {
			t.Errorf("%s: there are %q, want %q", l, own, left)
		}
	}
}
