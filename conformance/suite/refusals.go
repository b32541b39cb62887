package suite

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func refusalCases() []Case {
	return []Case{
		{"S2.3 S3.3 the allowed number of failures in a row puts a process on hold, until it is released", failuresHold},
		{"S3.3 S2.3 failures before a release do not count, even if the process was not on hold yet", releasedBeforeHeld},
		{"S2.3 only failures in a row count", failuresInARow},
		{"S2.3 a process's own maximum of failures overrides the tracker's, and 0 means never", ownMaximum},
		{"S2.5 a dependency on fresh data waits until the parent has completed again", freshData},
		{"S2.6 a run that its cluster has no room for does not start", noCapacity},
		{"S2.6 the greatest needs and their sums neither overflow nor overfill a cluster", greatestNeeds},
		{"S2.6 S2.7 concurrent starts never overfill a cluster", neverTooFull},
		{"S2.6 S2.7 a start whose process starts while its refusal is read says that it is running", startedMeanwhile},
		{"S2.3 S3.6 a release counts even if a start puts the process on hold at the same time", heldMeanwhile},
		{"S2.9 a named run completes once", namedOnce},
		{"S2.9 S2.7 if many callers start the same named run, one completes it, however often they try", namedByMany},
	}
}

// failRuns starts and fails runs of a process.
func failRuns(t *testing.T, e *Env, tr *tracker.Tracker, process string, n int) {
	t.Helper()
	ctx := e.context(t)
	for range n {
		must(t, start(ctx, t, tr, tracker.Process{Name: process}).Fail(ctx))
	}
}

func failuresHold(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{MaxFailures: 2})
	failRuns(t, e, tr, "Teams Load", 2)
	blocked := wantRefused(ctx, t, tr, "Teams Load", tracker.ErrOnHold)
	if blocked.Hold == nil || blocked.Hold.By != "tester" || blocked.Hold.Reason == "" || blocked.Hold.Since.IsZero() {
		t.Errorf("held by %+v", blocked.Hold)
	}
	// The hold belongs to the process: a tracker with a higher limit does not start it either.
	wantRefused(ctx, t, e.tracker(t, &tracker.Config{MaxFailures: tracker.NeverHold}), "Teams Load", tracker.ErrOnHold)
	for _, run := range collect(t, tr.Runs(ctx, tracker.RunFilter{Process: "Teams Load"})) {
		if run.Status != tracker.Failed {
			t.Errorf("run %d is %s now", run.Number, run.Status)
		}
	}
	b := e.open(t)
	history := column[string](ctx, t, b, "SELECT to_status FROM {status_history} WHERE run_id IS NULL ORDER BY id")
	if !slices.Equal(history, []string{"held"}) {
		t.Errorf("history of the process: %v", history)
	}

	must(t, tr.Admin().Release(ctx, "Teams Load", "mended"))
	failRuns(t, e, tr, "Teams Load", 2) // failures before the release do not count
	wantRefused(ctx, t, tr, "Teams Load", tracker.ErrOnHold)
}

func releasedBeforeHeld(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{MaxFailures: 2})
	must(t, start(ctx, t, tr, tracker.Process{Name: "Teams Load"}).Complete(ctx, nil))
	must(t, tr.Admin().Release(ctx, "Teams Load", "nothing to release"))
	failRuns(t, e, tr, "Teams Load", 2)
	operator := e.tracker(t, &tracker.Config{Actor: "operator"})
	must(t, operator.Admin().Release(ctx, "Teams Load", "mended"))
	must(t, operator.Admin().Release(ctx, "Teams Load", "mended again"))
	failRuns(t, e, tr, "Teams Load", 2)
	wantRefused(ctx, t, tr, "Teams Load", tracker.ErrOnHold)
	var of []string
	for _, c := range collect(t, tr.History(ctx, tracker.HistoryFilter{Process: "Teams Load"})) {
		if c.RunID == 0 {
			of = append(of, c.From+" > "+c.To+" by "+c.Actor)
		}
	}
	if want := []string{"released > released by operator", "released > held by tester"}; !slices.Equal(of, want) {
		t.Errorf("the history has %q, want %q", of, want)
	}
}

