package suite

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func leaseCases() []Case {
	return []Case{
		{"S4.1 a lease has the tracker's length, on the database's clock, and a minute by default", leaseTerms},
		{"S4.1 each heartbeat renews the leases of all runs of a tracker in one statement", leasesRenewed},
		{"S4.1 a heartbeat waits for no long transaction that writes to the run", renewedMeanwhile},
		{"S4.1 an ended run gets no heartbeats, however it ended", renewedNoMore},
		{"S4.1 S3.9 a tracker that resumes a run renews its lease, even an expired one", leaseTakenUp},
		{"S4.5 a run without a lease blocks its process until an operator ends it", withoutLease},
	}
}

// The stored times from and to which a lease lasts.
type storedLease struct{ renewed, expires time.Time }

func leaseOf(ctx context.Context, t testing.TB, b dialect.Backend, run int64) storedLease {
	t.Helper()
	return storedLease{
		renewed: single[dialect.Time](ctx, t, b, "SELECT renewed_at FROM {run_lease} WHERE run_id = ?", run).Time,
		expires: single[dialect.Time](ctx, t, b, "SELECT expires_at FROM {run_lease} WHERE run_id = ?", run).Time,
	}
}

// renewedAfter waits until the lease was renewed after that moment. It keeps a
// reference to the run, because an unreferenced run is not renewed.
func renewedAfter(ctx context.Context, t testing.TB, b dialect.Backend, run *tracker.Run, since time.Time) storedLease {
	t.Helper()
	defer runtime.KeepAlive(run)
	for {
		if l := leaseOf(ctx, t, b, run.ID()); l.renewed.After(since) {
			return l
		}
		if !pause(ctx) {
			t.Fatalf("the lease of run %d is not renewed", run.ID())
		}
	}
}

// pause waits between two checks of a state that changes by itself. It reports whether
// another check may follow.
func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(5 * time.Millisecond):
		return true
	}
}

// expire makes a lease expired for a long time, as if its holder had died.
func expire(ctx context.Context, t testing.TB, b dialect.Backend, run int64) {
	t.Helper()
	long := b.Dialect().Time(noon)
	if change(ctx, t, b, "UPDATE {run_lease} SET renewed_at = ?, expires_at = ? WHERE run_id = ?", long, b.Dialect().Time(noon.Add(time.Minute)), run) != 1 {
		t.Fatalf("run %d has no lease", run)
	}
}

// often returns a tracker that renews all the time, with leases that do not expire
// while a test is slow.
func often(ctx context.Context, t testing.TB, b dialect.Backend) *tracker.Tracker {
	t.Helper()
	return trackerOn(ctx, t, b, &tracker.Config{Lease: time.Hour, HeartbeatInterval: 10 * time.Millisecond})
}

func leaseTerms(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	usual, err := tracker.New(ctx, b, nil)
	must(t, err)
	t.Cleanup(func() { must(t, usual.Close()) })
	for want, tr := range map[time.Duration]*tracker.Tracker{
		time.Minute:         usual,
		90 * time.Second:    trackerOn(ctx, t, b, &tracker.Config{Lease: 90 * time.Second}),
		20 * 24 * time.Hour: trackerOn(ctx, t, b, &tracker.Config{Lease: 20 * 24 * time.Hour}),
	} {
		run := start(ctx, t, tr, tracker.Process{Name: "Load " + want.String()})
		l := leaseOf(ctx, t, b, run.ID())
		// On some databases, the clock differs between two reads within one statement.
		if got := l.expires.Sub(l.renewed); (got - want).Abs() > 10*time.Second {
			t.Errorf("a lease lasts %v, want %v", got, want)
		}
		if since := l.renewed.Sub(run.StartedAt()); since < -time.Second || since > time.Minute {
			t.Errorf("it begins %v after the run", since)
		}
	}
}

