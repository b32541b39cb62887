package bench

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// What a profile has beside statements, which have names of their own.
const (
	bounds  = "BEGIN-and-COMMIT"
	program = "the-tracker"
)

// Profile measures which of an operation's statements take which part of its time, in
// percent. It sends each statement by itself: those that share a round trip in a program have
// one each here, and PostgreSQL's pipelines become transactions.
func Profile(b *testing.B, backend Backend) {
	ctx, watch := b.Context(), new(profiler)
	p := newPlace(ctx, b, backend, Options{Connections: 1}, func(inner dialect.Backend) dialect.Backend {
		watch.Backend = inner
		return watch
	})
	if err := p.seed(ctx, 1, many); err != nil {
		b.Fatal(err)
	}
	isWhole := func(o operation) bool { return o.ours == nil || o.name == "life cycle" }
	bulk := p.bulkOperations(10_000)
	for i := range bulk {
		bulk[i].name += " 10,000"
	}
	for _, o := range slices.DeleteFunc(slices.Concat(lifeOperations(), claimOperations(many), bulk), isWhole) {
		b.Run(o.name, func(b *testing.B) { o.profile(b, p, watch) })
	}
}

// profile reports the parts of the operation's time. Its preparation and its end do not
// count.
func (o operation) profile(b *testing.B, p *place, watch *profiler) {
	ctx, operate := b.Context(), o.ours
	var took time.Duration
	sum := map[string]time.Duration{}
	o.ours = func(ctx context.Context, p *place, s *subject) error {
		watch.took = map[string]time.Duration{}
		began := time.Now()
		err := operate(ctx, p, s)
		took += time.Since(began)
		for name, d := range watch.took {
			sum[name] += d
		}
		return err
	}
	do := func(n int) {
		if _, err := o.do(ctx, p, p.newSubject(ours, n, 1, p.landing)); err != nil {
			b.Fatal(err)
		}
	}
	do(0) // it warms up
	took = 0
	clear(sum)
	for n := 1; b.Loop(); n++ {
		do(n)
	}
	rest := took
	for _, d := range sum {
		rest -= d
	}
	sum[program] = rest
	b.ReportMetric(float64(took.Nanoseconds())/float64(b.N), "ns/op")
	for name, d := range sum {
		b.ReportMetric(100*float64(d)/float64(took), name+"-%")
	}
}

// A profiler is a [tap.Tap] that adds up how long the statements take, by their names.
type profiler struct {
	dialect.Backend

	took map[string]time.Duration
}

// Conn implements [dialect.Backend]. The connection cannot send several statements together.
func (p *profiler) Conn() dialect.Conn { return p.single(p.Backend.Conn()) }

func (p *profiler) single(inner dialect.Conn) dialect.Conn {
	return tap.Conn(struct{ dialect.Conn }{inner}, p)
}

func (p *profiler) add(name string, d time.Duration) {
	if p.took != nil { // it is nil while the place is set up
		p.took[name] += d
	}
}

// Send implements [tap.Tap].
func (p *profiler) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	began := time.Now()
	defer func() { p.add(steps[0].Name, time.Since(began)) }()
	return real(ctx, steps)
}

// Atomic implements [tap.Tap].
func (p *profiler) Atomic(ctx context.Context, inner dialect.Conn, fn func(dialect.Conn) error) error {
	var within time.Duration
	began := time.Now()
	defer func() { p.add(bounds, time.Since(began)-within) }()
	return inner.Atomic(ctx, func(c dialect.Conn) error {
		began := time.Now()
		defer func() { within += time.Since(began) }()
		return fn(p.single(c))
	})
}
