package suite

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func leaseLengthCases() []Case {
	return []Case{
		{"S4.6 S3.9 a lease keeps its original length, whichever tracker renews it", lengthKept},
		{"S4.6 a lease is extended once and never shortened, and a run without a lease gets none", extended},
		{"S4.6 S4.3 S3.2 a run that was lost or has ended has no lease to extend", extendedTooLate},
		{"S4.6 every list and view of runs tells an expired run from a live one", expiredShown},
	}
}

// wantLength checks how long a lease lasts after its renewal.
func wantLength(t *testing.T, what string, l storedLease, want time.Duration) {
	t.Helper()
	if got := l.expires.Sub(l.renewed); (got - want).Abs() > 10*time.Second {
		t.Errorf("%s: the lease lasts %v, want %v", what, got, want)
	}
}

func lengthKept(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	const length = 2 * time.Hour
	run := start(ctx, t, trackerOn(ctx, t, b, &tracker.Config{Lease: length}), tracker.Process{Name: "Load"})
	for what, other := range map[string]*tracker.Tracker{
		"whose runs have a shorter lease": trackerOn(ctx, t, b, nil),
		"whose runs have a longer lease":  trackerOn(ctx, t, b, &tracker.Config{Lease: 20 * length}),
		"whose runs have none":            trackerOn(ctx, t, b, &tracker.Config{NoLease: true}),
	} {
		expire(ctx, t, b, run.ID())
		taken, err := other.Resume(ctx, run.ID(), run.Token())
		must(t, err)
		wantLength(t, "resumed by a tracker "+what, leaseOf(ctx, t, b, run.ID()), length)
		taken.Detach()
	}
	taken, err := often(ctx, t, b).Resume(ctx, run.ID(), run.Token())
	must(t, err)
	expire(ctx, t, b, run.ID())
	wantLength(t, "renewed by another", renewedAfter(ctx, t, b, taken, noon), length)
	must(t, taken.Complete(ctx, nil))
}

func extended(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, &tracker.Config{Lease: 2 * calm})
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, run.ExtendLease(ctx, 3*calm))
	long := leaseOf(ctx, t, b, run.ID())
	wantLength(t, "extended", long, 3*calm)
	must(t, run.ExtendLease(ctx, time.Minute))
	must(t, ignore(tr.Resume(ctx, run.ID(), run.Token())))
	if now := leaseOf(ctx, t, b, run.ID()); now.expires.Before(long.expires) || now.renewed.Before(long.renewed) {
		t.Errorf("a shorter extension and a renewal made of %v %v", long, now)
	}
	expire(ctx, t, b, run.ID())
	must(t, run.ExtendLease(ctx, 10*time.Millisecond)) // no other start has taken the run
	expire(ctx, t, b, run.ID())
	must(t, ignore(tr.Resume(ctx, run.ID(), run.Token())))
	wantLength(t, "renewed after an extension has passed", leaseOf(ctx, t, b, run.ID()), 2*calm)

	without, err := tr.Start(ctx, tracker.Process{Name: "Another"}, &tracker.StartOptions{NoLease: true})
	must(t, err)
	for what, err := range map[string]error{
		"a run without a lease": without.ExtendLease(ctx, time.Hour),
		"no time":               run.ExtendLease(ctx, 0),
		"a month":               run.ExtendLease(ctx, 31*24*time.Hour),
	} {
		if !only(err, tracker.ErrInvalid) {
			t.Errorf("extend by %s: %v", what, err)
		}
	}
	l := e.begin(t, b)
	must(t, run.In(l.Tx).ExtendLease(ctx, 5*calm))
	l.end(false)
	wantLength(t, "extended in a transaction that was rolled back", leaseOf(ctx, t, b, run.ID()), 2*calm)
}

func extendedTooLate(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	lost := start(ctx, t, tr, tracker.Process{Name: "Load"})
	take(ctx, t, b, tr, lost)
	wantLost(t, "extend", lost.ExtendLease(ctx, time.Hour), lost)
	ended := start(ctx, t, tr, tracker.Process{Name: "Another"})
	must(t, ended.Complete(ctx, nil))
	before := leaseOf(ctx, t, b, ended.ID())
	if err := ended.ExtendLease(ctx, time.Hour); !only(err, tracker.ErrAlreadyEnded) {
		t.Errorf("extend the lease of a run that has ended: %v", err)
	}
	if now := leaseOf(ctx, t, b, ended.ID()); now != before {
		t.Errorf("it was %v and is %v", before, now)
	}
}

