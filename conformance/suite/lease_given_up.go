package suite

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func leaseGivenUpCases() []Case {
	return []Case{
		{"S4.7 a holder that gives a run up while the database is down stops renewing it, and the next start succeeds", givenUpAway},
		{"S4.7 a start whose reply is lost leaves no run that is renewed", startUnheard},
		{"S4.7 S3.9 a detached run is renewed only by the tracker that resumes it", detached},
		{"S4.1 S4.7 a run with two holders is renewed until both have left it", heldTwice},
		{"S4.7 a run to which the program no longer refers is not renewed", unreferenced},
		{"S4.7 S8.1 a closed tracker starts and resumes no runs, and makes every other call", closedTracker},
		{"S4.7 a tracker that is closed during a start leaves no active run", closedMeanwhile},
	}
}

// renewals waits until the tracker has renewed its leases twice from now on, at least
// once with the state before the call. goesOn is a run that it renews.
func renewals(ctx context.Context, t testing.TB, b dialect.Backend, goesOn *tracker.Run) {
	t.Helper()
	since := leaseOf(ctx, t, b, goesOn.ID())
	for range 3 {
		since = renewedAfter(ctx, t, b, goesOn, since.renewed)
	}
}

// renewed returns those of the runs that are renewed by the tracker that renews goesOn.
func renewed(ctx context.Context, t testing.TB, b dialect.Backend, goesOn *tracker.Run, runs ...int64) []int64 {
	t.Helper()
	renewals(ctx, t, b, goesOn)
	before := make([]storedLease, len(runs))
	for i, run := range runs {
		before[i] = leaseOf(ctx, t, b, run)
	}
	renewals(ctx, t, b, goesOn)
	var all []int64
	for i, run := range runs {
		if leaseOf(ctx, t, b, run) != before[i] {
			all = append(all, run)
		}
	}
	return all
}

// isRenewed reports whether the tracker that renews goesOn renews a run as well.
func isRenewed(ctx context.Context, t testing.TB, b dialect.Backend, run int64, goesOn *tracker.Run) bool {
	t.Helper()
	return len(renewed(ctx, t, b, goesOn, run)) > 0
}

// wantGivenUp checks that no heartbeat renews active runs, and that the next starts of
// their processes succeed once the leases have expired.
func wantGivenUp(ctx context.Context, t *testing.T, b dialect.Backend, goesOn *tracker.Run, runs map[int64]string) {
	t.Helper()
	for _, run := range renewed(ctx, t, b, goesOn, slices.Collect(maps.Keys(runs))...) {
		t.Errorf("%s: the lease of run %d is still renewed", runs[run], run)
	}
	others := trackerOn(ctx, t, b, nil)
	for run, what := range runs {
		expire(ctx, t, b, run)
		info, err := others.RunByID(ctx, run)
		must(t, err)
		must(t, start(ctx, t, others, tracker.Process{Name: info.Process}).Complete(ctx, nil))
		if info, err = others.RunByID(ctx, run); err != nil || info.Status != tracker.Failed {
			t.Errorf("%s: the run is %+v, %v", what, info, err)
		}
	}
}

// A loser is a way to lose a run. It makes the database unreachable just before.
type loser func(ctx context.Context, tr *tracker.Tracker, p tracker.Process, away func(*tracker.Run)) error

var errWork = errors.New("no disk")

