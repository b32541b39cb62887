package bench

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/roundtrips"
)

// times are the durations of an operation, by way.
type times map[way][]time.Duration

// median returns the median duration of a way, 0 if there is none.
func (t times) median(w way) time.Duration { return median(t[w]) }

func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// ways returns the ways in which the operation can be done.
func (o operation) ways() []way {
	var all []way
	if o.ours != nil {
		all = append(all, ours)
	}
	if o.floor != nil {
		all = append(all, floor)
	}
	if o.facts != nil {
		all = append(all, facts)
	}
	return all
}

// do does the operation once. It returns the duration without preparation and cleanup.
func (o operation) do(ctx context.Context, p *place, s *subject) (time.Duration, error) {
	if err := o.prepare(ctx, p, s); err != nil {
		return 0, fmt.Errorf("prepare %s (%s): %w", o.name, s.way, err)
	}
	var took time.Duration
	var err error
	if s.way == ours {
		began := time.Now()
		err = o.ours(ctx, p, s)
		took = time.Since(began)
	} else {
		work := o.floor
		if s.way == facts {
			work = o.facts
		}
		ready := work(p, s)
		began := time.Now()
		err = ready(ctx, s)
		took = time.Since(began)
	}
	if err != nil {
		return 0, fmt.Errorf("%s (%s): %w", o.name, s.way, err)
	}
	if err := o.done(ctx, p, s); err != nil {
		return 0, fmt.Errorf("after %s (%s): %w", o.name, s.way, err)
	}
	return took - s.paused, nil
}

// round does the operation once in each way, starting with a different way each time.
func (o operation) round(ctx context.Context, p *place, n, processes int, t times) error {
	all := o.ways()
	for i := range all {
		w := all[(i+n)%len(all)]
		took, err := o.do(ctx, p, p.newSubject(w, n, processes, p.landing))
		if err != nil {
			return err
		}
		t[w] = append(t[w], took)
	}
	return nil
}

// warm is how often an operation is done before it is measured, so that drivers prepare
// and servers cache statements. PostgreSQL makes the plan that it keeps the sixth time.
const warm = 6

// measure benchmarks the operation.
func (o operation) measure(ctx context.Context, b *testing.B, p *place, count *roundtrips.Counter, counted *counter, processes int) {
	b.Helper()
	t, n := times{}, 0
	for ; n < warm; n++ {
		if err := o.round(ctx, p, n, processes, times{}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if err := o.round(ctx, p, n, processes, t); err != nil {
			b.Fatal(err)
		}
		n++
	}
	t.report(b)
	o.reportCosts(ctx, b, p, count, counted, n, processes)
}

func (t times) report(b *testing.B) {
	b.Helper()
	own := t.median(ours)
	b.ReportMetric(float64(own.Nanoseconds()), "ns/op")
	for _, w := range []way{floor, facts} {
		if other := t.median(w); other > 0 {
			b.ReportMetric(float64(other.Nanoseconds()), string(w)+"-ns/op")
			b.ReportMetric(float64(own)/float64(other), "x/"+string(w))
		}
	}
}

// reportCosts does the operation once more and reports the costs that do not depend on
// the machine: statements, round trips, allocations.
func (o operation) reportCosts(ctx context.Context, b *testing.B, p *place, count *roundtrips.Counter, counted *counter, n, processes int) {
	b.Helper()
	c, err := o.costs(ctx, p, count, counted, p.newSubject(ours, n, processes, p.landing))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ReportMetric(float64(c.allocations), "allocs/op")
	b.ReportMetric(float64(c.bytes), "B/op")
	b.ReportMetric(float64(c.statements), "statements/op")
	if count != nil {
		b.ReportMetric(float64(c.roundTrips), "roundtrips/op")
	}
	if c.atServer > 0 {
		b.ReportMetric(float64(c.atServer), "server-statements/op")
	}
}

// costs are the costs of an operation that do not depend on the machine.
type costs struct {
	roundTrips, statements, atServer, allocations, bytes int64
}

func (o operation) costs(ctx context.Context, p *place, count *roundtrips.Counter, counted *counter, s *subject) (c costs, err error) {
	watched := o
	watched.ours = func(ctx context.Context, p *place, s *subject) (err error) {
		var before, after runtime.MemStats
		ran, err := p.statementsRun(ctx)
		if err != nil {
			return err
		}
		sent := counted.sent()
		call := func() { err = o.ours(ctx, p, s) }
		runtime.ReadMemStats(&before)
		if count == nil {
			call()
		} else {
			c.roundTrips = count.Of(call)
		}
		runtime.ReadMemStats(&after)
		c.statements = counted.sent() - sent
		if err != nil {
			return err
		}
		runNow, err := p.statementsRun(ctx)
		c.atServer = max(runNow-ran-1, 0) // without this query itself
		c.allocations = int64(after.Mallocs - before.Mallocs)
		c.bytes = int64(after.TotalAlloc - before.TotalAlloc)
		return err
	}
	_, err = watched.do(ctx, p, s)
	return c, err
}

// statementsRun returns how many statements the server has run on the only connection.
func (p *place) statementsRun(ctx context.Context) (int64, error) {
	if p.statementCount == "" {
		return 0, nil
	}
	_, rows, err := p.Hand.Read(ctx, Statement{SQL: p.statementCount})
	if err != nil {
		return 0, err
	}
	return integer(rows[0][len(rows[0])-1]), nil
}