func expiredShown(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, errors.Join(tr.Registry().AddRunStatus(ctx, "waiting", true), tr.Registry().AddDependency(ctx, "child", "dead", tracker.DependencyOptions{})))
	for process, prepare := range map[string]func(*tracker.Run) error{
		"alive": func(*tracker.Run) error { return nil },
		"ended": func(r *tracker.Run) error { expire(ctx, t, b, r.ID()); return r.Complete(ctx, nil) },
		"dead": func(r *tracker.Run) error {
			expire(ctx, t, b, r.ID())
			return r.SetStatus(ctx, "waiting", nil) // active as well
		},
	} {
		must(t, prepare(start(ctx, t, tr, tracker.Process{Name: process})))
	}
	must(t, ignore(tr.Start(ctx, tracker.Process{Name: "without"}, &tracker.StartOptions{NoLease: true})))

	check := func(what, process string, until time.Time, expired bool) {
		t.Helper()
		if expired != (process == "dead") || until.IsZero() != (process == "ended" || process == "without") {
			t.Errorf("%s show the run of %s with a lease until %v, expired: %v", what, process, until, expired)
		}
	}
	for _, r := range collect(t, tr.Runs(ctx, tracker.RunFilter{})) {
		check("the runs", r.Process, r.LeaseUntil, r.LeaseExpired)
		one, err := tr.RunByID(ctx, r.ID)
		must(t, err)
		check("the run's own page", r.Process, one.LeaseUntil, one.LeaseExpired)
		view := single[dialect.Time](ctx, t, b, "SELECT lease_expires_at FROM {v1_runs} WHERE run_id = ?", r.ID)
		if !view.Equal(r.LeaseUntil) {
			t.Errorf("the view says %v, the tracker %v", view, r.LeaseUntil)
		}
	}
	for _, p := range collect(t, tr.Registry().Processes(ctx, tracker.ProcessFilter{})) {
		if p.RunNumber == 0 {
			continue
		}
		check("the processes", p.Name, p.LeaseUntil, p.LeaseExpired)
		view := single[dialect.Time](ctx, t, b, "SELECT latest_lease_expires_at FROM {v1_processes} WHERE process_id = ?", p.ID)
		if !view.Equal(p.LeaseUntil) {
			t.Errorf("the view says %v, the tracker %v", view, p.LeaseUntil)
		}
	}
	if active := collect(t, tr.Runs(ctx, tracker.RunFilter{Active: true})); len(active) != 3 {
		t.Errorf("active are %+v", active)
	}
	_, err := tr.Start(ctx, tracker.Process{Name: "child"}, nil)
	if parent := wantBlocked(t, err, tracker.ErrDependency).Parents[0]; !parent.LeaseExpired || !strings.Contains(err.Error(), "lease has expired") {
		t.Errorf("a dead parent is shown as %+v: %v", parent, err)
	}
	_, err = tr.Start(ctx, tracker.Process{Name: "alive"}, nil)
	blocked := wantBlocked(t, err, tracker.ErrAlreadyRunning)
	check("refusals", "alive", blocked.Run.LeaseUntil, blocked.Run.LeaseExpired)
	dead, err := tr.Admin().Reap(ctx, tracker.ReapOptions{DryRun: true})
	if err != nil || len(dead) != 1 || !dead[0].LeaseExpired {
		t.Errorf("to be reaped are %+v, %v", dead, err)
	}
}

// whyFailed makes runs end for each reason that the history records.
func whyFailed(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, &tracker.Config{MaxFailures: tracker.NeverHold})
	long := strings.Repeat("é🚚", 200)
	var want []string
	for _, c := range []struct {
		end    func(context.Context, *tracker.Run) error
		change string
	}{
		{func(ctx context.Context, r *tracker.Run) error { return r.Complete(ctx, nil) }, "completed"},
		{func(ctx context.Context, r *tracker.Run) error { return r.Fail(ctx) }, "failed"},
		{func(ctx context.Context, r *tracker.Run) error {
			return r.Fail(ctx, tracker.ErrorRecord{Description: "no disk"}, tracker.ErrorRecord{Description: "nor a tape"})
		}, "failed: no disk"},
		{func(ctx context.Context, r *tracker.Run) error {
			return errors.Join(r.RecordError(ctx, tracker.ErrorRecord{Description: "the first"}, tracker.ErrorRecord{Description: "the second"}), r.Fail(ctx))
		}, "failed: the first"},
		{func(ctx context.Context, r *tracker.Run) error {
			return errors.Join(r.RecordError(ctx, tracker.ErrorRecord{Description: "the first"}), r.Fail(ctx, tracker.ErrorRecord{Description: "no disk"}))
		}, "failed: no disk"},
		{func(ctx context.Context, r *tracker.Run) error {
			return r.Fail(ctx, tracker.ErrorRecord{Description: long})
		}, "failed: " + strings.Repeat("é🚚", 99) + "é…"},
		{func(ctx context.Context, r *tracker.Run) error { return r.Hold(ctx, "look at it", nil) }, "on hold: look at it"},
		{func(ctx context.Context, r *tracker.Run) error {
			return ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{RunID: r.ID(), Force: true, Reason: "stuck"}))
		}, "failed: ended by tester: stuck"},
		{func(ctx context.Context, r *tracker.Run) error {
			expire(ctx, t, b, r.ID())
			return ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{}))
		}, "failed: lease expired"},
	} {
		run := start(ctx, t, tr, tracker.Process{Name: c.change + string(rune('a'+len(want)))})
		must(t, c.end(ctx, run))
		for _, change := range collect(t, tr.History(ctx, tracker.HistoryFilter{RunID: run.ID()})) {
			if change.From == "" {
				continue
			}
			line := change.To
			if change.Reason != "" {
				line += ": " + change.Reason
			}
			if want = append(want, line); line != c.change {
				t.Errorf("the history says %q, want %q", line, c.change)
			}
		}
	}
	if len(want) != 9 {
		t.Errorf("ended were %q", want)
	}
}
