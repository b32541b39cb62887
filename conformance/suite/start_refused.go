package suite

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func startRefusedCases() []Case {
	return []Case{
		{"S2.12 a refused start changes nothing of its process, whatever the reason", refusedLeavesAll},
		{"S2.12 S1.3 S2.11 the definition that a start gives is stored when the run starts", definedByStart},
		{"S2.12 S2.4 a start is blocked by the parents that it names, and then stores no dependency", refusedByOwnParent},
		{"S2.12 S2.11 a start whose parents would close a cycle is refused and changes nothing", startClosesCycle},
		{"S2.12 S1.3 a start whose type differs from the stored one changes nothing", startMismatch},
		{"S2.12 S4.2 a refused start still ends a dead run", refusedOverDead},
		{"S2.12 S2.7 if many starts redefine a process at once, the one that succeeds decides its definition", redefinedAtOnce},
	}
}

// another is a start whose definition of a process differs from the stored one in
// everything that a start can set.
func another(process string) (tracker.Process, *tracker.StartOptions) {
	return tracker.Process{
			Name: process, Type: "New", Tool: "new", Frequency: "daily", Sources: tracker.ObjectRefs("new system", "new"),
			Targets: tracker.AttributeRefs("new system", "new", "new"), DatasetTypes: []string{"new"},
			Filters: []tracker.RowFilter{{Attribute: tracker.DataRef{System: "s", Object: "o", Attribute: "a"}, Operator: tracker.OpEqual, Values: []string{"1"}}},
		},
		&tracker.StartOptions{Redefine: true, DependsOn: []string{"Ghost", "Extract"}}
}

// saying returns the stored values that starts set.
type saying struct {
	definition   tracker.Process
	dependencies []string
	audit        tracker.Audit
}

func toldOf(ctx context.Context, t *testing.T, tr *tracker.Tracker, process string) saying {
	t.Helper()
	definition, err := tr.Registry().Definition(ctx, process)
	must(t, err)
	all, err := tr.Registry().Dependencies(ctx, process)
	must(t, err)
	out := saying{definition: definition}
	for _, d := range all.Parents {
		out.dependencies = append(out.dependencies, string(d.Kind)+" "+d.Parent)
	}
	for _, info := range collect(t, tr.Registry().Processes(ctx, tracker.ProcessFilter{Name: process})) {
		out.audit = info.Audit
	}
	return out
}

// wantTold checks that none of the stored values has changed.
func wantTold(ctx context.Context, t *testing.T, tr *tracker.Tracker, want saying) {
	t.Helper()
	if got := toldOf(ctx, t, tr, want.definition.Name); !reflect.DeepEqual(got, want) {
		t.Errorf("after a refused start, the process is\n%+v\nwant\n%+v", got, want)
	}
}

// whatRefuses are the reasons for refusals, each with a function that causes it; the
// process has run once.
func whatRefuses(ctx context.Context, t *testing.T, tr *tracker.Tracker) map[error]func(process string) *tracker.StartOptions {
	t.Helper()
	none := int64(0)
	must(t, tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "full", MaxMemory: &none}))
	return map[error]func(string) *tracker.StartOptions{
		tracker.ErrAlreadyRunning: func(p string) *tracker.StartOptions { start(ctx, t, tr, tracker.Process{Name: p}); return nil },
		tracker.ErrOnHold:         func(p string) *tracker.StartOptions { must(t, tr.Admin().Hold(ctx, p, "look")); return nil },
		tracker.ErrDependency: func(p string) *tracker.StartOptions {
			must(t, tr.Registry().AddDependency(ctx, p, "Never", tracker.DependencyOptions{Kind: tracker.Hard}))
			return nil
		},
		tracker.ErrNoCapacity: func(p string) *tracker.StartOptions {
			must(t, tr.Registry().JoinCluster(ctx, p, "full"))
			return &tracker.StartOptions{Needs: tracker.Capacity{Memory: 1}}
		},
		tracker.ErrAlreadyDone: func(p string) *tracker.StartOptions {
			run, err := tr.Start(ctx, tracker.Process{Name: p}, &tracker.StartOptions{Name: "day 1"})
			must(t, err)
			must(t, run.Complete(ctx, nil))
			return &tracker.StartOptions{Name: "day 1"}
		},
	}
}

func refusedLeavesAll(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	for reason, refuse := range whatRefuses(ctx, t, tr) {
		process := "refused: " + reason.Error()
		must(t, start(ctx, t, tr, tracker.Process{Name: process, Type: "Old", Sources: tracker.SystemRefs("old")}).Complete(ctx, nil))
		refused := refuse(process)
		before, rows := toldOf(ctx, t, tr, process), content(ctx, t, b)
		given, options := another(process)
		if refused != nil {
			options.Name, options.Needs = refused.Name, refused.Needs
		}
		for range 2 { // the second time, names may exist
			if _, err := tr.Start(ctx, given, options); !errors.Is(err, reason) {
				t.Fatalf("%s: %v", process, err)
			}
			wantTold(ctx, t, tr, before)
		}
		wantContent(ctx, t, b, rows, "actor", "process_type", "tool", "schedule_frequency", "dataset_type", "process")
	}
}

