package suite

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func processFindCases() []Case {
	return []Case{
		{"S1.10 processes are found by each of their properties, and by combinations", processesFound},
		{"S1.10 processes are found by the status of their latest run only, and by their hold", processesByStatus},
		{"S1.10 a process is listed with everything that is known about it", processInfo},
		{"S1.10 S1.4 a definition is read back unchanged, at each grain", definitionRead},
		{"S1.10 dependencies are listed for the child and for the parent", dependenciesRead},
		{"S1.10 S1.2 processes are found by exact names", processesApart},
		{"S1.9 dataset types reach sources, their objects and extracts through processes", datasetTypesReach},
	}
}

// wantProcesses checks which processes a filter finds, in order.
func wantProcesses(ctx context.Context, t *testing.T, tr *tracker.Tracker, f tracker.ProcessFilter, want ...string) {
	t.Helper()
	var got []string
	for _, p := range collect(t, tr.Registry().Processes(ctx, f)) {
		got = append(got, p.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v finds %q, want %q", f, got, want)
	}
}

func processesFound(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	wantProcesses(ctx, t, tr, tracker.ProcessFilter{})
	for _, p := range []tracker.Process{
		{Name: "bare"},
		{
			Name: "by system", Type: "Load", Tool: "Go", Frequency: "daily", DatasetTypes: []string{"sport", "history"},
			Sources: tracker.SystemRefs("Lahman"), Targets: tracker.SystemRefs("Warehouse"),
		},
		{
			Name: "by object", Type: "Extract", Tool: "Go", Frequency: "hourly", DatasetTypes: []string{"sport"},
			Sources: tracker.ObjectRefs("Lahman", "Teams", "Parks"), Targets: tracker.ObjectRefs("Warehouse", "teams"),
		},
		{
			Name: "by attribute", Type: "Load", Tool: "Spark", Frequency: "daily",
			Sources: tracker.AttributeRefs("Lahman", "Teams", "id", "name"), Targets: tracker.AttributeRefs("Warehouse", "teams", "id"),
		},
		{Name: "reversed", Sources: tracker.SystemRefs("Warehouse"), Targets: tracker.ObjectRefs("Lahman", "Teams")},
		{Name: "by filter", Filters: []tracker.RowFilter{on(tracker.OpEqual, "1")}},
	} {
		must(t, tr.Registry().Register(ctx, p))
	}
	must(t, tr.Registry().AddProcessContact(ctx, "bare", tracker.Contact{Name: "Ada"}))
	must(t, tr.Registry().AddProcessContact(ctx, "by system", tracker.Contact{Name: "Ada"}))
	must(t, tr.Registry().AddSystemContact(ctx, "Lahman", tracker.Contact{Name: "Ada", Email: "ada@example.org"}))
	must(t, tr.Registry().AddSystemContact(ctx, "Warehouse", tracker.Contact{Name: "Ben"}))
	all := []string{"bare", "by system", "by object", "by attribute", "reversed", "by filter"}
	for _, c := range []struct {
		filter tracker.ProcessFilter
		want   []string
	}{
		{tracker.ProcessFilter{}, all},
		{tracker.ProcessFilter{Limit: 2}, all[:2]},
		{tracker.ProcessFilter{Name: "by object"}, all[2:3]},
		{tracker.ProcessFilter{Name: "by"}, nil},
		{tracker.ProcessFilter{Type: "Load"}, []string{"by system", "by attribute"}},
		{tracker.ProcessFilter{Tool: "Go"}, []string{"by system", "by object"}},
		{tracker.ProcessFilter{Frequency: "hourly"}, []string{"by object"}},
		{tracker.ProcessFilter{Source: "Lahman"}, []string{"by system", "by object", "by attribute"}},
		{tracker.ProcessFilter{Source: "Warehouse"}, []string{"reversed"}},
		{tracker.ProcessFilter{Target: "Warehouse"}, []string{"by system", "by object", "by attribute"}},
		{tracker.ProcessFilter{Target: "Lahman"}, []string{"reversed"}},
		{tracker.ProcessFilter{Contact: "Ada"}, []string{"bare", "by system", "by object", "by attribute"}},
		{tracker.ProcessFilter{Contact: "Ben"}, []string{"reversed"}},
		{tracker.ProcessFilter{DatasetType: "sport"}, []string{"by system", "by object"}},
		{tracker.ProcessFilter{Type: "Load", Tool: "Go", Source: "Lahman", Target: "Warehouse", Contact: "Ada", DatasetType: "history", OnHold: pointer(false)}, []string{"by system"}},
		{tracker.ProcessFilter{Type: "Load", Frequency: "hourly"}, nil},
		{tracker.ProcessFilter{Source: "none such"}, nil},
	} {
		wantProcesses(ctx, t, tr, c.filter, c.want...)
	}
	if err := firstError(tr.Registry().Processes(ctx, tracker.ProcessFilter{Limit: -1})); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("a negative limit: %v", err)
	}
}

