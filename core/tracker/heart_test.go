package tracker

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// fakeLeases is a database of leases that can be out of reach.
type fakeLeases struct {
	mu       sync.Mutex
	renewals []renewal
	renewErr error
	readErr  error
	taken    []int64
	ended    []int64
	renewed  bool // all of them, before any was taken
	silent   bool // nothing is answered
}

type renewal struct {
	at   time.Time
	runs []int64
}

func (f *fakeLeases) RenewLeases(ctx context.Context, runs []int64) ([]store.Loss, error) {
	if f.silent {
		<-ctx.Done()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.renewals = append(f.renewals, renewal{time.Now(), slices.Sorted(slices.Values(runs))})
	if f.renewed {
		return nil, nil
	}
	return f.losses(), f.renewErr
}

func (f *fakeLeases) TakenLeases(ctx context.Context, _ []int64) ([]store.Loss, error) {
	if f.silent {
		<-ctx.Done()
	}
	return f.losses(), f.readErr
}

func (f *fakeLeases) losses() (all []store.Loss) {
	for _, run := range f.taken {
		all = append(all, store.Loss{Run: run})
	}
	return all
}

func (f *fakeLeases) EndedRuns(context.Context, []int64) ([]int64, error) {
	return f.ended, f.readErr
}

func (f *fakeLeases) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// seen has the number of heartbeats, and the runs of the last one.
func (f *fakeLeases) seen() (int, []int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.renewals) == 0 {
		return 0, nil
	}
	return len(f.renewals), f.renewals[len(f.renewals)-1].runs
}

// keptRun is a run that a heart has, and what becomes of it.
func keptRun(k *heart, id int64) (run *Run, lost func() error) {
	run = &Run{tracker: &Tracker{heart: k}, info: RunInfo{Process: "P", Number: id}, ref: store.RunRef{ID: id}, lease: new(runLease)}
	k.add(run, k.terms.length, time.Now())
	return run, func() error {
		run.lease.mu.Lock()
		defer run.lease.mu.Unlock()
		return run.lease.why
	}
}

// A lease of another length is renewed in time, too: all leases with the shortest.
func TestHeartOfLeasesOfSeveralLengths(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		_, long := keptRun(k, 1)
		after(10 * time.Second)
		short := &Run{tracker: &Tracker{heart: k}, ref: store.RunRef{ID: 2}, lease: new(runLease)}
		k.add(short, 6*time.Second, time.Now()) // 20 seconds are too long for it
		after(8 * time.Second)
		if n, runs := f.seen(); n != 4 || !slices.Equal(runs, []int64{1, 2}) {
			t.Errorf("%d renewals, the last of %v", n, runs)
		}
		f.set(func() { f.renewErr, f.readErr = errors.New("gone"), errors.New("gone") })
		after(7 * time.Second)
		if long() != nil || short.lease.why == nil {
			t.Errorf("after longer than the short lease, lost are %v and %v", long(), short.lease.why)
		}
		f.set(func() { f.renewErr, f.readErr, f.renewals = nil, nil, nil })
		after(41 * time.Second)
		if n, runs := f.seen(); n < 2 || n > 3 || !slices.Equal(runs, []int64{1}) {
			t.Errorf("without the short one %d renewals, the last of %v", n, runs)
		}
		runtime.KeepAlive(long)
	})
}

// inBubble runs a test with a minute's lease on a clock that stands still while
// anybody works.
func inBubble(t *testing.T, test func(t *testing.T, f *fakeLeases, k *heart)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := new(fakeLeases)
		k := newHeart(f, leaseTerms{length: time.Minute, every: 20 * time.Second}, nil)
		test(t, f, k)
		k.close()
	})
}