func leasesRenewed(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := often(ctx, t, s)
	const many = 20
	var runs []*tracker.Run
	for i := range many {
		runs = append(runs, start(ctx, t, tr, tracker.Process{Name: string(rune('a' + i))}))
	}
	s.forget()
	before := leaseOf(ctx, t, s, runs[many-1].ID())
	for range 3 {
		before = renewedAfter(ctx, t, s, runs[many-1], before.renewed)
	}
	if got := before.expires.Sub(before.renewed); (got - time.Hour).Abs() > 10*time.Second {
		t.Errorf("a renewed lease lasts %v", got)
	}
	for _, run := range runs {
		if l := leaseOf(ctx, t, s, run.ID()); !l.renewed.After(run.StartedAt()) {
			t.Errorf("%v was not renewed", run)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	renewals := slices.DeleteFunc(s.sent, func(st dialect.Stmt) bool { return st.Name != "lease.renew" })
	for _, st := range renewals[1:] { // the first one may have been built before the last run started
		if n := strings.Count(fmt.Sprint(st.Args...), `"id"`); n != many {
			t.Errorf("a statement renewed the leases of %d runs, want all %d", n, many)
		}
	}
}

func renewedMeanwhile(t *testing.T, e *Env) {
	if !e.Backend.SkipsLocked {
		t.Skip("a race that cannot be where writers exclude each other")
	}
	ctx, b := e.context(t), e.setUp(t)
	tr := often(ctx, t, b)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	other := start(ctx, t, tr, tracker.Process{Name: "Another"})
	l := e.begin(t, b)
	must(t, run.In(l.Tx).Complete(ctx, nil))
	for _, r := range []*tracker.Run{run, other} {
		since := leaseOf(ctx, t, b, r.ID())
		for range 2 {
			since = renewedAfter(ctx, t, b, r, since.renewed)
		}
	}
	l.end(true)
}

func renewedNoMore(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := often(ctx, t, b)
	others := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddRunStatus(ctx, "skipped", false))
	goesOn := start(ctx, t, tr, tracker.Process{Name: "goes on"})
	for what, end := range map[string]func(*tracker.Run) error{
		"complete":                         func(r *tracker.Run) error { return r.Complete(ctx, nil) },
		"fail":                             func(r *tracker.Run) error { return r.Fail(ctx) },
		"close":                            (*tracker.Run).Close,
		"set an ended status of one's own": func(r *tracker.Run) error { return r.SetStatus(ctx, "skipped", nil) },
		"by another program, which took it up": func(r *tracker.Run) error {
			taken, err := others.Resume(ctx, r.ID(), r.Token())
			must(t, err)
			return taken.Complete(ctx, nil)
		},
		"in a transaction": func(r *tracker.Run) error {
			l := e.begin(t, b)
			err := r.In(l.Tx).Complete(ctx, nil)
			l.end(true)
			return err
		},
	} {
		run := start(ctx, t, tr, tracker.Process{Name: what})
		must(t, end(run))
		if isRenewed(ctx, t, b, run.ID(), goesOn) {
			t.Errorf("%s: the lease is still renewed", what)
		}
		runtime.KeepAlive(run)
	}
}

func leaseTakenUp(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	first := trackerOn(ctx, t, b, &tracker.Config{Lease: 2 * time.Hour})
	run := start(ctx, t, first, tracker.Process{Name: "Load"})
	long := leaseOf(ctx, t, b, run.ID())
	must(t, first.Close())
	second := trackerOn(ctx, t, b, nil)
	clockMoves(ctx, t, b)
	must(t, ignore(second.Resume(ctx, run.ID(), run.Token())))
	if now := leaseOf(ctx, t, b, run.ID()); !now.renewed.After(long.renewed) || now.expires.Before(long.expires) {
		t.Errorf("a shorter lease made of %v %v", long, now)
	}
	expire(ctx, t, b, run.ID())
	resumed, err := second.Resume(ctx, run.ID(), run.Token())
	must(t, err)
	wantRefused(ctx, t, second, "Load", tracker.ErrAlreadyRunning)
	must(t, resumed.Complete(ctx, nil))
}

func withoutLease(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, &tracker.Config{Lease: 10 * time.Millisecond})
	byOption, err := tr.Start(ctx, tracker.Process{Name: "by option"}, &tracker.StartOptions{NoLease: true})
	must(t, err)
	byTracker := start(ctx, t, trackerOn(ctx, t, b, &tracker.Config{NoLease: true}), tracker.Process{Name: "by tracker"})
	for _, run := range []*tracker.Run{byOption, byTracker} {
		if n := single[int64](ctx, t, b, "SELECT count(*) FROM {run_lease} WHERE run_id = ?", run.ID()); n != 0 {
			t.Errorf("%v has a lease", run)
		}
		_, err := tr.Start(ctx, tracker.Process{Name: run.Process()}, nil)
		if blocked := wantBlocked(t, err, tracker.ErrAlreadyRunning); !blocked.LeaseUntil.IsZero() {
			t.Errorf("%v has a lease until %v", run, blocked.LeaseUntil)
		}
	}
	if reaped, err := tr.Admin().Reap(ctx, tracker.ReapOptions{}); err != nil || len(reaped) > 0 {
		t.Errorf("reaped %v, %v", reaped, err)
	}
	reaped, err := tr.Admin().Reap(ctx, tracker.ReapOptions{RunID: byOption.ID(), Force: true, Reason: "its machine is gone"})
	if err != nil || len(reaped) != 1 || reaped[0].ID != byOption.ID() {
		t.Fatalf("reaped by force %v, %v", reaped, err)
	}
	wantDone(ctx, t, tr, byOption, tracker.Failed, "Process Error: ended by tester: its machine is gone")
	if err := byOption.Complete(ctx, nil); !only(err, tracker.ErrAlreadyEnded) {
		t.Errorf("its holder hears %v", err)
	}
	must(t, byTracker.Complete(ctx, nil))
}