func failuresInARow(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{MaxFailures: 2})
	must(t, tr.Registry().AddRunStatus(ctx, "skipped", false))
	failRuns(t, e, tr, "p", 1)
	must(t, start(ctx, t, tr, tracker.Process{Name: "p"}).Complete(ctx, nil))
	failRuns(t, e, tr, "p", 1)
	must(t, start(ctx, t, tr, tracker.Process{Name: "p"}).SetStatus(ctx, "skipped", nil))
	failRuns(t, e, tr, "p", 1)
	start(ctx, t, tr, tracker.Process{Name: "p"})
}

func ownMaximum(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, &tracker.Config{MaxFailures: 1})
	for process, most := range map[string]int{"never": tracker.NeverHold, "thrice": 3, "as the tracker": 0} {
		must(t, tr.Registry().Register(ctx, tracker.Process{Name: process}))
		must(t, tr.Admin().SetMaxFailures(ctx, process, most))
	}
	failRuns(t, e, tr, "never", 5)
	start(ctx, t, tr, tracker.Process{Name: "never"})
	failRuns(t, e, tr, "thrice", 3)
	wantRefused(ctx, t, tr, "thrice", tracker.ErrOnHold)
	failRuns(t, e, tr, "as the tracker", 1)
	wantRefused(ctx, t, tr, "as the tracker", tracker.ErrOnHold)
	if err := tr.Admin().SetMaxFailures(ctx, "nobody", 1); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("unknown process: %v", err)
	}
	if err := tr.Admin().SetMaxFailures(ctx, "never", -2); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("-2: %v", err)
	}
}

func freshData(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddDependency(ctx, "Load", "Extract", tracker.DependencyOptions{Kind: tracker.Normal, Freshness: tracker.Fresh}))
	blocked := wantRefused(ctx, t, tr, "Load", tracker.ErrDependency) // never completed
	if len(blocked.Parents) != 1 || !blocked.Parents[0].Fresh {
		t.Errorf("blocked by %+v", blocked.Parents)
	}
	must(t, start(ctx, t, tr, tracker.Process{Name: "Extract"}).Complete(ctx, nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "Load"}).Complete(ctx, nil))
	wantRefused(ctx, t, tr, "Load", tracker.ErrDependency) // not since

	// A failed run of the child changes nothing: it still waits for fresh data, and may
	// run again once there is some.
	clockMoves(ctx, t, b)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Extract"}).Complete(ctx, nil))
	failRuns(t, e, tr, "Load", 1)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Load"}).Complete(ctx, nil))
	wantRefused(ctx, t, tr, "Load", tracker.ErrDependency)
}

func noCapacity(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	memory, processing := int64(10), int64(4)
	must(t, tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "warehouse", MaxMemory: &memory, MaxProcessing: &processing}))
	for _, process := range []string{"a", "b"} {
		must(t, tr.Registry().JoinCluster(ctx, process, "warehouse"))
	}
	needs := func(memory, processing int64) *tracker.StartOptions {
		return &tracker.StartOptions{Needs: tracker.Capacity{Memory: memory, Processing: processing}}
	}
	a, err := tr.Start(ctx, tracker.Process{Name: "a"}, needs(6, 1))
	must(t, err)
	for _, option := range []*tracker.StartOptions{needs(5, 0), needs(0, 4), needs(11, 0)} {
		_, err = tr.Start(ctx, tracker.Process{Name: "b"}, option)
		blocked := wantBlocked(t, err, tracker.ErrNoCapacity)
		if len(blocked.Clusters) != 1 || blocked.Clusters[0].Used != (tracker.Capacity{Memory: 6, Processing: 1}) {
			t.Errorf("blocked by %+v", blocked.Clusters)
		}
	}
	b, err := tr.Start(ctx, tracker.Process{Name: "b"}, needs(4, 3)) // just fits
	must(t, err)
	must(t, errors.Join(a.Complete(ctx, nil), b.Fail(ctx)))
	if _, err = tr.Start(ctx, tracker.Process{Name: "a"}, needs(10, 4)); err != nil {
		t.Errorf("with all of it free again: %v", err)
	}
	if err := tr.Registry().JoinCluster(ctx, "a", "none"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("unknown cluster: %v", err)
	}
	must(t, tr.Registry().LeaveCluster(ctx, "b", "warehouse"))
	if _, err = tr.Start(ctx, tracker.Process{Name: "b"}, needs(99, 99)); err != nil {
		t.Errorf("outside of the cluster: %v", err)
	}
}