// losers are the ways in which a caller loses its run although the run's end could not
// be recorded.
func losers(t *testing.T, e *Env, b dialect.Backend) map[string]loser {
	t.Helper()
	all := map[string]loser{
		"Close": func(ctx context.Context, tr *tracker.Tracker, p tracker.Process, away func(*tracker.Run)) error {
			run, err := tr.Start(ctx, p, nil)
			must(t, err)
			away(run)
			return run.Close()
		},
		"Close of each holder": func(ctx context.Context, tr *tracker.Tracker, p tracker.Process, away func(*tracker.Run)) error {
			run, err := tr.Start(ctx, p, nil)
			must(t, err)
			second, err := tr.Resume(ctx, run.ID(), run.Token())
			must(t, err)
			away(run)
			return errors.Join(run.Close(), second.Close())
		},
	}
	for what, work := range map[string]func(ctx context.Context, run *tracker.Run) error{
		"returns nil":                          func(context.Context, *tracker.Run) error { return nil },
		"returns an error":                     func(context.Context, *tracker.Run) error { return errWork },
		"returns a problem of an unknown type": func(context.Context, *tracker.Run) error { return tracker.ErrorRecord{Type: "Unheard of"} },
		"panics":                               func(context.Context, *tracker.Run) error { panic(errWork) },
		"ends its goroutine":                   func(context.Context, *tracker.Run) error { runtime.Goexit(); return nil },
		"could not complete the run":           func(ctx context.Context, run *tracker.Run) error { return run.Complete(ctx, nil) },
		"could not close the run":              func(_ context.Context, run *tracker.Run) error { return run.Close() },
	} {
		all["Do of a function that "+what] = doing(func(ctx context.Context, run *tracker.Run, away func(*tracker.Run)) error {
			away(run)
			return work(ctx, run)
		})
	}
	all["Do whose context has ended"] = func(ctx context.Context, tr *tracker.Tracker, p tracker.Process, away func(*tracker.Run)) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return tr.Do(ctx, p, nil, func(ctx context.Context, run *tracker.Run) error {
			away(run)
			cancel()
			return ctx.Err()
		})
	}
	all["Do of a function whose transaction ended the run and was rolled back"] = doing(func(ctx context.Context, run *tracker.Run, away func(*tracker.Run)) error {
		l := e.begin(t, b)
		must(t, run.In(l.Tx).Complete(ctx, nil))
		l.end(false)
		away(run)
		return errWork
	})
	return all
}

// doing calls Do in its own goroutine, because the function may panic or end the goroutine.
func doing(fn func(ctx context.Context, run *tracker.Run, away func(*tracker.Run)) error) loser {
	return func(ctx context.Context, tr *tracker.Tracker, p tracker.Process, away func(*tracker.Run)) (err error) {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			defer func() { _ = recover() }()
			err = errWork // unless Do returns
			err = tr.Do(ctx, p, nil, func(ctx context.Context, run *tracker.Run) error { return fn(ctx, run, away) })
		}()
		<-ended
		return err
	}
}

func givenUpAway(t *testing.T, e *Env) {
	ctx := e.context(t)
	b := &switched{Backend: e.setUp(t)}
	tr := often(ctx, t, b)
	goesOn := start(ctx, t, tr, tracker.Process{Name: "goes on"})
	lost := map[int64]string{}
	var held []*tracker.Run // so that they are not given up for want of a reference
	for what, lose := range losers(t, e, b) {
		var id int64
		err := lose(ctx, tr, tracker.Process{Name: what}, func(run *tracker.Run) {
			id, held = run.ID(), append(held, run)
			b.off.Store(&dead{Backend: b.Backend, class: dialect.Unreachable})
		})
		b.off.Store(nil)
		if err == nil {
			t.Errorf("%s: no error, though the database was away", what)
		}
		lost[id] = what
	}
	wantGivenUp(ctx, t, b, goesOn, lost)
	runtime.KeepAlive(held)
	must(t, goesOn.Complete(ctx, nil))
}

func startUnheard(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	line := &forgetfulLine{Backend: b, lost: map[string]int{}}
	tr := trackerOn(ctx, t, line, &tracker.Config{Lease: time.Hour, HeartbeatInterval: 10 * time.Millisecond, Retry: tracker.RetryPolicy{Tries: 1}})
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Load"}))
	line.on = true // and nothing is renewed that could lose an answer instead
	if run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, nil); !only(err, tracker.ErrDisconnected) {
		t.Fatalf("a start whose answer is lost: %v, %v", run, err)
	}
	line.on = false
	all := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: "Load", Status: tracker.Running}))
	if len(all) != 1 {
		t.Fatalf("the start has made %+v", all)
	}
	goesOn := start(ctx, t, tr, tracker.Process{Name: "goes on"})
	wantGivenUp(ctx, t, b, goesOn, map[int64]string{all[0].ID: "a start"})
	must(t, goesOn.Complete(ctx, nil))
}

