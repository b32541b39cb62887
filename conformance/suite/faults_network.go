package suite

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// tooLate is how long a call may outlive its context: backends may wait some seconds
// for a server that they have asked to cancel.
const tooLate = 3 * time.Minute

// silentLine makes calls on connections that no longer deliver anything.
func silentLine(t *testing.T, e *Env) {
	w := e.wired(t)
	ctx := e.context(t)
	tr := w.tracker(ctx, t, nil)
	for what, silence := range map[string]func(bool){"nothing": w.HalfOpen, "the server": w.Mute} {
		process := "Load while " + what + " is heard"
		run := start(ctx, t, tr, tracker.Process{Name: process})
		before := condition(ctx, t, w.direct)
		silence(true)
		for i, call := range []func(context.Context) error{
			func(ctx context.Context) error { return firstError(tr.Runs(ctx, tracker.RunFilter{})) },
			func(ctx context.Context) error {
				return ignore(run.RegisterExtracts(ctx, files("/landing/"+process, "a")...))
			},
			func(ctx context.Context) error { return run.Complete(ctx, nil) },
		} {
			limit, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
			began := time.Now()
			err := call(limit)
			cancel()
			if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > tooLate {
				t.Errorf("call %d with %s not heard ends after %v: %v", i, what, took, err)
			}
		}
		silence(false)
		if what == "nothing" {
			wantChanges(t, "an unheard request", changes(before, condition(ctx, t, w.direct)), nil)
			register(ctx, t, run, files("/landing/"+process, "a")...)
		}
		must(t, run.Complete(ctx, nil)) // no error if the server had received it
		if info := stored(ctx, t, tr, run); info.Status != tracker.Completed {
			t.Errorf("the run is %+v", info)
		}
	}
	if w.Counts().Swallowed == 0 {
		t.Error("nothing was swallowed")
	}
	if e.Backend.Commit != nil {
		w.commitUnanswered(ctx, t, e, tr)
	}
}

// commitUnanswered silences the line just after a commit was sent, and then ends the context.
func (w *wire) commitUnanswered(ctx context.Context, t *testing.T, e *Env, tr *tracker.Tracker) {
	t.Helper()
	for _, d := range deeds() {
		if d.name != "complete" && d.name != "claim" { // one that is sent as a whole, and one that is not
			continue
		}
		s := d.prepare(ctx, t, tr, "unanswered "+d.name)
		struck, silent := w.MuteAfter(e.Backend.Commit), make(chan time.Time, 1)
		patient, cancel := context.WithCancel(ctx)
		go func() {
			select {
			case <-struck:
			case <-ctx.Done():
			}
			silent <- time.Now()
			cancel()
		}()
		_, err := d.do(patient, s)
		if took := time.Since(<-silent); !errors.Is(err, context.Canceled) || took > tooLate {
			t.Errorf("%s, whose commit is not answered, ends after %v: %v", d.name, took, err)
		}
		w.Mute(false)
		must(t, s.run.Close())
	}
}

// refusedLine makes the server unreachable during a call, and before another.
func refusedLine(t *testing.T, e *Env) {
	if e.Backend.Commit == nil {
		t.Skip(noCommit + e.Backend.Name)
	}
	w := e.wired(t)
	ctx := e.context(t)
	var told []tracker.RetryEvent
	tr := w.tracker(ctx, t, &tracker.Config{Retry: tracker.RetryPolicy{Tries: 3, Wait: time.Millisecond}, Observer: tracker.Observer{OnRetry: func(_ context.Context, r tracker.RetryEvent) { told = append(told, r) }}})
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	before := condition(ctx, t, w.direct)
	w.Refuse(true)
	w.CutBefore(e.Backend.Commit)
	if err := run.Complete(ctx, nil); !only(err, tracker.ErrDisconnected) {
		t.Errorf("complete, when the server goes: %v", err)
	}
	if len(told) != 2 || told[1].Reason != tracker.RetryDisconnected || w.Counts().Refused == 0 {
		t.Errorf("told of %+v; %+v", told, w.Counts())
	}
	w.Cut()
	if _, err := tr.Start(ctx, tracker.Process{Name: "Players Load"}, nil); !only(err, tracker.ErrDisconnected) {
		t.Errorf("start without a server: %v", err)
	}
	wantChanges(t, "without a server, they", changes(before, condition(ctx, t, w.direct)), nil)
	w.Refuse(false)
	must(t, run.Complete(ctx, nil))
	must(t, start(ctx, t, tr, tracker.Process{Name: "Players Load"}).Complete(ctx, nil))
}

