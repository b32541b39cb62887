package suite

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func startCases() []Case {
	return []Case{
		{"S2.1 a process whose run is active does not start, and the refusal names the run, its actor and its start", alreadyRunning},
		{"S2.1 a status of your own blocks if it is active, and not if it is ended", ownStatusBlocks},
		{"S2.2 S3.3 a process on hold does not start until it is released", onHold},
		{"S2.2 S3.3 a run that ends as on hold puts its process on hold", heldByRun},
		{"S2.1 S2.2 S2.4 a refused start says the first reason and leaves no run and no history", refusals},
	}
}

// wantBlocked fails the test unless a start was refused for that reason, and returns
// the details.
func wantBlocked(t *testing.T, err, reason error) *tracker.BlockedError {
	t.Helper()
	var blocked *tracker.BlockedError
	if !errors.Is(err, reason) || !errors.As(err, &blocked) {
		t.Fatalf("start: %v, want it refused: %v", err, reason)
	}
	for _, other := range []error{tracker.ErrAlreadyRunning, tracker.ErrOnHold, tracker.ErrDependency} {
		if !errors.Is(other, reason) && errors.Is(err, other) {
			t.Errorf("refused for two reasons, %v and %v: %v", reason, other, err)
		}
	}
	return blocked
}

func wantRefused(ctx context.Context, t *testing.T, tr *tracker.Tracker, process string, reason error) *tracker.BlockedError {
	t.Helper()
	_, err := tr.Start(ctx, tracker.Process{Name: process}, nil)
	return wantBlocked(t, err, reason)
}

func alreadyRunning(t *testing.T, e *Env) {
	ctx, tr, other := e.context(t), e.tracker(t, &tracker.Config{Actor: "scheduler"}), e.tracker(t, &tracker.Config{Actor: "operator"})
	process := tracker.Process{Name: "Teams Load"}
	must(t, start(ctx, t, other, process).Complete(ctx, nil))
	active := start(ctx, t, tr, process)

	for _, caller := range []*tracker.Tracker{other, tr} {
		blocked := wantRefused(ctx, t, caller, "Teams Load", tracker.ErrAlreadyRunning)
		if blocked.Process != "Teams Load" || blocked.Run == nil {
			t.Fatalf("blocked: %+v", blocked)
		}
		want := tracker.RunInfo{
			ID: active.ID(), Process: "Teams Load", Number: 2, Status: tracker.Running,
			Actor: "scheduler", StartedAt: active.StartedAt(), LeaseUntil: blocked.LeaseUntil,
		}
		if *blocked.Run != want {
			t.Errorf("blocked by %+v, want %+v", *blocked.Run, want)
		}
	}
	start(ctx, t, tr, tracker.Process{Name: "Players Load"}) // another process is not in its way
	must(t, active.Complete(ctx, nil))
	if next := start(ctx, t, other, process); next.Number() != 3 {
		t.Errorf("the run after two is number %d", next.Number())
	}
}

func ownStatusBlocks(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	must(t, tr.Registry().AddRunStatus(ctx, "checking", true))
	must(t, tr.Registry().AddRunStatus(ctx, "skipped", false))
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})

	must(t, run.SetStatus(ctx, "checking", nil))
	blocked := wantRefused(ctx, t, tr, "Teams Load", tracker.ErrAlreadyRunning)
	if blocked.Run == nil || blocked.Run.Number != 1 || blocked.Run.Status != "checking" || !blocked.Run.Active() {
		t.Errorf("blocked by %+v, want run 1, checking", blocked.Run)
	}
	must(t, run.SetStatus(ctx, "skipped", nil))
	start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
}

func onHold(t *testing.T, e *Env) {
	ctx, tr, operator := e.context(t), e.tracker(t, nil), e.tracker(t, &tracker.Config{Actor: "operator"})
	process := tracker.Process{Name: "Teams Load"}
	first := start(ctx, t, tr, process)

	must(t, operator.Admin().Hold(ctx, "Teams Load", "disk is full"))
	must(t, first.Complete(ctx, nil)) // the run that was active goes on to its end
	must(t, tr.Admin().Hold(ctx, "Teams Load", "held already"))
	blocked := wantRefused(ctx, t, tr, "Teams Load", tracker.ErrOnHold)
	if blocked.Hold == nil || blocked.Hold.By != "operator" || blocked.Hold.Reason != "disk is full" {
		t.Fatalf("blocked by %+v, want the operator's hold", blocked.Hold)
	}
	since := blocked.Hold.Since
	start(ctx, t, tr, tracker.Process{Name: "Players Load"}) // the hold is one process's

	must(t, operator.Admin().Release(ctx, "Teams Load", "disk is larger"))
	must(t, operator.Admin().Release(ctx, "Teams Load", "released already"))
	second := start(ctx, t, tr, process)
	if second.Number() != 2 {
		t.Errorf("the run after the hold is number %d, want 2", second.Number())
	}
	if since.Before(first.StartedAt()) || since.After(second.StartedAt()) || since.Location() != time.UTC {
		t.Errorf("on hold since %v, between runs of %v and %v", since, first.StartedAt(), second.StartedAt())
	}
	for _, err := range []error{tr.Admin().Hold(ctx, "Teams", ""), tr.Admin().Release(ctx, "Teams", "")} {
		if !errors.Is(err, tracker.ErrNotFound) {
			t.Errorf("a process that does not exist: %v", err)
		}
	}
}

func heldByRun(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	process := tracker.Process{Name: "Teams Load"}
	must(t, start(ctx, t, tr, process).Hold(ctx, "source is empty", nil))

	blocked := wantRefused(ctx, t, tr, "Teams Load", tracker.ErrOnHold)
	if blocked.Hold == nil || blocked.Hold.By != "tester" || blocked.Hold.Reason != "source is empty" {
		t.Errorf("blocked by %+v, want the run's hold", blocked.Hold)
	}
	must(t, tr.Admin().Release(ctx, "Teams Load", "source is filled"))
	start(ctx, t, tr, process)
	runs := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: "Teams Load"}))
	if len(runs) != 2 || runs[1].Status != tracker.OnHold {
		t.Errorf("runs %+v, want the first to stay on hold", runs)
	}
}

// refusals sets up every reason for a refusal at once, and removes one after the other.
func refusals(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddDependency(ctx, "Teams Load", "Teams Extract", tracker.DependencyOptions{Kind: tracker.Normal}))
	active := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, start(ctx, t, tr, tracker.Process{Name: "Teams Extract"}).Fail(ctx))
	must(t, tr.Admin().Hold(ctx, "Teams Load", "wait"))

	refuse := func(reason error) {
		t.Helper()
		before := content(ctx, t, b)
		wantRefused(ctx, t, tr, "Teams Load", reason)
		wantContent(ctx, t, b, before)
	}
	refuse(tracker.ErrAlreadyRunning)
	must(t, active.Complete(ctx, nil))
	refuse(tracker.ErrOnHold)
	must(t, tr.Admin().Release(ctx, "Teams Load", "go on"))
	refuse(tracker.ErrDependency)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Teams Extract"}).Complete(ctx, nil))

	if run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"}); run.Number() != 2 {
		t.Errorf("after three refusals the second run is number %d", run.Number())
	}
}
