package bench

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// callers is the number of concurrent callers, each with its own connection.
const callers = 64

// slice is how long one way has the database to itself before it is the next one's turn.
const slice = 250 * time.Millisecond

// Load measures the throughput of 64 connections: cycles of a start and a completion on
// 1,000 processes, compared with the same rows by hand, and on one process, where 63
// callers at a time are refused.
func Load(b *testing.B, backend Backend) {
	ctx := b.Context()
	p := newPlace(ctx, b, backend, Options{Connections: callers}, nil)
	if err := p.seed(ctx, processes, few); err != nil {
		b.Fatal(err)
	}
	b.Run("1,000 processes", p.loadOnMany)
	b.Run("one process", p.loadOnOne)
}

// cycle starts and completes a run of a process that only this caller uses.
func (p *place) cycle(w way) func(ctx context.Context, caller, n int) error {
	return func(ctx context.Context, caller, n int) error {
		s := p.newSubject(w, caller+n%(processes/callers)*callers, processes, p.landing)
		if w == ours {
			if err := startOurs(ctx, p, s); err != nil {
				return err
			}
			return s.run.Complete(ctx, nil)
		}
		if err := p.Hand.Run(ctx, p.startByHand(s)...); err != nil {
			return err
		}
		return p.Hand.Run(ctx, p.completeByHand(s)...)
	}
}

// compete starts and completes a run of the shared process, unless the start is refused.
func (p *place) compete(refused *atomic.Int64) func(ctx context.Context, caller, n int) error {
	process := tracker.Process{Name: processOf(ours, 0)}
	return func(ctx context.Context, _, _ int) error {
		run, err := p.tracker.Start(ctx, process, nil)
		if errors.Is(err, tracker.ErrAlreadyRunning) {
			refused.Add(1)
			return errNotCounted
		}
		if err != nil {
			return err
		}
		return run.Complete(ctx, nil)
	}
}

// loadOnMany compares the throughput on processes that no two callers share.
func (p *place) loadOnMany(b *testing.B) {
	rates := map[way][]float64{}
	measure := func(keep bool) {
		for _, w := range []way{ours, facts} {
			rate, err := throughput(b.Context(), callers, slice, p.cycle(w))
			if err != nil {
				b.Fatal(err)
			}
			if keep {
				rates[w] = append(rates[w], rate)
			}
		}
	}
	measure(false)
	for b.Loop() {
		measure(true)
	}
	own, byHand := middle(rates[ours]), middle(rates[facts])
	b.ReportMetric(float64(time.Second)/own, "ns/op")
	b.ReportMetric(own, "cycles/s")
	b.ReportMetric(byHand, "facts-cycles/s")
	b.ReportMetric(own/byHand, "speed/facts")
}

// loadOnOne compares the throughput of one caller with the throughput of all callers
// that compete for the same process. The caller that gets the run completes it.
func (p *place) loadOnOne(b *testing.B) {
	var refused atomic.Int64
	cycle := p.compete(&refused)
	rates := map[int][]float64{}
	refusals := []float64{}
	measure := func(keep bool) {
		for _, competing := range []int{1, callers} {
			refused.Store(0)
			began := time.Now()
			rate, err := throughput(b.Context(), competing, slice, cycle)
			if err != nil {
				b.Fatal(err)
			}
			if !keep {
				continue
			}
			rates[competing] = append(rates[competing], rate)
			if competing > 1 {
				refusals = append(refusals, float64(refused.Load())/time.Since(began).Seconds())
			}
		}
	}
	measure(false)
	for b.Loop() {
		measure(true)
	}
	alone, all := middle(rates[1]), middle(rates[callers])
	b.ReportMetric(float64(time.Second)/all, "ns/op")
	b.ReportMetric(alone, "alone-cycles/s")
	b.ReportMetric(all, "cycles/s")
	b.ReportMetric(middle(refusals), "refusals/s")
	b.ReportMetric(all/alone, "speed/alone")
}

// errNotCounted is returned by a call whose result does not count.
var errNotCounted = errors.New("not counted")

// throughput returns the calls per second of a number of callers in a period. Each
// caller makes one call after the other.
func throughput(ctx context.Context, callers int, length time.Duration, call func(ctx context.Context, caller, n int) error) (float64, error) {
	var done atomic.Int64
	var mu sync.Mutex
	var failed error
	var all sync.WaitGroup
	began := time.Now()
	for caller := range callers {
		all.Go(func() {
			for n := 0; time.Since(began) < length; n++ {
				err := call(ctx, caller, n)
				if err == nil {
					done.Add(1)
				} else if !errors.Is(err, errNotCounted) {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
					return
				}
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(began).Seconds(), failed
}

// middle returns the median.
func middle(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
