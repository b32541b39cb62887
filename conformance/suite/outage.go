package suite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// An Outage stops a test's server and starts it again. The server is used only by that
// test, and has the same address before and after. The zero value is for a server that
// cannot be restarted.
type Outage struct {
	// Ends stop the server, each in another way: [Killed], [ShutDown], or a way that
	// only this database has.
	Ends map[End]func(ctx context.Context) error
	// Start starts the server again, and returns when it answers.
	Start func(ctx context.Context) error
	// ReadOnly makes the whole server reject users' changes, and accept them again.
	ReadOnly func(ctx context.Context, on bool) error
}

// An End is a way in which a server ends.
type End string

// The ends of servers. A killed server leaves connections that break later; the others
// notify their clients, and cancel the clients' work.
const (
	Killed   End = "killed"
	ShutDown End = "shut down"
	Aborted  End = "stopped at once" // nothing is put in order: the next start recovers it
)

// A Restartable is a server that can be killed or stopped, and started again, if
// Restarts says so. Its address may change on a restart.
type Restartable interface {
	Restarts() bool
	Address() (string, error)
	Kill(ctx context.Context) error
	Stop(ctx context.Context) error
	Start(ctx context.Context) (address string, err error)
}

// Behind returns an Outage for any server, and a proxy with a permanent address in
// front of it. For a server that does not restart, it returns neither.
func Behind(t *testing.T, server Restartable) (Outage, *faults.Proxy) {
	t.Helper()
	if !server.Restarts() {
		return Outage{}, nil
	}
	address, err := server.Address()
	must(t, err)
	proxy, err := faults.NewProxy(t.Context(), address)
	must(t, err)
	t.Cleanup(func() { _ = proxy.Close() })
	return Outage{
		Ends: map[End]func(context.Context) error{Killed: server.Kill, ShutDown: server.Stop},
		Start: func(ctx context.Context) error {
			address, err := server.Start(ctx)
			proxy.Retarget(address)
			return err
		},
	}, proxy
}

// RunOutages runs a backend through outages of its server, one after the other.
func RunOutages(t *testing.T, b Backend, o Outage) {
	t.Helper()
	var cases []Case
	for _, end := range []End{Killed, ShutDown, Aborted} {
		cases = append(cases, Case{
			fmt.Sprintf("S2.9 S8.2 a server that is %s in the midst and started again has all that it acknowledged", end),
			func(t *testing.T, e *Env) { o.interrupt(t, e, end) },
		})
	}
	cases = append(cases, Case{"S8.1 a read-only server is reported as such, and is used again once it accepts writes", o.freeze})
	for _, c := range cases {
		if o.Start == nil {
			c.Test = func(t *testing.T, e *Env) {
				t.Skip("only a server in a container of the test's own is stopped and started again")
			}
		}
		RunCases(t, b, "outage", []Case{c})
	}
}

// A shift is the work of workers while their server goes and comes back.
type shift struct {
	tr   *tracker.Tracker
	out  sync.RWMutex // held while the server is away
	over atomic.Bool
	done chan struct{} // receives a value for each day that is done
}

