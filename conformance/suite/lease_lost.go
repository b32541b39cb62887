package suite

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func leaseLostCases() []Case {
	return []Case{
		{"S4.3 S8.1 every call on a run that lost its lease returns that error and writes nothing", lostWritesNothing},
		{"S4.3 S3.2 S8.1 a call with nothing to write is refused like any other, also in a transaction", nothingToWrite},
		{"S4.3 S7.2 a load whose run lost its lease before its first call is refused, so that it rolls back", lostBeforeCall},
		{"S4.3 S7.2 a load that makes a call first keeps the run until its transaction ends", keptInTransaction},
		{"S4.3 the holder of a run learns at the next heartbeat that it was taken, by a callback and a context", heardOfLoss},
		{"S4.3 a holder that cannot reach the database for the length of a lease gives the run up", givenUpAlone},
		{"S4.1 S4.3 a lease that could not be renewed is still held if nothing has taken the run", notTaken},
		{"S4.3 S3.2 Do cancels the work of a run that lost its lease, and returns that error", doLost},
		{"S4.2 S2.8 S2.9 a start whose reply was lost, and whose run was taken before the retry, starts another run", lostBeforeKnown},
		{"S4.3 a run that nothing has taken goes on, however late its heartbeat is", lateButNotTaken},
	}
}

// take makes another start take over a run whose lease has expired.
func take(ctx context.Context, t *testing.T, b dialect.Backend, tr *tracker.Tracker, run *tracker.Run) *tracker.Run {
	t.Helper()
	expire(ctx, t, b, run.ID())
	return start(ctx, t, tr, tracker.Process{Name: run.Process()})
}

// wantLost checks that an error reports that the run lost its lease.
func wantLost(t *testing.T, what string, err error, run *tracker.Run) {
	t.Helper()
	var lost *tracker.LeaseLostError
	if !only(err, tracker.ErrLeaseLost) || !errors.As(err, &lost) || lost.Process != run.Process() || lost.Number != run.Number() {
		t.Errorf("%s: %v, want the lease of %v lost", what, err, run)
	}
}

func lostWritesNothing(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	lost := start(ctx, t, tr, tracker.Process{Name: "Load"})
	extract := ready(ctx, t, lost, "/landing", "a", "b")[0]
	wantClaim(ctx, t, lost, tracker.ClaimOptions{Limit: 1}, "a")
	now := take(ctx, t, b, tr, lost)
	mine := wantClaim(ctx, t, now, tracker.ClaimOptions{Limit: 1}, "a")
	before, info, own := content(ctx, t, b), stored(ctx, t, tr, lost), stored(ctx, t, tr, now)
	wantLost(t, "close", lost.Close(), lost) // first, as a run that is known to have ended need not be closed
	for what, write := range writes(extract) {
		wantLost(t, what, write(ctx, lost), lost)
	}
	_, err := tr.Resume(ctx, lost.ID(), lost.Token())
	wantLost(t, "resume", err, lost)
	wantContent(ctx, t, b, before)
	if after := stored(ctx, t, tr, lost); after != info {
		t.Errorf("the lost run was %+v and is %+v", info, after)
	}
	if after := stored(ctx, t, tr, now); after != own {
		t.Errorf("the run that took over was %+v and is %+v", own, after)
	}
	if status := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Name: "a"}))[0].Status; status != tracker.Loading {
		t.Errorf("the extract that the new run is loading is %s", status)
	}
	must(t, errors.Join(now.SetExtractStatus(ctx, tracker.Loaded, mine...), now.Complete(ctx, nil)))
}

func lostBeforeCall(t *testing.T, e *Env) {
	ctx, b, tr, lost, extract := begun(t, e)
	if !e.Backend.SkipsLocked { // no other caller can take the run while a load is written
		take(ctx, t, b, tr, lost)
	}
	l := e.beginLoose(t, b) // at a stricter level it may be given up instead: see endedSince
	l.add(1)
	if e.Backend.SkipsLocked {
		take(ctx, t, b, tr, lost)
	}
	refuseLoad(ctx, t, l, lost, extract)
	wantLedger(ctx, t, b)
}

// refuseLoad tries all writes of a load, and rolls back.
func refuseLoad(ctx context.Context, t *testing.T, l *load, lost *tracker.Run, extract tracker.Extract) {
	t.Helper()
	for what, write := range writes(extract) {
		wantLost(t, what+" in a transaction", write(ctx, lost.In(l.Tx)), lost)
	}
	l.end(false)
}

func keptInTransaction(t *testing.T, e *Env) {
	ctx, b, tr, run, extract := begun(t, e)
	l := e.begin(t, b)
	l.add(1)
	must(t, run.In(l.Tx).SetExtractStatus(ctx, tracker.Loaded, extract))
	if e.Backend.SkipsLocked { // else it is the load's transaction that could not be written beside
		expire(ctx, t, b, run.ID())
	}
	taken := make(chan attempt, 1)
	go func() { taken <- try(ctx, tr, tracker.Process{Name: run.Process()}) }()
	must(t, run.In(l.Tx).Complete(ctx, nil))
	l.end(true)
	next := <-taken
	// It may have read before the load was committed, if it need not wait to see that
	// the run is active.
	if next.err != nil && !errors.Is(next.err, tracker.ErrAlreadyRunning) {
		t.Errorf("the next: %v", next.err)
	}
	if info := stored(ctx, t, tr, run); info.Status != tracker.Completed {
		t.Errorf("the run is %+v", info)
	}
	wantLedger(ctx, t, b, 1)
}

