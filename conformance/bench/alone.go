package bench

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Alone measures what an operation costs the program itself: its statements are
// answered at once, by what the database answered to the same operation before. No
// driver is in it either.
func Alone(b *testing.B, backend Backend) {
	ctx := b.Context()
	var heard *recorder
	real := newPlace(ctx, b, backend, Options{Connections: 1}, func(inner dialect.Backend) dialect.Backend {
		heard = newRecorder(inner)
		return heard
	})
	if err := real.seed(ctx, 1, few); err != nil {
		b.Fatal(err)
	}
	for _, o := range slices.Concat(lifeOperations(), []operation{claimOperation(1)}) {
		b.Run(o.name, func(b *testing.B) { o.alone(b, real, heard) })
	}
}

// alone measures the operation without the database that heard has listened to.
func (o operation) alone(b *testing.B, real *place, heard *recorder) {
	ctx := b.Context()
	o = heard.partsOf(o)
	heard.begin(opening)
	listened, err := newTracker(ctx, heard)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = listened.Close() }() // never fails
	if _, err := o.do(ctx, real, real.newSubject(ours, 0, 1, real.landing)); err != nil {
		b.Fatal(err)
	}
	heard.begin(opening)
	own, err := newTracker(ctx, replayed{heard})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = own.Close() }() // never fails
	p := &place{words: real.words, name: real.name, ids: real.ids, actor: real.actor, landing: real.landing, tracker: own}
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

// allocated is what many operations have allocated.
type allocated struct{ times, allocations, bytes uint64 }

func (a allocated) perOp(n uint64) float64 { return float64(n / a.times) }

// allocations counts what the operation allocates itself, without what precedes and
// follows it.
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
