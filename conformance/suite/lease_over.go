package suite

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func leaseOverCases() []Case {
	return []Case{
		{"S4.2 S3.4 S5.6 the next start ends a run whose lease expired, and its claimed extracts go back, once", nextStart},
		{"S4.2 S2.3 runs whose leases expired count as failures in a row", deadInARow},
		{"S4.2 S2.2 a start may put a process with a dead run on hold instead", holdDead},
		{"S4.2 a run whose lease expired stays failed even if the next start is refused for another reason", deadAndRefused},
		{"S4.2 S2.9 a dead attempt at a named run lets another attempt start", deadNamed},
		{"S4.2 a reap ends the runs whose leases expired, and no others", reap},
		{"S4.2 S2.6 a dead run does not take up room in a cluster", deadInCluster},
		{"S4.2 S2.4 a dead run that was ended blocks the processes that depend on it", deadParent},
		{"S4.2 S2.7 S2.8 among many concurrent starts and reaps, one ends the dead run and one start succeeds", takenByMany},
		{"S4.4 S2.7 a killed program keeps its process from starting for at most one lease", killedHolder},
	}
}

func nextStart(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr, next := trackerOn(ctx, t, b, nil), trackerOn(ctx, t, b, &tracker.Config{Actor: "the next"})
	files := ready(ctx, t, start(ctx, t, tr, tracker.Process{Name: "Extract"}), "/landing", "a", "b", "c")
	dead := start(ctx, t, tr, tracker.Process{Name: "Load"})
	claimed := wantClaim(ctx, t, dead, tracker.ClaimOptions{Limit: 1}, "a")
	wantClaim(ctx, t, dead, tracker.ClaimOptions{Limit: 1, OnFailure: tracker.InError}, "b")
	must(t, dead.AddCounts(ctx, tracker.Counts{Records: 3}))

	_, err := next.Start(ctx, tracker.Process{Name: "Load"}, nil)
	blocked := wantBlocked(t, err, tracker.ErrAlreadyRunning)
	if until := leaseOf(ctx, t, b, dead.ID()).expires; !blocked.LeaseUntil.Equal(until) {
		t.Errorf("blocked until %v, want %v", blocked.LeaseUntil, until)
	}
	expire(ctx, t, b, dead.ID())
	run := start(ctx, t, next, tracker.Process{Name: "Load"})
	if run.Number() != 2 {
		t.Errorf("the next run has number %d", run.Number())
	}
	wantDone(ctx, t, tr, dead, tracker.Failed, "Process Error: lease expired")
	if info := stored(ctx, t, tr, dead); info.EndedAt.After(run.StartedAt()) || info.Counts.Records != 3 {
		t.Errorf("the dead run is %+v, the next began at %v", info, run.StartedAt())
	}
	if got := runHistory(ctx, t, b, dead.ID()); !slices.Equal(got, []string{"running by tester", "running > failed by tester"}) {
		t.Errorf("history: %q", got)
	}
	wantFailures(ctx, t, b, "Load", 1)
	wantClaim(ctx, t, run, tracker.ClaimOptions{Limit: 5}, "a", "c")
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, claimed[0]))
	if history := column[string](ctx, t, b, "SELECT to_status FROM {status_history} WHERE extract_id = ? ORDER BY id", files[0].ID); !slices.Equal(history, []string{"ready", "loading", "ready", "loading", "loaded"}) {
		t.Errorf("the extract that was claimed twice was %v", history)
	}
	must(t, run.Complete(ctx, nil))
}

// wantFailures checks how often a process has failed in a row.
func wantFailures(ctx context.Context, t *testing.T, b dialect.Backend, process string, want int64) {
	t.Helper()
	if n := single[int64](ctx, t, b, "SELECT failures FROM {process} WHERE name = ?", process); n != want {
		t.Errorf("process %q has failed %d times in a row, want %d", process, n, want)
	}
}

func deadInARow(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, &tracker.Config{MaxFailures: 2})
	first := start(ctx, t, tr, tracker.Process{Name: "Load"})
	expire(ctx, t, b, first.ID())
	second := start(ctx, t, tr, tracker.Process{Name: "Load"})
	expire(ctx, t, b, second.ID())
	_, err := tr.Start(ctx, tracker.Process{Name: "Load"}, nil)
	_ = wantBlocked(t, err, tracker.ErrOnHold)
	wantDone(ctx, t, tr, second, tracker.Failed, "Process Error: lease expired")
	must(t, tr.Admin().Release(ctx, "Load", ""))
	if run := start(ctx, t, tr, tracker.Process{Name: "Load"}); run.Number() != 3 {
		t.Errorf("after a release run %d starts", run.Number())
	}
}