func processesByStatus(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	must(t, tr.Registry().AddRunStatus(ctx, "checking", true))
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "new"}))
	must(t, start(ctx, t, tr, tracker.Process{Name: "completed"}).Fail(ctx))
	must(t, start(ctx, t, tr, tracker.Process{Name: "completed"}).Complete(ctx, nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "failed"}).Complete(ctx, nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "failed"}).Fail(ctx))
	start(ctx, t, tr, tracker.Process{Name: "running"})
	must(t, start(ctx, t, tr, tracker.Process{Name: "checking"}).SetStatus(ctx, "checking", nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "held"}).Hold(ctx, "enough", nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "released"}).Hold(ctx, "enough", nil))
	must(t, tr.Admin().Release(ctx, "released", "go on"))
	must(t, tr.Admin().Hold(ctx, "running", "later"))
	for status, want := range map[tracker.RunStatus][]string{
		tracker.Completed: {"completed"}, tracker.Failed: {"failed"}, tracker.Running: {"running"}, "checking": {"checking"},
		tracker.OnHold: {"held", "released"}, "none such": nil,
	} {
		wantProcesses(ctx, t, tr, tracker.ProcessFilter{Status: status}, want...)
	}
	wantProcesses(ctx, t, tr, tracker.ProcessFilter{OnHold: pointer(true)}, "running", "held")
	wantProcesses(ctx, t, tr, tracker.ProcessFilter{OnHold: pointer(false)}, "new", "completed", "failed", "checking", "released")
	wantProcesses(ctx, t, tr, tracker.ProcessFilter{Status: tracker.OnHold, OnHold: pointer(true)}, "held")
}

func processInfo(t *testing.T, e *Env) {
	ctx, tr, other := e.context(t), e.tracker(t, nil), e.tracker(t, &tracker.Config{Actor: "operator"})
	one := func() tracker.ProcessInfo {
		t.Helper()
		all := collect(t, tr.Registry().Processes(ctx, tracker.ProcessFilter{Name: "Load"}))
		if len(all) != 1 || all[0].ID == 0 {
			t.Fatalf("processes: %+v", all)
		}
		all[0].ID = 0
		return all[0]
	}
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Load"}))
	bare := one()
	if want := (tracker.ProcessInfo{Name: "Load", Audit: bare.Audit}); bare != want || bare.Audit.CreatedBy != "tester" {
		t.Errorf("a new process is %+v", bare)
	}
	p := tracker.Process{Name: "Load", Type: "Load", Tool: "Go", Frequency: "daily"}
	done := start(ctx, t, tr, p)
	must(t, done.ExtendRange(ctx, noon, noon))
	must(t, done.SetCounts(ctx, tracker.Counts{Records: 4, Inserts: 3, Updates: 2, Deletes: 1}))
	must(t, done.Complete(ctx, nil))
	must(t, start(ctx, t, tr, p).Fail(ctx, tracker.ErrorRecord{Description: "no"}))
	must(t, other.Admin().SetMaxFailures(ctx, "Load", 7))
	must(t, other.Admin().Hold(ctx, "Load", "later"))
	got := one()
	runs := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: "Load"}))
	want := tracker.ProcessInfo{
		Name: "Load", Type: "Load", Tool: "Go", Frequency: "daily",
		RunNumber: 2, Status: tracker.Failed, StartedAt: runs[0].StartedAt, EndedAt: runs[0].EndedAt,
		Hold:     &tracker.HoldInfo{Since: got.Hold.Since, By: "operator", Reason: "later"},
		Failures: 1, MaxFailures: 7,
		Totals:          tracker.Totals{Watermark: noon, Counts: tracker.Counts{Records: 4, Inserts: 3, Updates: 2, Deletes: 1}},
		LastCompletedAt: runs[1].EndedAt, LastFailedAt: runs[0].EndedAt, LastErroredAt: got.LastErroredAt, Audit: got.Audit,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the process is\n%+v, want\n%+v", got, want)
	}
	if got.Hold.Since.IsZero() || got.LastErroredAt.IsZero() || got.Audit.ChangedBy != "operator" || got.Audit.CreatedBy != "tester" {
		t.Errorf("hold %+v, last error at %v, %+v", *got.Hold, got.LastErroredAt, got.Audit)
	}
	must(t, tr.Admin().Release(ctx, "Load", "now"))
	run := start(ctx, t, tr, p)
	if got := one(); !got.Active || got.Hold != nil || got.Failures != 0 || got.RunNumber != 3 || !got.EndedAt.IsZero() || !got.StartedAt.Equal(run.StartedAt()) {
		t.Errorf("started again, it is %+v", got)
	}
}