func heardOfLoss(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := often(ctx, t, b)
	heard := make(chan error, 2)
	run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{OnLeaseLost: func(err error) { heard <- err }})
	must(t, err)
	kept := start(ctx, t, tr, tracker.Process{Name: "Another"})
	working, stop := run.Context(ctx)
	defer stop()
	stopped, stopEarly := run.Context(ctx)
	stopEarly()
	if cause := context.Cause(stopped); !errors.Is(cause, context.Canceled) {
		t.Errorf("a context that was given back ended with %v", cause)
	}
	fine, stopFine := kept.Context(ctx)
	defer stopFine()

	reaped, err := trackerOn(ctx, t, b, nil).Admin().Reap(ctx, tracker.ReapOptions{Process: "Load", Force: true})
	if err != nil || len(reaped) != 1 {
		t.Fatalf("reap: %v, %v", reaped, err)
	}
	wantLost(t, "the callback", hear(ctx, t, heard), run)
	<-working.Done()
	wantLost(t, "the context", context.Cause(working), run)
	late, stopLate := run.Context(ctx)
	defer stopLate()
	wantLost(t, "a context afterwards", context.Cause(late), run)
	wantLost(t, "a call", run.Complete(ctx, nil), run)
	if fine.Err() != nil || len(heard) > 0 {
		t.Errorf("the other run's context ended: %v; callbacks left: %d", context.Cause(fine), len(heard))
	}
	must(t, kept.Complete(ctx, nil))
}

// hear waits for the callback of a run. The waiting code keeps a reference to the run,
// because the callback of an unreferenced run is never called.
func hear(ctx context.Context, t *testing.T, heard <-chan error) error {
	t.Helper()
	select {
	case why := <-heard:
		return why
	case <-ctx.Done():
		t.Fatal("the callback of a run that lost its lease was not called")
		return nil
	}
}

// An unreachable database makes heartbeats fail until the test makes it reachable. Other
// statements succeed, and no statement is too slow for a heartbeat: leases may be shorter
// than a statement takes on a slow machine.
func unreachable(b dialect.Backend, names ...string) (s *spy, fail *atomic.Bool) {
	fail = new(atomic.Bool)
	fail.Store(true)
	return &spy{Backend: b, class: dialect.Other, unhurried: true, before: func(st *dialect.Stmt) error {
		if fail.Load() && slices.Contains(names, st.Name) {
			return errLost
		}
		return nil
	}}, fail
}

func givenUpAlone(t *testing.T, e *Env) {
	ctx := e.context(t)
	b, fail := unreachable(e.setUp(t), "lease.renew", "lease.taken")
	tr := trackerOn(ctx, t, b, &tracker.Config{Lease: 300 * time.Millisecond})
	heard := make(chan error, 1)
	run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{OnLeaseLost: func(err error) { heard <- err }})
	must(t, err)
	err = hear(ctx, t, heard)
	wantLost(t, "the callback", err, run)
	if !errors.Is(err, errLost) {
		t.Errorf("it does not say why: %v", err)
	}
	// The database is back and decides: no other start has taken the run.
	fail.Store(false)
	must(t, run.Complete(ctx, nil))
}

func notTaken(t *testing.T, e *Env) {
	ctx := e.context(t)
	b, fail := unreachable(e.setUp(t), "lease.renew")
	tr := trackerOn(ctx, t, b, &tracker.Config{Lease: 300 * time.Millisecond, HeartbeatInterval: 20 * time.Millisecond})
	heard := make(chan error, 1)
	run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, &tracker.StartOptions{OnLeaseLost: func(err error) { heard <- err }})
	must(t, err)
	for b.count("lease.taken") < 3 { // the lease had expired each time
		if !pause(ctx) {
			t.Fatal("the tracker does not ask whether the lease was taken")
		}
	}
	if len(heard) > 0 {
		t.Errorf("given up, though nothing took it: %v", <-heard)
	}
	fail.Store(false)
	renewedAfter(ctx, t, b, run, leaseOf(ctx, t, b, run.ID()).renewed)
	must(t, run.Complete(ctx, nil))
}

func doLost(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	var run *tracker.Run
	err := often(ctx, t, b).Do(ctx, tracker.Process{Name: "Load"}, nil, func(ctx context.Context, r *tracker.Run) error {
		run = r
		must(t, ignore(trackerOn(context.WithoutCancel(ctx), t, b, nil).Admin().Reap(ctx, tracker.ReapOptions{RunID: r.ID(), Force: true})))
		<-ctx.Done()
		return context.Cause(ctx)
	})
	wantLost(t, "Do", err, run)
}