// heldMeanwhile has a start put a process on hold, for its failures, before each transaction
// of a release.
func heldMeanwhile(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr, strict := trackerOn(ctx, t, s, nil), e.tracker(t, &tracker.Config{MaxFailures: 1})
	for n, came := 1, true; came; n++ {
		process := tracker.Process{Name: fmt.Sprint("Load ", n)}
		must(t, start(ctx, t, tr, process).Fail(ctx))
		begun := 0
		s.meddleBetween(func() error {
			if begun++; begun == n {
				wantBlocked(t, try(ctx, strict, process).err, tracker.ErrOnHold)
			}
			return nil
		})
		must(t, tr.Admin().Release(ctx, process.Name, "mended"))
		s.meddleBetween(nil)
		if came = begun >= n; n == 1 && !came {
			t.Fatal("nobody came between")
		}
		start(ctx, t, tr, process)
	}
}

// startedMeanwhile lets another caller start the process with less, once a start was
// refused for its needs. The capacity that the first caller then sees in use is that of
// the new run.
func startedMeanwhile(t *testing.T, e *Env) {
	ctx, s, other := e.context(t), &spy{Backend: e.setUp(t)}, e.tracker(t, nil)
	tr := trackerOn(ctx, t, s, nil)
	most := int64(2)
	must(t, tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "warehouse", MaxMemory: &most}))
	needs := func(memory int64) *tracker.StartOptions {
		return &tracker.StartOptions{Needs: tracker.Capacity{Memory: memory}}
	}
	must(t, tr.Registry().JoinCluster(ctx, "busy", "warehouse"))
	_, err := other.Start(ctx, tracker.Process{Name: "busy"}, needs(1))
	must(t, err)
	for _, process := range []tracker.Process{{Name: "known"}, {Name: "known", Tool: "of another definition"}} {
		must(t, tr.Registry().JoinCluster(ctx, process.Name, "warehouse"))
		var run *tracker.Run
		asked := false
		come := func() (err error) {
			if asked && run == nil {
				run, err = other.Start(ctx, tracker.Process{Name: process.Name}, needs(1))
			}
			return err
		}
		s.meddleBetween(come)
		s.meddle(func(st *dialect.Stmt) error {
			if st.Name == "start.outcome" { // which refuses it
				asked = true
				return nil
			}
			return come()
		})
		_, err := tr.Start(ctx, process, needs(2))
		s.meddle(nil)
		s.meddleBetween(nil)
		if run == nil {
			t.Fatalf("nobody came between: %v", err)
		}
		wantBlocked(t, err, tracker.ErrAlreadyRunning)
		must(t, run.Complete(ctx, nil))
	}
}

