package bench

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// Alone measures the cost of an operation in the program itself: its statements are
// answered at once, with the database's recorded answers to the same operation. No
// driver is involved either.
func Alone(b *testing.B, backend Backend) {
	real, heard := newRecorded(b.Context(), b, backend)
	for _, o := range aloneOperations() {
		b.Run(o.name, func(b *testing.B) { o.alone(b, real, heard) })
	}
}

// aloneOperations are the operations that work without a database.
func aloneOperations() []operation { return append(lifeOperations(), claimOperation(1)) }

// newRecorded returns a place, and a recorder of its database.
func newRecorded(ctx context.Context, tb testing.TB, backend Backend) (*place, *recorder) {
	tb.Helper()
	var heard *recorder
	p := newPlace(ctx, tb, backend, Options{Connections: 1}, func(inner dialect.Backend) dialect.Backend {
		heard = newRecorder(inner)
		return heard
	})
	if err := p.seed(ctx, 1, few); err != nil {
		tb.Fatal(err)
	}
	return p, heard
}

// replay does the operation once. It returns a place without a database, which replays
// the recorded answers, and the operation to do there.
func (o operation) replay(ctx context.Context, tb testing.TB, real *place, heard *recorder) (operation, *place) {
	tb.Helper()
	open := func(b dialect.Backend) *tracker.Tracker {
		heard.begin(opening)
		t, err := newTracker(ctx, b)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _ = t.Close() }) // never fails
		return t
	}
	o = heard.partsOf(o)
	// A separate tracker has not cached anything that other operations have read.
	heardOf := &place{
		words: real.words, name: real.name, ids: real.ids, actor: real.actor, landing: real.landing, known: real.known,
		tracker: open(heard),
	}
	heard.more = false
	for n := range 2 { // a tracker sends other statements for a process that it has seen
		if _, err := o.do(ctx, heardOf, real.newSubject(ours, n, 1, real.landing)); err != nil {
			tb.Fatal(err)
		}
		heard.more = true
	}
	return o, &place{
		words: real.words, name: real.name, ids: real.ids, actor: real.actor, landing: real.landing, known: real.known,
		tracker: open(replayed{heard}),
	}
}

// alone measures the operation without the database, using the answers in heard.
func (o operation) alone(b *testing.B, real *place, heard *recorder) {
	ctx := b.Context()
	o, p := o.replay(ctx, b, real, heard)
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		d, err := o.do(ctx, p, p.newSubject(ours, n, 1, p.landing))
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, d)
	}
	b.ReportMetric(float64(median(took).Nanoseconds()), "ns/op")
	c, err := o.allocations(ctx, p)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ReportMetric(c.perOp(c.allocations), "allocs/op")
	b.ReportMetric(c.perOp(c.bytes), "B/op")
}

// allocated is the memory that a number of operations have allocated.
type allocated struct{ times, allocations, bytes uint64 }

func (a allocated) perOp(n uint64) float64 { return float64(n / a.times) }

// allocations counts the operation's own allocations, without its preparation and cleanup.
func (o operation) allocations(ctx context.Context, p *place) (a allocated, err error) {
	const often = 100
	watched := o
	watched.ours = func(ctx context.Context, p *place, s *subject) error {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := o.ours(ctx, p, s)
		runtime.ReadMemStats(&after)
		a.times++
		a.allocations += after.Mallocs - before.Mallocs
		a.bytes += after.TotalAlloc - before.TotalAlloc
		return err
	}
	for n := range often {
		if _, err := watched.do(ctx, p, p.newSubject(ours, n, 1, p.landing)); err != nil {
			return a, err
		}
	}
	return a, nil
}