// slowLine runs through a run's life over a slow network.
func slowLine(t *testing.T, e *Env) {
	w := e.wired(t)
	ctx := e.context(t)
	tr := w.tracker(ctx, t, &tracker.Config{Observer: tracker.Observer{OnRetry: func(_ context.Context, r tracker.RetryEvent) { t.Errorf("tried again: %+v", r) }}})
	w.Delay(5 * time.Millisecond)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	extracts := ready(ctx, t, run, "/landing", "a", "b")
	wantClaim(ctx, t, run, tracker.ClaimOptions{Limit: 1}, "a")
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, extracts...))
	must(t, run.AddCounts(ctx, tracker.Counts{Inserts: 2}))
	must(t, run.Complete(ctx, nil))
	wantLines(t, "the run", runHistory(ctx, t, w.direct, run.ID()), []string{"running by tester", "running > completed by tester"})
	if w.Counts().Delayed == 0 {
		t.Error("nothing was slow")
	}
}

// poolExhausted takes all connections of the pool, and makes calls that wait for one.
func poolExhausted(t *testing.T, e *Env) {
	if e.Backend.Connections == 0 {
		t.Skip("the backend does not say how many connections there are in a pool of " + e.Backend.Name + " has")
	}
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	before := condition(ctx, t, b)
	giveBack := e.takeAll(ctx, t, b)
	limit, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	why := errors.New("the caller's reason")
	over, stop := context.WithCancelCause(ctx)
	stop(why)
	for what, err := range map[string]error{
		"complete": run.Complete(limit, nil),
		"start":    ignore(tr.Start(limit, tracker.Process{Name: "Players Load"}, nil)),
		"read":     firstError(tr.Runs(limit, tracker.RunFilter{})),
		"claim":    ignore(run.Claim(limit, tracker.ClaimOptions{Limit: 1})),
	} {
		if !errors.Is(err, context.DeadlineExceeded) || !only(err, nil) {
			t.Errorf("%s without a connection: %v", what, err)
		}
	}
	if err := run.Complete(over, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("complete without a connection, cancelled: %v", err)
	}
	giveBack()
	wantChanges(t, "without a connection, they", changes(before, condition(ctx, t, b)), nil)
	must(t, run.Complete(ctx, nil))
}

// takeAll takes every connection of a backend's pool, until they are released.
func (e *Env) takeAll(ctx context.Context, t *testing.T, b dialect.Backend) (giveBack func()) {
	t.Helper()
	taken, failed, release := make(chan struct{}), make(chan error), make(chan struct{})
	var takers sync.WaitGroup
	giveBack = sync.OnceFunc(func() {
		close(release)
		takers.Wait()
	})
	t.Cleanup(giveBack)
	one := statement(t, b, "SELECT 1")
	for range e.Backend.Connections {
		takers.Go(func() {
			err := b.Conn().Query(ctx, one, func(dialect.Row) error {
				select {
				case taken <- struct{}{}:
					<-release
				case <-release: // as another could not be taken
				}
				return nil
			})
			select {
			case failed <- err:
			case <-release:
			}
		})
	}
	for range e.Backend.Connections {
		select {
		case <-taken:
		case err := <-failed:
			t.Fatalf("take a connection: %v", err)
		}
	}
	return giveBack
}