func lateButNotTaken(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	expire(ctx, t, b, run.ID())
	must(t, errors.Join(run.AddCounts(ctx, tracker.Counts{Records: 1}), run.Complete(ctx, nil)))
	wantDone(ctx, t, tr, run, tracker.Completed)
}

// lostBeforeKnown loses the answer to a start. Other programs take over the run and
// leave the process idle before the start is retried.
func lostBeforeKnown(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	others := trackerOn(ctx, t, b, nil)
	for what, meanwhile := range map[string]func(tracker.Process) error{
		"reaped": func(p tracker.Process) error {
			return ignore(others.Admin().Reap(ctx, tracker.ReapOptions{Process: p.Name}))
		},
		"taken": func(p tracker.Process) error { return start(ctx, t, others, p).Complete(ctx, nil) },
	} {
		process := tracker.Process{Name: what}
		must(t, start(ctx, t, others, process).Complete(ctx, nil))
		told, line := 0, &forgetfulLine{Backend: b, lost: map[string]int{}}
		tr := trackerOn(ctx, t, line, &tracker.Config{Observer: tracker.Observer{OnRetry: func(context.Context, tracker.RetryEvent) {
			if told++; told > 1 {
				return
			}
			lost := collect(t, others.Runs(ctx, tracker.RunFilter{Process: what, Status: tracker.Running}))
			expire(ctx, t, b, lost[0].ID)
			must(t, meanwhile(process))
		}}})
		line.on = true
		run := start(ctx, t, tr, process)
		numbers := column[int64](ctx, t, b, "SELECT r.run_no FROM {run} r JOIN {process} p ON p.id = r.process_id WHERE p.name = ? ORDER BY r.run_no", what)
		if told == 0 || int64(len(numbers)) != run.Number() || !stored(ctx, t, tr, run).Active() {
			t.Errorf("%s: after %d tries run %d was started, and there are %v", what, told, run.Number(), numbers)
		}
		must(t, run.Complete(ctx, nil))
	}
}

// nothings are calls that write nothing.
func nothings(extract tracker.Extract) map[string]func(context.Context, *tracker.Run) error {
	return map[string]func(context.Context, *tracker.Run) error{
		"set the status of no extracts": func(ctx context.Context, r *tracker.Run) error { return r.SetExtractStatus(ctx, tracker.Loaded) },
		"set the status that it has": func(ctx context.Context, r *tracker.Run) error {
			return r.SetExtractStatus(ctx, tracker.Ready, extract)
		},
		"register no extracts": func(ctx context.Context, r *tracker.Run) error { return ignore(r.RegisterExtracts(ctx)) },
		"update no extracts":   func(ctx context.Context, r *tracker.Run) error { return r.UpdateExtracts(ctx) },
		"measure no extracts":  func(ctx context.Context, r *tracker.Run) error { return r.RecordMeasures(ctx) },
		"measure nothing of one": func(ctx context.Context, r *tracker.Run) error {
			return r.RecordLoaded(ctx, extract, tracker.Measures{})
		},
		"record no errors": func(ctx context.Context, r *tracker.Run) error { return r.RecordError(ctx) },
		"cover no time":    func(ctx context.Context, r *tracker.Run) error { return r.ExtendRange(ctx, time.Time{}, time.Time{}) },
		"add no counts":    func(ctx context.Context, r *tracker.Run) error { return r.AddCounts(ctx, tracker.Counts{}) },
		"set no counts":    func(ctx context.Context, r *tracker.Run) error { return r.SetCounts(ctx, tracker.Counts{}) },
		"claim where there is nothing": func(ctx context.Context, r *tracker.Run) error {
			return ignore(r.Claim(ctx, tracker.ClaimOptions{Limit: 1, Location: "/none"}))
		},
		"set the run's own status": func(ctx context.Context, r *tracker.Run) error { return r.SetStatus(ctx, tracker.Running, nil) },
	}
}

func nothingToWrite(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	lost, ended := start(ctx, t, tr, tracker.Process{Name: "Load"}), start(ctx, t, tr, tracker.Process{Name: "Another"})
	extract := ready(ctx, t, lost, "/landing", "a")[0]
	for what, call := range nothings(extract) {
		if err := call(ctx, lost); err != nil {
			t.Errorf("%s, as long as it may: %v", what, err)
		}
	}
	take(ctx, t, b, tr, lost)
	must(t, ended.Complete(ctx, nil))
	rows := content(ctx, t, b)
	for what, call := range nothings(extract) {
		wantLost(t, what, call(ctx, lost), lost)
		if err := call(ctx, ended); !only(err, tracker.ErrAlreadyEnded) {
			t.Errorf("%s, in a run that has ended: %v", what, err)
		}
	}
	l := e.beginLoose(t, b)
	for what, call := range nothings(extract) {
		wantLost(t, what+" in a transaction", call(ctx, lost.In(l.Tx)), lost)
	}
	l.end(false)
	wantContent(ctx, t, b, rows)
}
