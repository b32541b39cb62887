package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func dependencyCases() []Case {
	return []Case{
		{"S2.4 a parent whose latest run is active, failed or on hold blocks", parentBlocks},
		{"S2.4 a parent's earlier runs do not count", latestCounts},
		{"S2.4 a parent that never ran blocks only if the dependency is hard", neverRan},
		{"S2.4 a refusal lists the parents that block it, each with run, status, actor and time", parentsListed},
		{"S2.4 a soft dependency never blocks and is reported on the run", softReported},
		{"S2.4 a dependency can change its kind and be removed", dependencyChanged},
		{"S2.11 a dependency that would close a cycle is refused", cycleRefused},
		{"S2.11 if two concurrent dependencies would close a cycle, one is refused", cycleOfTwo},
		{"S2.11 if many concurrent dependencies would close a ring, one is refused", cycleOfMany},
	}
}

// parentBlocks puts a parent's latest run into each status.
func parentBlocks(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	must(t, tr.Registry().AddRunStatus(ctx, "checking", true))
	must(t, tr.Registry().AddRunStatus(ctx, "skipped", false))
	for _, c := range []struct {
		status tracker.RunStatus
		blocks bool
	}{
		{tracker.Running, true},
		{"checking", true},
		{tracker.Failed, true},
		{tracker.OnHold, true},
		{tracker.Completed, false},
		{"skipped", false},
	} {
		for _, kind := range []tracker.DependencyKind{tracker.Normal, tracker.Hard} {
			parent, child := fmt.Sprintf("%s %s parent", kind, c.status), fmt.Sprintf("%s %s child", kind, c.status)
			must(t, tr.Registry().AddDependency(ctx, child, parent, tracker.DependencyOptions{Kind: kind}))
			must(t, start(ctx, t, tr, tracker.Process{Name: parent}).SetStatus(ctx, c.status, nil))
			if !c.blocks {
				start(ctx, t, tr, tracker.Process{Name: child})
				continue
			}
			blocked := wantRefused(ctx, t, tr, child, tracker.ErrDependency)
			if len(blocked.Parents) != 1 || blocked.Parents[0].Status != c.status || blocked.Parents[0].Kind != kind {
				t.Errorf("a parent that is %s: blocked by %+v", c.status, blocked.Parents)
			}
		}
	}
}

func latestCounts(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	extract, load := tracker.Process{Name: "Teams Extract"}, tracker.Process{Name: "Teams Load"}
	must(t, tr.Registry().AddDependency(ctx, load.Name, extract.Name, tracker.DependencyOptions{Kind: tracker.Normal}))

	must(t, start(ctx, t, tr, extract).Fail(ctx))
	must(t, start(ctx, t, tr, extract).Complete(ctx, nil))
	must(t, start(ctx, t, tr, load).Complete(ctx, nil)) // the old failure no longer counts

	must(t, start(ctx, t, tr, extract).Fail(ctx))
	blocked := wantRefused(ctx, t, tr, load.Name, tracker.ErrDependency) // nor does the old success
	if len(blocked.Parents) != 1 || blocked.Parents[0].RunNumber != 3 {
		t.Errorf("blocked by %+v, want the third run", blocked.Parents)
	}
	start(ctx, t, tr, extract) // a child never blocks its parent
}

func neverRan(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for _, kind := range []tracker.DependencyKind{tracker.Normal, tracker.Soft, tracker.Hard} {
		must(t, tr.Registry().AddDependency(ctx, string(kind)+" child", string(kind)+" parent", tracker.DependencyOptions{Kind: kind}))
	}
	start(ctx, t, tr, tracker.Process{Name: "normal child"})
	start(ctx, t, tr, tracker.Process{Name: "soft child"})

	blocked := wantRefused(ctx, t, tr, "hard child", tracker.ErrDependency)
	if want := (tracker.Parent{Process: "hard parent", Kind: tracker.Hard}); len(blocked.Parents) != 1 || blocked.Parents[0] != want {
		t.Errorf("blocked by %+v, want %+v", blocked.Parents, want)
	}
	must(t, start(ctx, t, tr, tracker.Process{Name: "hard parent"}).Complete(ctx, nil))
	start(ctx, t, tr, tracker.Process{Name: "hard child"})
}