func definedByStart(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Load", Type: "Old"}).Complete(ctx, nil))
	given, options := another("Load")
	for range 3 { // the later ones find everything
		run, err := tr.Start(ctx, given, options)
		must(t, err)
		must(t, run.Complete(ctx, nil))
	}
	got := toldOf(ctx, t, tr, "Load")
	if got.definition.Type != "New" || got.definition.Tool != "new" || len(got.definition.Filters) != 1 || len(got.definition.Sources) != 1 {
		t.Errorf("the process is %+v", got.definition)
	}
	if want := []string{"normal Extract", "normal Ghost"}; !reflect.DeepEqual(got.dependencies, want) {
		t.Errorf("it depends on %q, want %q", got.dependencies, want)
	}
	// An existing dependency keeps its kind; a removed one is added again.
	must(t, tr.Registry().AddDependency(ctx, "Load", "Extract", tracker.DependencyOptions{Kind: tracker.Soft}))
	must(t, tr.Registry().RemoveDependency(ctx, "Load", "Ghost"))
	run, err := tr.Start(ctx, given, options)
	must(t, err)
	must(t, run.Complete(ctx, nil))
	if got, want := toldOf(ctx, t, tr, "Load").dependencies, []string{"soft Extract", "normal Ghost"}; !reflect.DeepEqual(got, want) {
		t.Errorf("it depends on %q, want %q", got, want)
	}
	_, err = tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{DependsOn: []string{" "}})
	if !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("after a process without a name: %v", err)
	}
}

func refusedByOwnParent(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	failRuns(t, e, tr, "Extract", 1)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Load", Type: "Old"}).Complete(ctx, nil))
	before := toldOf(ctx, t, tr, "Load")
	given, options := another("Load")
	_, err := tr.Start(ctx, given, options)
	blocked := wantBlocked(t, err, tracker.ErrDependency)
	if len(blocked.Parents) != 1 || blocked.Parents[0].Process != "Extract" || blocked.Parents[0].Status != tracker.Failed {
		t.Errorf("blocked by %+v", blocked.Parents)
	}
	wantTold(ctx, t, tr, before)
	if run := start(ctx, t, tr, tracker.Process{Name: "Load"}); run.Number() != 2 {
		t.Errorf("without the parents run %d starts", run.Number())
	}

	// The same for a new process.
	_, err = tr.Start(ctx, tracker.Process{Name: "Report", Type: "New"}, &tracker.StartOptions{DependsOn: []string{"Extract"}})
	_ = wantBlocked(t, err, tracker.ErrDependency)
	if got := toldOf(ctx, t, tr, "Report"); got.definition.Type != "" || len(got.dependencies) > 0 {
		t.Errorf("the new process is %+v", got)
	}
}

func startClosesCycle(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	must(t, tr.Registry().AddDependency(ctx, "Extract", "Load", tracker.DependencyOptions{Kind: tracker.Normal}))
	before := toldOf(ctx, t, tr, "Load")
	given, options := another("Load")
	if _, err := tr.Start(ctx, given, options); !errors.Is(err, tracker.ErrCycle) {
		t.Errorf("a cycle: %v", err)
	}
	if _, err := tr.Start(ctx, given, &tracker.StartOptions{DependsOn: []string{"Load"}}); !errors.Is(err, tracker.ErrCycle) {
		t.Errorf("itself: %v", err)
	}
	wantTold(ctx, t, tr, before)
	wantRuns(ctx, t, tr, "Load", 0)
}

func startMismatch(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Load", Type: "Old"}).Complete(ctx, nil))
	before := toldOf(ctx, t, tr, "Load")
	given, _ := another("Load")
	if _, err := tr.Start(ctx, given, &tracker.StartOptions{DependsOn: []string{"Ghost"}}); !errors.Is(err, tracker.ErrMismatch) {
		t.Errorf("another type: %v", err)
	}
	wantTold(ctx, t, tr, before)
	wantRuns(ctx, t, tr, "Load", 1)
}

func refusedOverDead(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	failRuns(t, e, tr, "Extract", 1)
	dead := start(ctx, t, tr, tracker.Process{Name: "Load", Type: "Old"})
	expire(ctx, t, b, dead.ID())
	before := toldOf(ctx, t, tr, "Load")
	given, options := another("Load")
	_, err := tr.Start(ctx, given, options)
	_ = wantBlocked(t, err, tracker.ErrDependency)
	wantDone(ctx, t, tr, dead, tracker.Failed, "Process Error: lease expired")
	wantTold(ctx, t, tr, before)

	// A start that is not refused takes over the process, with all of its definition.
	must(t, start(ctx, t, tr, tracker.Process{Name: "Extract"}).Complete(ctx, nil))
	second := start(ctx, t, tr, tracker.Process{Name: "Load"})
	expire(ctx, t, b, second.ID())
	third, err := tr.Start(ctx, given, options)
	must(t, err)
	wantDone(ctx, t, tr, second, tracker.Failed, "Process Error: lease expired")
	if got := toldOf(ctx, t, tr, "Load"); third.Number() != 3 || got.definition.Type != "New" || len(got.dependencies) != 2 {
		t.Errorf("run %d of %+v", third.Number(), got)
	}
}

func redefinedAtOnce(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	const many, rounds = 8, 4
	types := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	parents := []string{"of a", "of b", "of c", "of d", "of e", "of f", "of g", "of h"}
	for round := range rounds {
		process := "Load " + types[round]
		attempts := atOnce(many, func(i int) attempt {
			run, err := tr.Start(ctx, tracker.Process{Name: process, Type: types[i]}, &tracker.StartOptions{Redefine: true, DependsOn: []string{parents[i]}})
			return attempt{run, err}
		})
		if o := outcomeOf(attempts); len(o.Started) != 1 || len(o.Errors) > 0 {
			t.Fatalf("want one run and nothing but refusals: %+v", o)
		}
		for i, a := range attempts {
			if a.run == nil {
				continue
			}
			got := toldOf(ctx, t, tr, process)
			if got.definition.Type != types[i] || !reflect.DeepEqual(got.dependencies, []string{"normal " + parents[i]}) {
				t.Errorf("the run that started says type %q and parent %q; stored are %+v", types[i], parents[i], got)
			}
			must(t, a.run.Complete(ctx, nil))
		}
	}
}