func holdDead(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	dead := start(ctx, t, tr, tracker.Process{Name: "Load"})
	expire(ctx, t, b, dead.ID())
	_, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{HoldExpired: true})
	if blocked := wantBlocked(t, err, tracker.ErrOnHold); blocked.Hold.Reason != "the lease of run 1 expired" || blocked.Hold.By != "tester" {
		t.Errorf("held: %+v", blocked.Hold)
	}
	wantDone(ctx, t, tr, dead, tracker.Failed, "Process Error: lease expired")
	if all := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: "Load"})); len(all) != 1 {
		t.Errorf("runs: %+v", all)
	}
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {status_history} WHERE to_status = 'held'"); n != 1 {
		t.Errorf("%d holds in the history", n)
	}
	must(t, tr.Admin().Release(ctx, "Load", ""))
	must(t, ignore(tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{HoldExpired: true})))
}

func deadAndRefused(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	dead := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, tr.Registry().AddDependency(ctx, "Load", "Extract", tracker.DependencyOptions{Kind: tracker.Hard}))
	expire(ctx, t, b, dead.ID())
	wantRefused(ctx, t, tr, "Load", tracker.ErrDependency)
	wantDone(ctx, t, tr, dead, tracker.Failed, "Process Error: lease expired")
	if all := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: "Load"})); len(all) != 1 {
		t.Errorf("runs: %+v", all)
	}
}

func deadNamed(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	dead, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Name: "day 1"})
	must(t, err)
	expire(ctx, t, b, dead.ID())
	again, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Name: "day 1"})
	must(t, err)
	must(t, again.Complete(ctx, nil))
	third := start(ctx, t, tr, tracker.Process{Name: "Load"})
	expire(ctx, t, b, third.ID())
	if _, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{Name: "day 1"}); !only(err, tracker.ErrAlreadyDone) {
		t.Errorf("the extract that was finished before the run died: %v", err)
	}
}

func reap(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr, operator := trackerOn(ctx, t, b, nil), trackerOn(ctx, t, b, &tracker.Config{Actor: "an operator"})
	runs := map[string]*tracker.Run{}
	for _, name := range []string{"a", "b", "c", "alive", "ended"} {
		runs[name] = start(ctx, t, tr, tracker.Process{Name: name})
	}
	must(t, runs["ended"].Complete(ctx, nil))
	for _, name := range []string{"a", "b", "c", "ended"} {
		expire(ctx, t, b, runs[name].ID())
	}
	for _, step := range []struct {
		what string
		reap tracker.ReapOptions
		want []string
	}{
		{"a dry run", tracker.ReapOptions{DryRun: true}, []string{"a", "b", "c"}},
		{"another process", tracker.ReapOptions{Process: "alive"}, nil},
		{"a run", tracker.ReapOptions{RunID: runs["b"].ID(), Hold: true}, []string{"b"}},
		{"a run again", tracker.ReapOptions{RunID: runs["b"].ID()}, nil},
		{"a process", tracker.ReapOptions{Process: "c"}, []string{"c"}},
		{"all", tracker.ReapOptions{}, []string{"a"}},
		{"all again", tracker.ReapOptions{}, nil},
	} {
		reaped, err := operator.Admin().Reap(ctx, step.reap)
		must(t, err)
		var got []string
		for _, run := range reaped {
			got = append(got, run.Process)
			if !run.Active() || run.ID != runs[run.Process].ID() {
				t.Errorf("%s: reaped %+v", step.what, run)
			}
		}
		if !slices.Equal(got, step.want) {
			t.Errorf("%s: reaped %q, want %q", step.what, got, step.want)
		}
	}
	for name, run := range runs {
		switch name {
		case "alive":
			wantDone(ctx, t, tr, run, tracker.Running)
		case "ended":
			wantDone(ctx, t, tr, run, tracker.Completed)
		default:
			wantDone(ctx, t, tr, run, tracker.Failed, "Process Error: lease expired")
		}
	}
	_, err := tr.Start(ctx, tracker.Process{Name: "b"}, nil)
	if blocked := wantBlocked(t, err, tracker.ErrOnHold); blocked.Hold.By != "an operator" {
		t.Errorf("held: %+v", blocked.Hold)
	}
	start(ctx, t, tr, tracker.Process{Name: "a"})
}