// interrupt stops the server twice while workers do one day's run after the other.
func (o Outage) interrupt(t *testing.T, e *Env, how End) {
	end := o.Ends[how]
	if end == nil {
		t.Skip("the server knows no such way to end")
	}
	ctx, b := e.context(t), e.setUp(t)
	var told atomic.Int64
	s := &shift{done: make(chan struct{}, 1000)}
	s.tr = trackerOn(ctx, t, b, &tracker.Config{Retry: tracker.RetryPolicy{Tries: math.MaxInt, MaxWait: 200 * time.Millisecond}, Observer: tracker.Observer{OnRetry: func(_ context.Context, r tracker.RetryEvent) {
		if r.Reason == tracker.RetryDisconnected {
			told.Add(1)
		}
	}}})
	var meanwhile sync.WaitGroup
	const workers, between = 4, 10
	days := make([]int, workers)
	errs := make([]error, workers)
	meanwhile.Go(func() {
		for i := range workers {
			meanwhile.Go(func() { days[i], errs[i] = s.work(ctx, fmt.Sprint("Load ", i)) })
		}
	})
	for range 2 {
		s.await(ctx, t, between)
		s.out.Lock()
		err := end(ctx)
		err = errors.Join(err, o.Start(ctx))
		s.out.Unlock()
		must(t, err)
	}
	s.await(ctx, t, between)
	s.over.Store(true)
	meanwhile.Wait()
	must(t, errors.Join(errs...))
	for i, n := range days {
		process := fmt.Sprint("Load ", i)
		for query, want := range map[string]int{
			"SELECT count(*) FROM {run} AS r JOIN {process} AS p ON p.id = r.process_id WHERE p.name = ? AND r.status_id = 2":                           n,
			"SELECT count(*) FROM {run} AS r JOIN {process} AS p ON p.id = r.process_id WHERE p.name = ?":                                               n,
			"SELECT coalesce(max(latest_run_no), 0) FROM {process} WHERE name = ?":                                                                      n,
			"SELECT count(*) FROM {extract} AS e JOIN {run} AS r ON r.id = e.registered_by JOIN {process} AS p ON p.id = r.process_id WHERE p.name = ?": n,
			"SELECT coalesce(sum(inserts), 0) FROM {process} WHERE name = ?":                                                                            7 * n,
		} {
			if got := single[int](ctx, t, b, query, process); got != want {
				t.Errorf("%s did %d days, and %s is %d", process, n, query, got)
			}
		}
	}
	if told.Load() == 0 {
		t.Error("nothing was tried again: the outage met no call")
	}
	t.Logf("%v days were done; %d tries were repeated", days, told.Load())
}

// work does days until the shift ends, and returns their number. A day is a named run.
func (s *shift) work(ctx context.Context, process string) (n int, err error) {
	for ; !s.over.Load(); n++ {
		var run *tracker.Run
		for _, step := range []func() error{
			func() (err error) {
				run, err = s.tr.Start(ctx, tracker.Process{Name: process}, &tracker.StartOptions{Name: fmt.Sprint("day ", n)})
				return err
			},
			func() error {
				return ignore(run.RegisterExtract(ctx, tracker.File{Location: "/landing/" + process, Name: fmt.Sprint("day ", n)}))
			},
			func() error { return run.SetCounts(ctx, tracker.Counts{Inserts: 7}) },
			func() error { return run.Complete(ctx, nil) },
		} {
			if err := s.persist(step); err != nil {
				return n, fmt.Errorf("%s, day %d: %w", process, n, err)
			}
		}
		s.done <- struct{}{}
	}
	return n, nil
}

// persist retries a step that found no server and so has not begun. A step that has
// begun has to finish by itself.
func (s *shift) persist(step func() error) error {
	for {
		err := step()
		if !errors.Is(err, tracker.ErrDisconnected) {
			return err
		}
		s.out.RLock()   // until the server is back
		s.out.RUnlock() //nolint:staticcheck // there is nothing to do but wait
	}
}

// await waits until some more days are done.
func (s *shift) await(ctx context.Context, t *testing.T, n int) {
	t.Helper()
	for range n {
		select {
		case <-s.done:
		case <-ctx.Done():
			t.Fatal("the workers do not go on")
		}
	}
}

// freeze makes a server reject changes while a user's run is active.
func (o Outage) freeze(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, e.as(t, setup.Runner).open(t), nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	before := condition(ctx, t, b)
	thaw := sync.OnceFunc(func() { must(t, o.ReadOnly(context.WithoutCancel(ctx), false)) })
	t.Cleanup(thaw)
	must(t, o.ReadOnly(ctx, true))
	for call, err := range map[string]error{
		"start":    ignore(tr.Start(ctx, tracker.Process{Name: "Players Load"}, nil)),
		"complete": run.Complete(ctx, nil),
		"register": ignore(run.RegisterExtracts(ctx, files("/landing", "a")...)),
	} {
		if !only(err, tracker.ErrReadOnly) || !driverError(err) {
			t.Errorf("%s on a server that takes no changes: %v", call, err)
		}
	}
	if all := collect(t, tr.Runs(ctx, tracker.RunFilter{})); len(all) != 1 || !all[0].Active() {
		t.Errorf("it reads %+v", all)
	}
	wantChanges(t, "on a server that takes no changes, they", changes(before, condition(ctx, t, e.open(t))), nil) // open connections may have been cut
	thaw()
	must(t, run.Complete(ctx, nil))
}