// greatestNeeds has two runs that need all of the resource that a cluster does not
// limit, besides the one that it limits.
func greatestNeeds(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	const greatest = math.MaxInt64
	two := int64(2)
	must(t, tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "warehouse", MaxProcessing: &two}))
	for _, process := range []string{"a", "b", "c"} {
		must(t, tr.Registry().JoinCluster(ctx, process, "warehouse"))
	}
	needs := &tracker.StartOptions{Needs: tracker.Capacity{Memory: greatest, Processing: 1}}
	first, err := tr.Start(ctx, tracker.Process{Name: "a"}, needs)
	must(t, err)
	_, err = tr.Start(ctx, tracker.Process{Name: "b"}, needs)
	must(t, err)
	_, err = tr.Start(ctx, tracker.Process{Name: "c"}, needs)
	blocked := wantBlocked(t, err, tracker.ErrNoCapacity)
	if len(blocked.Clusters) != 1 || blocked.Clusters[0].Used != (tracker.Capacity{Memory: greatest, Processing: 2}) {
		t.Errorf("blocked by %+v", blocked.Clusters)
	}
	_, err = tr.Start(ctx, tracker.Process{Name: "c"}, &tracker.StartOptions{Needs: tracker.Capacity{Processing: greatest}})
	_ = wantBlocked(t, err, tracker.ErrNoCapacity)
	most := int64(greatest)
	must(t, tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "warehouse", MaxMemory: &most}))
	must(t, first.Complete(ctx, nil))
	_, err = tr.Start(ctx, tracker.Process{Name: "c"}, needs)
	_ = wantBlocked(t, err, tracker.ErrNoCapacity)
	if _, err = tr.Start(ctx, tracker.Process{Name: "c"}, nil); err != nil {
		t.Errorf("one that needs nothing: %v", err)
	}
}

func neverTooFull(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	const room, many = 3, 16
	most := int64(room)
	must(t, tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "warehouse", MaxMemory: &most}))
	processes := make([]string, many)
	for i := range processes {
		processes[i] = string(rune('a' + i))
		must(t, tr.Registry().JoinCluster(ctx, processes[i], "warehouse"))
	}
	for range 5 {
		attempts := atOnce(many, func(i int) attempt {
			run, err := tr.Start(ctx, tracker.Process{Name: processes[i]}, &tracker.StartOptions{Needs: tracker.Capacity{Memory: 1}})
			return attempt{run, err}
		})
		runs := started(attempts)
		if len(runs) != room {
			t.Fatalf("%d runs in a cluster with room for %d", len(runs), room)
		}
		for _, a := range attempts {
			if a.err != nil && !errors.Is(a.err, tracker.ErrNoCapacity) {
				t.Errorf("refused with %v", a.err)
			}
		}
		for _, run := range runs {
			must(t, run.Complete(ctx, nil))
		}
	}
}

func namedOnce(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	day := func(name string) (*tracker.Run, error) {
		return tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Name: name})
	}
	first, err := day("2026-11-21")
	must(t, err)
	_, err = day("2026-11-21")
	_ = wantBlocked(t, err, tracker.ErrAlreadyRunning)
	must(t, first.Fail(ctx))
	second, err := day("2026-11-21") // another attempt
	must(t, err)
	must(t, second.Complete(ctx, nil))

	must(t, tr.Admin().Hold(ctx, "Load", "whatever else blocks it"))
	_, err = day(" 2026-11-21 ")
	var done *tracker.DoneError
	if !errors.Is(err, tracker.ErrAlreadyDone) || !errors.As(err, &done) || done.Run.ID != second.ID() || done.Run.Name != "2026-11-21" {
		t.Errorf("again: %v", err)
	}
	must(t, tr.Admin().Release(ctx, "Load", "on with it"))
	if _, err := tr.Start(ctx, tracker.Process{Name: "Other"}, &tracker.StartOptions{Name: "2026-11-21"}); err != nil {
		t.Errorf("the same name in another process: %v", err)
	}
	if _, err := day("2026-11-22"); err != nil {
		t.Errorf("the next name: %v", err)
	}
}

func namedByMany(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	completed := atOnce(8, func(int) int {
		n := 0
		for range 20 {
			run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Name: "2026-11-21"})
			switch {
			case err == nil:
				must(t, run.Complete(ctx, nil))
				n++
			case !errors.Is(err, tracker.ErrAlreadyDone) && !errors.Is(err, tracker.ErrAlreadyRunning):
				t.Errorf("refused with %v", err)
			}
		}
		return n
	})
	sum := 0
	for _, n := range completed {
		sum += n
	}
	if sum != 1 {
		t.Errorf("it was completed %d times", sum)
	}
}