func definitionRead(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	all := tracker.Process{
		Name: "Teams Load", Type: "Load", Tool: "Go", Frequency: "daily",
		Sources: slices.Concat(tracker.SystemRefs("A"), tracker.ObjectRefs("A", "x"), tracker.AttributeRefs("A", "x", "id"),
			tracker.SystemRefs("B"), tracker.AttributeRefs("C", "x", "id", "name")),
		Targets:      slices.Concat(tracker.SystemRefs("A"), tracker.ObjectRefs("D", "x", "y")),
		DatasetTypes: []string{"history", "sport"},
		Filters:      []tracker.RowFilter{on(tracker.OpEqual, "1"), on(tracker.OpIn, "1", "2")},
	}
	for _, p := range []tracker.Process{
		{Name: "bare"}, {Name: "typed", Type: "Load"}, {Name: "source", Sources: tracker.ObjectRefs("A", "x")},
		{Name: "target", Targets: tracker.AttributeRefs("A", "x", "id")}, {Name: "kinds", DatasetTypes: []string{"a"}},
		{Name: "filtered", Filters: []tracker.RowFilter{on(tracker.OpLike, "%")}}, all,
	} {
		must(t, tr.Registry().Register(ctx, p))
		got, err := tr.Registry().Definition(ctx, p.Name)
		must(t, err)
		if !reflect.DeepEqual(got, p) {
			t.Errorf("read back:\n%+v, want\n%+v", got, p)
		}
	}
	shuffled := all
	shuffled.Name, shuffled.Sources, shuffled.Filters = "shuffled", slices.Clone(all.Sources), slices.Clone(all.Filters)
	slices.Reverse(shuffled.Sources)
	slices.Reverse(shuffled.Filters)
	shuffled.Targets = append(shuffled.Targets, shuffled.Targets...)
	must(t, tr.Registry().Register(ctx, shuffled))
	got, err := tr.Registry().Definition(ctx, " shuffled ")
	must(t, err)
	if got.Name = all.Name; !reflect.DeepEqual(got, all) {
		t.Errorf("shuffled, it is read back as\n%+v, want\n%+v", got, all)
	}
	if _, err := tr.Registry().Definition(ctx, "nobody knows it"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("the definition of a process that does not exist: %v", err)
	}
}