func deadInCluster(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	all := int64(10)
	must(t, tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "warehouse", MaxMemory: &all}))
	must(t, errors.Join(tr.Registry().JoinCluster(ctx, "dead", "warehouse"), tr.Registry().JoinCluster(ctx, "next", "warehouse")))
	needs := &tracker.StartOptions{Needs: tracker.Capacity{Memory: all}}
	dead, err := tr.Start(ctx, tracker.Process{Name: "dead"}, needs)
	must(t, err)
	elsewhere := start(ctx, t, tr, tracker.Process{Name: "elsewhere"})
	_, err = tr.Start(ctx, tracker.Process{Name: "next"}, needs)
	_ = wantBlocked(t, err, tracker.ErrNoCapacity)
	expire(ctx, t, b, dead.ID())
	expire(ctx, t, b, elsewhere.ID())
	must(t, ignore(tr.Start(ctx, tracker.Process{Name: "next"}, needs)))
	wantDone(ctx, t, tr, dead, tracker.Failed, "Process Error: lease expired")
	wantDone(ctx, t, tr, elsewhere, tracker.Running)
}

func deadParent(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddDependency(ctx, "child", "parent", tracker.DependencyOptions{}))
	dead := start(ctx, t, tr, tracker.Process{Name: "parent"})
	expire(ctx, t, b, dead.ID())
	wantRefused(ctx, t, tr, "child", tracker.ErrDependency)
	must(t, ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{})))
	_, err := tr.Start(ctx, tracker.Process{Name: "child"}, nil)
	if blocked := wantBlocked(t, err, tracker.ErrDependency); blocked.Parents[0].Status != tracker.Failed {
		t.Errorf("blocked by %v", blocked.Parents)
	}
}

func takenByMany(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, &tracker.Config{MaxFailures: tracker.NeverHold})
	dead := start(ctx, t, tr, tracker.Process{Name: "Load"})
	for round := int64(2); round < 7; round++ {
		expire(ctx, t, b, dead.ID())
		reaped := make([]int, 16)
		attempts := atOnce(16, func(i int) attempt {
			if i%2 == 0 {
				runs, err := tr.Admin().Reap(ctx, tracker.ReapOptions{Process: "Load"})
				reaped[i] = len(runs)
				return attempt{nil, err}
			}
			return try(ctx, tr, tracker.Process{Name: "Load"})
		})
		for i, a := range attempts {
			if a.err != nil && !only(a.err, tracker.ErrAlreadyRunning) {
				t.Errorf("caller %d: %v", i, a.err)
			}
		}
		wantDone(ctx, t, tr, dead, tracker.Failed, "Process Error: lease expired")
		if history := runHistory(ctx, t, b, dead.ID()); len(history) != 2 {
			t.Errorf("the dead run's history: %q", history)
		}
		var runs []*tracker.Run
		for _, a := range attempts {
			if a.run != nil {
				runs = append(runs, a.run)
			}
		}
		if len(runs) != 1 || runs[0].Number() != round {
			t.Fatalf("round %d: started were %v", round, runs)
		}
		dead = runs[0]
	}
	wantFailures(ctx, t, b, "Load", 5)
}

func killedHolder(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	const lease = time.Second
	w := hire(ctx, t, []task{{DSN: e.DSN, Process: "Load", Actor: "the killed", Callers: 1, Lease: lease}})[0]
	w.order(t, orderStart)
	if o := w.answer(t); len(o.Handles) != 1 {
		t.Fatalf("the worker: %+v", o)
	}
	must(t, w.cmd.Process.Kill())
	if err := w.cmd.Wait(); err == nil {
		t.Fatal("the worker was not killed")
	}
	tr := trackerOn(ctx, t, b, nil)
	var run *tracker.Run
	for died, until := now(ctx, t, b), (time.Time{}); ; pause(ctx) {
		asked := now(ctx, t, b) // by the database's clock, which decides
		var err error
		if run, err = tr.Start(ctx, tracker.Process{Name: "Load"}, nil); err == nil {
			if run.StartedAt().Before(until) {
				t.Errorf("started at %v, before the lease was over at %v", run.StartedAt(), until)
			}
			break
		}
		until = wantBlocked(t, err, tracker.ErrAlreadyRunning).LeaseUntil
		if !asked.Before(until) || until.Sub(died) > lease {
			t.Fatalf("refused at %v because of a lease until %v, of %v, whose holder was dead at %v", asked, until, lease, died)
		}
	}
	dead := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: "Load", Status: tracker.Failed}))
	if len(dead) != 1 || dead[0].Number != 1 || dead[0].Actor != "the killed" {
		t.Errorf("dead runs: %+v", dead)
	}
}