// parentsListed has five parents; three of them block the child.
func parentsListed(t *testing.T, e *Env) {
	ctx, tr, scheduler := e.context(t), e.tracker(t, nil), e.tracker(t, &tracker.Config{Actor: "scheduler"})
	for parent, kind := range map[string]tracker.DependencyKind{
		"active": tracker.Normal, "failed": tracker.Hard, "done": tracker.Hard, "new": tracker.Hard, "soft": tracker.Soft,
	} {
		must(t, tr.Registry().AddDependency(ctx, "child", parent, tracker.DependencyOptions{Kind: kind}))
	}
	must(t, start(ctx, t, tr, tracker.Process{Name: "active"}).Complete(ctx, nil))
	active := start(ctx, t, scheduler, tracker.Process{Name: "active"})
	failed := start(ctx, t, tr, tracker.Process{Name: "failed"})
	must(t, failed.Fail(ctx))
	must(t, start(ctx, t, tr, tracker.Process{Name: "done"}).Complete(ctx, nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "soft"}).Fail(ctx))

	blocked := wantRefused(ctx, t, tr, "child", tracker.ErrDependency)
	want := []tracker.Parent{
		{Process: "active", Kind: tracker.Normal, RunNumber: 2, Status: tracker.Running, Since: active.StartedAt(), Actor: "scheduler"},
		{Process: "failed", Kind: tracker.Hard, RunNumber: 1, Status: tracker.Failed, Since: failed.StartedAt(), Actor: "tester"},
		{Process: "new", Kind: tracker.Hard},
	}
	if blocked.Process != "child" || !slices.Equal(blocked.Parents, want) {
		t.Errorf("process %q is blocked by\n%+v, want\n%+v", blocked.Process, blocked.Parents, want)
	}
}

func softReported(t *testing.T, e *Env) {
	ctx, tr, scheduler := e.context(t), e.tracker(t, nil), e.tracker(t, &tracker.Config{Actor: "scheduler"})
	for _, parent := range []string{"failed", "active", "done", "held", "new"} {
		must(t, tr.Registry().AddDependency(ctx, "child", parent, tracker.DependencyOptions{Kind: tracker.Soft}))
	}
	failed := start(ctx, t, scheduler, tracker.Process{Name: "failed"})
	must(t, failed.Fail(ctx))
	active := start(ctx, t, tr, tracker.Process{Name: "active"})
	must(t, start(ctx, t, tr, tracker.Process{Name: "done"}).Complete(ctx, nil))
	held := start(ctx, t, tr, tracker.Process{Name: "held"})
	must(t, held.Hold(ctx, "wait", nil))

	run := start(ctx, t, tr, tracker.Process{Name: "child"})
	want := []tracker.Parent{
		{Process: "active", Kind: tracker.Soft, RunNumber: 1, Status: tracker.Running, Since: active.StartedAt(), Actor: "tester"},
		{Process: "failed", Kind: tracker.Soft, RunNumber: 1, Status: tracker.Failed, Since: failed.StartedAt(), Actor: "scheduler"},
		{Process: "held", Kind: tracker.Soft, RunNumber: 1, Status: tracker.OnHold, Since: held.StartedAt(), Actor: "tester"},
		{Process: "new", Kind: tracker.Soft},
	}
	if got := run.SoftDependencies(); !slices.Equal(got, want) {
		t.Errorf("the run reports\n%+v, want\n%+v", got, want)
	}
	// The state at the start of the run is stored.
	must(t, active.Complete(ctx, nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "failed"}).Complete(ctx, nil))
	if got, err := tr.SoftDependencies(ctx, run.ID()); err != nil || !slices.Equal(got, want) {
		t.Errorf("read back later\n%+v, %v, want\n%+v", got, err, want)
	}
}

func dependencyChanged(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	must(t, tr.Registry().AddDependency(ctx, "child", "parent", tracker.DependencyOptions{Kind: tracker.Hard}))
	wantRefused(ctx, t, tr, "child", tracker.ErrDependency)
	must(t, tr.Registry().AddDependency(ctx, "child", "parent", tracker.DependencyOptions{})) // without a kind: it stays hard
	wantRefused(ctx, t, tr, "child", tracker.ErrDependency)
	must(t, tr.Registry().AddDependency(ctx, "child", "parent", tracker.DependencyOptions{Kind: tracker.Normal}))
	must(t, start(ctx, t, tr, tracker.Process{Name: "child"}).Complete(ctx, nil))

	must(t, start(ctx, t, tr, tracker.Process{Name: "parent"}).Fail(ctx))
	wantRefused(ctx, t, tr, "child", tracker.ErrDependency)
	must(t, tr.Registry().AddDependency(ctx, "child", "parent", tracker.DependencyOptions{Kind: tracker.Soft}))
	must(t, start(ctx, t, tr, tracker.Process{Name: "child"}).Complete(ctx, nil))

	must(t, tr.Registry().AddDependency(ctx, "child", "parent", tracker.DependencyOptions{Kind: tracker.Normal}))
	wantRefused(ctx, t, tr, "child", tracker.ErrDependency)
	must(t, tr.Registry().RemoveDependency(ctx, "child", "parent"))
	start(ctx, t, tr, tracker.Process{Name: "child"})
	if err := tr.Registry().RemoveDependency(ctx, "child", "parent"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("remove it again: %v", err)
	}
}