func dependenciesRead(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	must(t, tr.Registry().AddDependency(ctx, "middle", "first", tracker.DependencyOptions{Kind: tracker.Hard, Freshness: tracker.Fresh}))
	must(t, tr.Registry().AddDependency(ctx, "middle", "another", tracker.DependencyOptions{Kind: tracker.Soft}))
	must(t, tr.Registry().AddDependency(ctx, "last", "middle", tracker.DependencyOptions{}))
	want := func(process string, want tracker.Dependencies) {
		t.Helper()
		got, err := tr.Registry().Dependencies(ctx, process)
		must(t, err)
		for _, list := range [][]tracker.Dependency{got.Parents, got.Children} {
			for i := range list {
				if list[i].Audit.CreatedBy != "tester" {
					t.Errorf("%+v", list[i])
				}
				list[i].Audit = tracker.Audit{}
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s has %+v, want %+v", process, got, want)
		}
	}
	first := tracker.Dependency{Child: "middle", Parent: "first", Kind: tracker.Hard, Fresh: true}
	last := tracker.Dependency{Child: "last", Parent: "middle", Kind: tracker.Normal}
	want("middle", tracker.Dependencies{
		Parents: []tracker.Dependency{{Child: "middle", Parent: "another", Kind: tracker.Soft}, first}, Children: []tracker.Dependency{last},
	})
	want("first", tracker.Dependencies{Children: []tracker.Dependency{first}})
	want("last", tracker.Dependencies{Parents: []tracker.Dependency{last}})
	must(t, tr.Registry().RemoveDependency(ctx, "last", "middle"))
	want("last", tracker.Dependencies{})
	if _, err := tr.Registry().Dependencies(ctx, "nobody knows it"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("dependencies of a process that does not exist: %v", err)
	}
}

func processesApart(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	all := lookalikes()
	for _, name := range all {
		must(t, tr.Registry().Register(ctx, tracker.Process{
			Name: name, Type: name, Tool: name, Frequency: name, DatasetTypes: []string{name},
			Sources: tracker.AttributeRefs(name, name, name), Targets: tracker.ObjectRefs("to "+name, name),
		}))
	}
	for _, name := range all {
		for _, f := range []tracker.ProcessFilter{
			{Name: name}, {Type: name}, {Tool: name}, {Frequency: name}, {DatasetType: name}, {Source: name}, {Target: "to " + name},
		} {
			wantProcesses(ctx, t, tr, f, name)
		}
	}
}

func datasetTypesReach(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	loads := []tracker.Process{
		{Name: "whole", DatasetTypes: []string{"w"}, Sources: tracker.SystemRefs("A"), Targets: tracker.SystemRefs("T")},
		{Name: "object", DatasetTypes: []string{"o", "both"}, Sources: tracker.ObjectRefs("B", "x")},
		{Name: "attribute", DatasetTypes: []string{"a", "both"}, Sources: tracker.AttributeRefs("B", "y", "id", "name")},
		{Name: "none", Sources: tracker.ObjectRefs("B", "x")},
	}
	must(t, tr.Registry().DescribeObject(ctx, tracker.Object{System: "A", Name: "x"}))
	must(t, tr.Registry().DescribeObject(ctx, tracker.Object{System: "B", Name: "z"}))
	for _, p := range loads {
		run := start(ctx, t, tr, p)
		ignoreExtracts(t)(run.RegisterExtracts(ctx, tracker.File{Location: "/landing", Name: p.Name}))
	}
	systems, objects := map[string][]string{}, map[string][]string{}
	for _, s := range collect(t, tr.Registry().Systems(ctx, tracker.SystemFilter{})) {
		systems[s.Name] = s.DatasetTypes
	}
	for _, o := range collect(t, tr.Registry().Objects(ctx, tracker.ObjectFilter{})) {
		objects[o.System+"/"+o.Name] = o.DatasetTypes
	}
	if want := map[string][]string{"A": {"w"}, "T": nil, "B": {"a", "both", "o"}}; !reflect.DeepEqual(systems, want) {
		t.Errorf("systems have %v, want %v", systems, want)
	}
	if want := map[string][]string{"A/x": {"w"}, "B/x": {"both", "o"}, "B/y": {"a", "both"}, "B/z": nil}; !reflect.DeepEqual(objects, want) {
		t.Errorf("objects have %v, want %v", objects, want)
	}
	for datasetType, want := range map[string][3][]string{
		"w": {{"A"}, {"A/x"}, {"whole"}}, "o": {{"B"}, {"B/x"}, {"object"}}, "a": {{"B"}, {"B/y"}, {"attribute"}},
		"both": {{"B"}, {"B/x", "B/y"}, {"object", "attribute"}}, "W": {},
	} {
		var got [3][]string
		for _, s := range collect(t, tr.Registry().Systems(ctx, tracker.SystemFilter{DatasetType: datasetType})) {
			got[0] = append(got[0], s.Name)
		}
		for _, o := range collect(t, tr.Registry().Objects(ctx, tracker.ObjectFilter{DatasetType: datasetType})) {
			got[1] = append(got[1], o.System+"/"+o.Name)
		}
		for _, x := range collect(t, tr.Extracts(ctx, tracker.ExtractFilter{DatasetType: datasetType})) {
			got[2] = append(got[2], x.Name)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("dataset type %q reaches %q, want %q", datasetType, got, want)
		}
	}
}