func detached(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	first, second := often(ctx, t, b), often(ctx, t, b)
	firstGoesOn := start(ctx, t, first, tracker.Process{Name: "goes on"})
	secondGoesOn := start(ctx, t, second, tracker.Process{Name: "goes on, too"})
	run := start(ctx, t, first, tracker.Process{Name: "Load"})
	run.Detach()
	if isRenewed(ctx, t, b, run.ID(), firstGoesOn) {
		t.Error("a run that was detached is renewed")
	}
	taken, err := second.Resume(ctx, run.ID(), run.Token())
	must(t, err)
	if !isRenewed(ctx, t, b, run.ID(), secondGoesOn) {
		t.Error("a resumed run is not renewed")
	}
	taken.Detach()
	wantGivenUp(ctx, t, b, secondGoesOn, map[int64]string{run.ID(): "detached twice"})
	wantLost(t, "complete", run.Complete(ctx, nil), run)
	runtime.KeepAlive(firstGoesOn)
	must(t, secondGoesOn.Complete(ctx, nil))
}

func heldTwice(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := often(ctx, t, b)
	goesOn := start(ctx, t, tr, tracker.Process{Name: "goes on"})
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	second, err := tr.Resume(ctx, run.ID(), run.Token())
	must(t, err)
	second.Detach()
	if !isRenewed(ctx, t, b, run.ID(), goesOn) {
		t.Error("one of two holders has left, and the run is not renewed")
	}
	run.Detach()
	if isRenewed(ctx, t, b, run.ID(), goesOn) {
		t.Error("both holders have left, and the run is renewed")
	}
	third, err := tr.Resume(ctx, run.ID(), run.Token())
	must(t, err)
	must(t, third.Complete(ctx, nil))
	if isRenewed(ctx, t, b, run.ID(), goesOn) {
		t.Error("the run has ended, and is renewed")
	}
	must(t, goesOn.Complete(ctx, nil))
}

func unreferenced(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := often(ctx, t, b)
	goesOn := start(ctx, t, tr, tracker.Process{Name: "goes on"})
	id := start(ctx, t, tr, tracker.Process{Name: "Load"}).ID()
	for isRenewed(ctx, t, b, id, goesOn) { // the collector may just have found it in use
		if runtime.GC(); !pause(ctx) {
			t.Fatal("a dropped run is renewed forever")
		}
	}
	wantGivenUp(ctx, t, b, goesOn, map[int64]string{id: "dropped"})
	must(t, goesOn.Complete(ctx, nil))
}

func closedTracker(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, errors.Join(tr.Close(), tr.Close()))
	rows := content(ctx, t, b)
	l := e.begin(t, b)
	for what, err := range map[string]error{
		"start":                  ignore(tr.Start(ctx, tracker.Process{Name: "Another"}, nil)),
		"start without a lease":  ignore(tr.Start(ctx, tracker.Process{Name: "Another"}, &tracker.StartOptions{NoLease: true})),
		"start in a transaction": ignore(tr.In(l.Tx).Start(ctx, tracker.Process{Name: "Another"}, nil)),
		"resume":                 ignore(tr.Resume(ctx, run.ID(), run.Token())),
		"Do":                     tr.Do(ctx, tracker.Process{Name: "Another"}, nil, func(context.Context, *tracker.Run) error { return nil }),
	} {
		if !only(err, tracker.ErrClosed) {
			t.Errorf("%s on a closed tracker: %v", what, err)
		}
	}
	l.end(false)
	wantContent(ctx, t, b, rows)
	must(t, errors.Join(tr.Registry().Register(ctx, tracker.Process{Name: "Another"}), run.AddCounts(ctx, tracker.Counts{Records: 1}), run.Complete(ctx, nil)))
	if _, err := tr.Registry().Totals(ctx, "Load"); err != nil {
		t.Error(err)
	}
}

// closedMeanwhile closes a tracker while it starts a run.
func closedMeanwhile(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "Load"}))
	s.meddle(func(st *dialect.Stmt) error {
		if st.Name == "start.run" || st.Name == "start.whole" {
			return tr.Close()
		}
		return nil
	})
	if run, err := tr.Start(ctx, tracker.Process{Name: "Load"}, nil); run != nil || !only(err, tracker.ErrClosed) {
		t.Errorf("started %v, %v", run, err)
	}
	s.meddle(nil)
	all := collect(t, tr.Runs(ctx, tracker.RunFilter{}))
	if len(all) != 1 || all[0].Status != tracker.Failed {
		t.Errorf("the start has left %+v", all)
	}
}
