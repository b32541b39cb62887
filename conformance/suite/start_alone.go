package suite

import (
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func startAloneCases() []Case {
	return []Case{
		{"S5.10 a source that a process gets during a run counts for what the run registers afterwards", nowHasSources},
		{"S2.4 S2.6 a dependency or a cluster that a process gets between two starts of a program counts for the second", nowShares},
		{"S2.7 a run that starts while the one before it ends starts after that end", startsAfterTheEnd},
	}
}

// startsAfterTheEnd lets several trackers start a process while its run ends. Each has run
// the process before, and none has just been refused, so that each of them sends its start
// at once.
func startsAfterTheEnd(t *testing.T, e *Env) {
	ctx, process := e.context(t), tracker.Process{Name: "Load"}
	trackers := make([]*tracker.Tracker, 4)
	for i := range trackers {
		trackers[i] = e.tracker(t, nil)
	}
	for range 20 {
		for _, tr := range trackers {
			must(t, start(ctx, t, tr, process).Complete(ctx, nil))
		}
		ending := start(ctx, t, trackers[0], process)
		for _, a := range atOnce(len(trackers), func(i int) attempt {
			if i == 0 {
				return attempt{err: ending.Complete(ctx, nil)}
			}
			return try(ctx, trackers[i], process)
		}) {
			if a.run != nil {
				must(t, a.run.Complete(ctx, nil))
			} else if a.err != nil {
				wantBlocked(t, a.err, tracker.ErrAlreadyRunning)
			}
		}
	}
	var last tracker.RunInfo
	for _, run := range collect(t, trackers[0].Runs(ctx, tracker.RunFilter{Process: "Load", Order: tracker.OldestFirst})) {
		if run.StartedAt.Before(last.EndedAt) {
			t.Errorf("run %d starts at %v, and run %d ends at %v", run.Number, run.StartedAt, last.Number, last.EndedAt)
		}
		last = run
	}
}

// nowShares starts a process so often that its tracker knows that it has neither a
// dependency nor a cluster, before another tracker gives it one.
func nowShares(t *testing.T, e *Env) {
	ctx, tr, other := e.context(t), e.tracker(t, nil), e.tracker(t, nil)
	child := tracker.Process{Name: "child"}
	again := func() *tracker.Run {
		t.Helper()
		var run *tracker.Run
		for range 2 {
			run = start(ctx, t, tr, child)
			must(t, run.Complete(ctx, nil))
		}
		return run
	}
	again()
	must(t, start(ctx, t, other, tracker.Process{Name: "parent"}).Fail(ctx))
	must(t, other.Registry().AddDependency(ctx, "child", "parent", tracker.DependencyOptions{}))
	if blocked := wantRefused(ctx, t, tr, "child", tracker.ErrDependency); len(blocked.Parents) != 1 || blocked.Parents[0].Process != "parent" {
		t.Errorf("blocked by %+v", blocked.Parents)
	}
	must(t, other.Registry().RemoveDependency(ctx, "child", "parent"))

	again()
	must(t, other.Registry().AddDependency(ctx, "child", "parent", tracker.DependencyOptions{Kind: tracker.Soft}))
	if soft := again().SoftDependencies(); len(soft) != 1 || soft[0].Process != "parent" {
		t.Errorf("the run reports %+v", soft)
	}
	must(t, other.Registry().RemoveDependency(ctx, "child", "parent"))

	again()
	one := int64(1)
	must(t, other.Registry().SetCluster(ctx, tracker.Cluster{Name: "warehouse", MaxMemory: &one}))
	must(t, other.Registry().JoinCluster(ctx, "child", "warehouse"))
	_, err := tr.Start(ctx, child, &tracker.StartOptions{Needs: tracker.Capacity{Memory: 2}})
	if blocked := wantBlocked(t, err, tracker.ErrNoCapacity); len(blocked.Clusters) != 1 {
		t.Errorf("blocked by %+v", blocked.Clusters)
	}
	if run := again(); run.Number() != 10 {
		t.Errorf("the last run is number %d, want 10", run.Number())
	}
}

// nowHasSources registers files one by one, so that the tracker knows that the process has
// no sources, before another tracker gives it one.
func nowHasSources(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr, other := trackerOn(ctx, t, b, nil), trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	for _, name := range []string{"a.csv", "b.csv", "b.csv"} {
		register(ctx, t, run, files("/landing", name)...)
	}
	if got := links(ctx, t, b); len(got) > 0 {
		t.Errorf("linked to %q", got)
	}
	must(t, other.Registry().Register(ctx, tracker.Process{Name: "Teams Extract", Sources: tracker.SystemRefs("CRM")}))
	register(ctx, t, run, files("/landing", "c.csv")...)
	register(ctx, t, run, files("/landing", "b.csv")...)
	if got, want := links(ctx, t, b), []string{"/landing: CRM", "b.csv: CRM", "c.csv: CRM"}; !slices.Equal(got, want) {
		t.Errorf("linked to %q, want %q", got, want)
	}
	// A file that another process's run has registered is linked to this run, too.
	second := start(ctx, t, tr, tracker.Process{Name: "of nothing"})
	for _, name := range []string{"d.csv", "a.csv"} {
		register(ctx, t, second, files("/landing", name)...)
	}
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {run_extract}"); n != 5 {
		t.Errorf("the runs are linked to %d extracts, want 5", n)
	}
}