// after lets time pass, and then what it has set off.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestHeartRenewsAllAtOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		first, lost := keptRun(k, 1)
		after(10 * time.Second)
		second, _ := keptRun(k, 2)
		after(31 * time.Second)
		if n, runs := f.seen(); n != 2 || !slices.Equal(runs, []int64{1, 2}) {
			t.Errorf("%d renewals, the last of %v", n, runs)
		}
		first.hasEnded()
		after(20 * time.Second)
		if n, runs := f.seen(); n != 3 || !slices.Equal(runs, []int64{2}) {
			t.Errorf("%d renewals, the last of %v", n, runs)
		}
		second.hasEnded()
		after(time.Hour) // with no goroutine left, or the bubble would not end
		if n, _ := f.seen(); n != 3 || lost() != nil {
			t.Errorf("%d renewals; lost: %v", n, lost())
		}
		third, _ := keptRun(k, 3)
		after(20 * time.Second)
		if n, runs := f.seen(); n != 4 || !slices.Equal(runs, []int64{3}) {
			t.Errorf("%d renewals, the last of %v", n, runs)
		}
		third.hasEnded()
	})
}

func TestHeartLearnsOfALoss(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		_, first := keptRun(k, 1)
		_, second := keptRun(k, 2)
		f.set(func() { f.taken = []int64{2} })
		after(20 * time.Second)
		if first() != nil || !errors.Is(second(), ErrLeaseLost) {
			t.Errorf("lost: %v and %v", first(), second())
		}
		f.set(func() { f.taken = nil })
		after(20 * time.Second)
		if _, runs := f.seen(); !slices.Equal(runs, []int64{1}) {
			t.Errorf("renewed are %v", runs)
		}
		runtime.KeepAlive(first)
	})
}

// A lease lasts from when its last renewal was sent. It is given up when it has expired,
// not before, and heartbeats are more frequent meanwhile.
func TestHeartOutOfReach(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		_, lost := keptRun(k, 1)
		gone := errors.New("gone")
		after(20 * time.Second)
		f.set(func() { f.renewErr, f.readErr = gone, gone })
		after(59 * time.Second)
		if n, _ := f.seen(); lost() != nil || n < 5 {
			t.Errorf("after %d renewals, before the lease is over: %v", n, lost())
		}
		after(7 * time.Second)
		if !errors.Is(lost(), ErrLeaseLost) || !errors.Is(lost(), gone) {
			t.Errorf("when it is over: %v", lost())
		}
	})
}

func TestHeartThatCanOnlyRead(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		_, lost := keptRun(k, 1)
		f.set(func() { f.renewErr = errors.New("locked") })
		after(10 * time.Minute)
		if lost() != nil {
			t.Errorf("given up, though nobody took it: %v", lost())
		}
		f.set(func() { f.taken = []int64{1} })
		after(20 * time.Second)
		if !errors.Is(lost(), ErrLeaseLost) {
			t.Errorf("taken, and the heart says %v", lost())
		}
	})
}

// Whether it ended in a transaction of the caller's or in another program, the
// heart learns it from the database.
func TestHeartOfARunThatEndedElsewhere(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		_, lost := keptRun(k, 1)
		after(40 * time.Second)
		if n, _ := f.seen(); n != 2 {
			t.Errorf("%d renewals while it is active", n)
		}
		f.set(func() { f.ended = []int64{1} })
		after(20 * time.Second)
		after(time.Hour)
		if n, _ := f.seen(); n != 3 || lost() != nil {
			t.Errorf("%d renewals; lost: %v", n, lost())
		}
	})
}

// A run that was taken between its renewal and the question what has ended is lost.
func TestHeartOfARunThatWasTakenMeanwhile(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		_, lost := keptRun(k, 1)
		f.set(func() { f.renewed, f.taken, f.ended = true, []int64{1}, []int64{1} })
		after(20 * time.Second)
		if !errors.Is(lost(), ErrLeaseLost) {
			t.Errorf("taken, and the heart says %v", lost())
		}
	})
}

