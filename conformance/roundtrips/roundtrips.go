// Package roundtrips counts on the wire how often a backend waits for its server,
// independent of the tracker's or the driver's own counts.
package roundtrips

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Counter counts round trips: each first byte that is read after a write is one.
type Counter struct{ n atomic.Int64 }

// Dial connects and counts. Use it as a driver's dial function.
func (c *Counter) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &countedConn{Conn: conn, counter: c}, nil
}

// Of returns the number of round trips that fn takes.
func (c *Counter) Of(fn func()) int64 {
	before := c.n.Load()
	fn()
	return c.n.Load() - before
}

type countedConn struct {
	net.Conn

	counter *Counter
	asked   atomic.Bool
}

func (c *countedConn) Write(b []byte) (int, error) {
	c.asked.Store(true)
	return c.Conn.Write(b)
}

func (c *countedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.asked.Swap(false) {
		c.counter.n.Add(1)
	}
	return n, err
}

// Costs are numbers of round trips for these calls: a start of a known process; one
// that is refused again; recording two errors; a completion; a start that names only
// the process and, as an earlier one was refused, first asks whether that still holds;
// and a failure with an error.
type Costs struct{ Start, Refused, Record, Complete, Restart, Fail int64 }

// Check runs through a run's life on a backend that is set up and whose only connection
// the counter counts, and compares the costs: once with a warm tracker, and once with a
// tracker that has not seen the process before.
func Check(t *testing.T, b dialect.Backend, count *Counter, want Costs) {
	t.Helper()
	process := tracker.Process{
		Name: "Teams Load", Type: "Load", Tool: "Go", Frequency: "daily", DatasetTypes: []string{"sport"},
		Sources: tracker.AttributeRefs("Lahman", "Teams", "id", "name"), Targets: tracker.ObjectRefs("Warehouse", "teams"),
	}
	warm := newTracker(t, b)
	if err := warm.Registry().AddDependency(t.Context(), process.Name, "Teams Extract", tracker.DependencyOptions{Kind: tracker.Normal}); err != nil {
		t.Fatal(err)
	}
	cycle(t, count, warm, process) // registers the process and prepares the statements
	if got := cycle(t, count, warm, process); got != want {
		t.Errorf("round trips: %+v, want %+v", got, want)
	}
	got := cycle(t, count, newTracker(t, b), process)
	t.Logf("round trips: %+v", got)
	if got != want {
		t.Errorf("round trips of a new tracker: %+v, want %+v", got, want)
	}
}

func newTracker(t *testing.T, b dialect.Backend) *tracker.Tracker {
	t.Helper()
	tr, err := tracker.New(t.Context(), b, &tracker.Config{Actor: "tester", Lease: time.Hour}) // the lease is not renewed meanwhile
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.Close() }) // never fails
	return tr
}

func cycle(t *testing.T, count *Counter, tr *tracker.Tracker, process tracker.Process) (c Costs) {
	t.Helper()
	ctx := t.Context()
	var run *tracker.Run
	var err error
	check := func() {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c.Start = count.Of(func() { run, err = tr.Start(ctx, process, nil) })
	check()
	for range 2 { // the second one is the same as the first
		c.Refused = count.Of(func() { _, err = tr.Start(ctx, process, nil) })
		if !errors.Is(err, tracker.ErrAlreadyRunning) {
			t.Fatal(err)
		}
	}
	c.Record = count.Of(func() {
		err = run.RecordError(ctx, tracker.ErrorRecord{Description: "one"}, tracker.ErrorRecord{Description: "two"})
	})
	check()
	c.Complete = count.Of(func() { err = run.Complete(ctx, nil) })
	check()
	c.Restart = count.Of(func() { run, err = tr.Start(ctx, tracker.Process{Name: process.Name}, nil) })
	check()
	c.Fail = count.Of(func() { err = run.Fail(ctx, tracker.ErrorRecord{Type: tracker.DataError, Description: "three"}) })
	check()
	return c
}

// CheckMany checks that 10,000 extracts take as many round trips as 100.
func CheckMany(t *testing.T, b dialect.Backend, count *Counter) {
	t.Helper()
	ctx := t.Context()
	run, err := newTracker(t, b).Start(ctx, tracker.Process{Name: "Teams Extract", Sources: tracker.ObjectRefs("Lahman", "Teams")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	registered, changed := map[int]int64{}, map[int]int64{}
	for _, n := range []int{1, 1_000, 100, 10_000} { // the first two prepare the statements for few and for many
		files := make([]tracker.File, n)
		for i := range files {
			files[i] = tracker.File{Location: "/landing", Name: fmt.Sprintf("%d of %d.csv", i, n)}
		}
		var all []tracker.Extract
		registered[n] = count.Of(func() { all, err = run.RegisterExtracts(ctx, files...) })
		if err != nil || len(all) != n {
			t.Fatalf("%d of %d: %v", len(all), n, err)
		}
		changed[n] = count.Of(func() { err = run.SetExtractStatus(ctx, tracker.Ready, all...) })
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("round trips to register 100 extracts: %d, 10,000: %d; to change 100: %d, 10,000: %d",
		registered[100], registered[10_000], changed[100], changed[10_000])
	if registered[10_000] != registered[100] || registered[100] > 6 {
		t.Errorf("registering 100 extracts takes %d round trips, 10,000 take %d", registered[100], registered[10_000])
	}
	if changed[10_000] != changed[100] || changed[100] > 6 {
		t.Errorf("changing 100 extracts takes %d round trips, 10,000 take %d", changed[100], changed[10_000])
	}
}