func cycleRefused(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddDependency(ctx, "b", "a", tracker.DependencyOptions{Kind: tracker.Normal}))
	must(t, tr.Registry().AddDependency(ctx, "c", "b", tracker.DependencyOptions{Kind: tracker.Soft}))
	must(t, tr.Registry().AddDependency(ctx, "d", "c", tracker.DependencyOptions{Kind: tracker.Hard}))
	must(t, tr.Registry().AddDependency(ctx, "d", "a", tracker.DependencyOptions{Kind: tracker.Hard})) // two paths to one ancestor are no cycle
	before, edges := content(ctx, t, b), dependencies(ctx, t, b)

	for _, closing := range [][2]string{{"a", "a"}, {"a", "b"}, {"a", "c"}, {"a", "d"}, {"b", "d"}, {"new", "new"}} {
		for _, kind := range []tracker.DependencyKind{tracker.Normal, tracker.Hard, tracker.Soft} {
			if err := tr.Registry().AddDependency(ctx, closing[0], closing[1], tracker.DependencyOptions{Kind: kind}); !errors.Is(err, tracker.ErrCycle) {
				t.Errorf("%s on %s, %s: %v, want %v", closing[0], closing[1], kind, err, tracker.ErrCycle)
			}
		}
	}
	wantContent(ctx, t, b, before)
	if got := dependencies(ctx, t, b); !slices.Equal(got, edges) {
		t.Errorf("dependencies were %v and are %v", edges, got)
	}
	must(t, tr.Registry().RemoveDependency(ctx, "b", "a"))
	must(t, tr.Registry().AddDependency(ctx, "a", "b", tracker.DependencyOptions{Kind: tracker.Normal})) // there is no cycle any more
}

// dependencies lists the stored dependencies: "child on parent, kind".
func dependencies(ctx context.Context, t *testing.T, b dialect.Backend) []string {
	t.Helper()
	var list []string
	query := statement(t, b, `SELECT child.name, parent.name, d.kind FROM {process_dependency} AS d
		JOIN {process} AS child ON child.id = d.child_id JOIN {process} AS parent ON parent.id = d.parent_id`)
	must(t, past(b).Query(ctx, query, func(r dialect.Row) error {
		var child, parent, kind string
		err := r.Scan(&child, &parent, &kind)
		list = append(list, fmt.Sprintf("%s on %s, %s", child, parent, kind))
		return err
	}))
	slices.Sort(list)
	return list
}

func cycleOfTwo(t *testing.T, e *Env) { addRings(t, e, 2) }

func cycleOfMany(t *testing.T, e *Env) { addRings(t, e, 8) }

// addRings repeatedly adds all dependencies of a ring of processes concurrently:
// exactly one of them must be refused.
func addRings(t *testing.T, e *Env, size int) {
	ctx, b := e.context(t), e.setUp(t)
	trackers := []*tracker.Tracker{trackerOn(ctx, t, b, nil), e.tracker(t, nil)}
	for round := range max(e.rounds(t)/10, 5) {
		name := func(i int) string { return fmt.Sprintf("ring %d process %d", round, i%size) }
		for i := range size { // the processes exist, so that nothing collides but the dependencies
			must(t, trackers[0].Registry().Register(ctx, tracker.Process{Name: name(i)}))
		}
		errs := atOnce(size, func(i int) error {
			return trackers[i%len(trackers)].Registry().AddDependency(ctx, name(i), name(i+1), tracker.DependencyOptions{Kind: tracker.Normal})
		})
		added := 0
		for _, err := range errs {
			if err == nil {
				added++
			} else if !errors.Is(err, tracker.ErrCycle) {
				t.Errorf("round %d: %v", round, err)
			}
		}
		if stored := len(dependencies(ctx, t, b)); added != size-1 || stored != (round+1)*(size-1) {
			t.Fatalf("round %d: %d of %d were added, and %d are stored in all", round, added, size, stored)
		}
	}
}