// A run that several hold is renewed until none of them does, or until it ends.
func TestHeartOfARunWithSeveralHolders(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		first, firstLost := keptRun(k, 1)
		second, secondLost := keptRun(k, 1)
		second.Detach()
		after(20 * time.Second)
		if n, runs := f.seen(); n != 1 || !slices.Equal(runs, []int64{1}) {
			t.Errorf("one of two has left: %d renewals, the last of %v", n, runs)
		}
		first.Detach()
		after(time.Hour)
		if n, _ := f.seen(); n != 1 {
			t.Errorf("both have left: %d renewals", n)
		}
		k.add(first, time.Minute, time.Now())
		k.add(second, time.Minute, time.Now())
		first.hasEnded()
		after(time.Hour)
		if n, _ := f.seen(); n != 1 {
			t.Errorf("one of two has ended it: %d renewals", n)
		}
		k.add(first, time.Minute, time.Now())
		k.add(second, time.Minute, time.Now())
		f.set(func() { f.taken = []int64{1} })
		after(20 * time.Second)
		if !errors.Is(firstLost(), ErrLeaseLost) || !errors.Is(secondLost(), ErrLeaseLost) {
			t.Errorf("taken: %v and %v", firstLost(), secondLost())
		}
	})
}

// The end of a run that a program has dropped cannot be recorded: the run dies.
func TestHeartOfAnUnreferencedRun(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		for name, hold := range map[string]func(*Run) any{
			"":                        func(*Run) any { return nil },
			"the run":                 func(r *Run) any { return r },
			"a part in a transaction": func(r *Run) any { return &Run{of: r} },
			"a context": func(r *Run) any {
				ctx, cancel := r.Context(t.Context())
				t.Cleanup(cancel)
				return ctx
			},
			"a context of a context": func(r *Run) any {
				ctx, cancel := r.Context(t.Context())
				t.Cleanup(cancel)
				ctx, stop := context.WithCancel(ctx)
				t.Cleanup(stop)
				return ctx
			},
		} {
			f.set(func() { f.renewals = nil })
			held := hold(func() *Run { r, _ := keptRun(k, 1); return r }())
			runtime.GC()
			after(50 * time.Second)
			n, _ := f.seen()
			if want := 2; name != "" && n != want {
				t.Errorf("held is %s: %d renewals, want %d", name, n, want)
			} else if name == "" && n != 0 {
				t.Errorf("held is nothing: %d renewals", n)
			}
			runtime.KeepAlive(held)
			k.ended(1)
		}
	})
}

func TestHeartThatIsClosed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		keptRun(k, 1)
		k.close()
		keptRun(k, 2)
		after(time.Hour)
		if n, _ := f.seen(); n != 0 {
			t.Errorf("%d renewals", n)
		}
	})
}

// A database that does not answer keeps no goroutine of a tracker that was closed.
func TestHeartThatIsClosedWhileItAsks(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		f.silent = true
		run, lost := keptRun(k, 1)
		after(21 * time.Second)
		closed := time.Now()
		k.close()
		synctest.Wait()
		if n, _ := f.seen(); n != 1 || lost() != nil || !time.Now().Equal(closed) {
			t.Errorf("%d renewals were broken off; lost: %v", n, lost())
		}
		runtime.KeepAlive(run)
	})
}

func TestAFailedHeartbeatIsLogged(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeLeases, k *heart) {
		t.Helper()
		var log strings.Builder
		k.events = &events{log: slog.New(slog.NewTextHandler(&log, nil))}
		_, lost := keptRun(k, 1)
		after(21 * time.Second)
		if log.Len() > 0 {
			t.Errorf("after a heartbeat, logged is %s", log.String())
		}
		f.set(func() { f.renewErr = errors.New("the cause") })
		after(20 * time.Second)
		if text := log.String(); strings.Count(text, `level=WARN msg="heartbeat failed" runs=1 error="the cause"`) != 1 {
			t.Errorf("logged is %s", text)
		}
		runtime.KeepAlive(lost)
	})
}
