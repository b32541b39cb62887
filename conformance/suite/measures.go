package suite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func measureCases() []Case {
	return []Case{
		{"S3.5 a run keeps the lowest low and the highest high", dataTimes},
		{"S3.6 counts are set or added to, in 64 bits, and the process has their sums", countsAndTotals},
		{"S3.6 a total is the sum even if many callers count at once", countedByMany},
		{"S3.6 S8.1 counts whose total would not fit into 64 bits are refused, and change nothing", countsTooLarge},
		{"S6.1 a run can begin where the last completed one ended", watermark},
		{"S6.1 S3.5 the watermark is the run's high, even if the high is given while the run ends", lateHigh},
		{"S6.2 a failed run does not move the watermark", failedWatermark},
	}
}

func dataTimes(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	at := func(hour int) time.Time { return time.Date(2026, 11, 22, hour, 0, 0, 123456000, time.UTC) }
	for _, c := range [][2]time.Time{{at(5), at(6)}, {{}, at(9)}, {at(3), {}}, {at(4), at(8)}, {{}, {}}} {
		must(t, run.ExtendRange(ctx, c[0], c[1]))
	}
	info := stored(ctx, t, tr, run)
	if !info.Low.Equal(at(3)) || !info.High.Equal(at(9)) {
		t.Errorf("data from %v to %v, want %v to %v", info.Low, info.High, at(3), at(9))
	}
	if err := run.ExtendRange(ctx, at(6), at(5)); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("high before low: %v", err)
	}
	must(t, run.Complete(ctx, nil))
	if err := run.ExtendRange(ctx, at(1), at(10)); !errors.Is(err, tracker.ErrAlreadyEnded) {
		t.Errorf("after the end: %v", err)
	}
}

func wantTotals(t *testing.T, e *Env, tr *tracker.Tracker, want tracker.Counts) {
	t.Helper()
	totals, err := tr.Registry().Totals(e.context(t), "Load")
	if err != nil || totals.Counts != want {
		t.Errorf("totals %+v, %v, want %+v", totals.Counts, err, want)
	}
}

func countsAndTotals(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	const big = 1<<53 + 1 // one more than a float holds
	first := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, first.SetCounts(ctx, tracker.Counts{Records: 100, Inserts: 60, Updates: 30, Deletes: 10}))
	must(t, first.SetCounts(ctx, tracker.Counts{Records: big, Inserts: 6}))
	must(t, first.AddCounts(ctx, tracker.Counts{Records: 1, Updates: 3}))
	want := tracker.Counts{Records: big + 1, Inserts: 6, Updates: 3}
	if got := stored(ctx, t, tr, first).Counts; got != want {
		t.Errorf("the run has %+v, want %+v", got, want)
	}
	wantTotals(t, e, tr, want)
	must(t, first.Fail(ctx))
	if err := first.AddCounts(ctx, tracker.Counts{Records: 1}); !errors.Is(err, tracker.ErrAlreadyEnded) {
		t.Errorf("after the end: %v", err)
	}

	second := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, second.AddCounts(ctx, tracker.Counts{Records: 5, Deletes: 7}))
	must(t, second.SetCounts(ctx, tracker.Counts{Records: 2, Deletes: 7}))
	wantTotals(t, e, tr, tracker.Counts{Records: big + 3, Inserts: 6, Updates: 3, Deletes: 7})
	if err := second.SetCounts(ctx, tracker.Counts{Inserts: -1}); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("-1: %v", err)
	}
	if _, err := tr.Registry().Totals(ctx, "nobody"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("unknown process: %v", err)
	}
}

func countsTooLarge(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	first := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, first.SetCounts(ctx, tracker.Counts{Records: math.MaxInt64 - 10, Updates: math.MaxInt64}))
	must(t, first.SetCounts(ctx, tracker.Counts{Records: math.MaxInt64 - 10, Updates: 5})) // its own do not count twice
	must(t, first.Complete(ctx, nil))
	second := start(ctx, t, tr, tracker.Process{Name: "Load"})
	must(t, second.AddCounts(ctx, tracker.Counts{Records: 4, Inserts: 1}))
	for what, count := range map[string]func(context.Context, tracker.Counts) error{"set": second.SetCounts, "add": second.AddCounts} {
		over := tracker.Counts{Records: 11, Inserts: 7}
		for _, counts := range []tracker.Counts{over, {Records: math.MaxInt64}, {Records: math.MaxInt64 - 3, Inserts: 7}} {
			var invalid *tracker.InvalidError
			err := count(ctx, counts)
			if !only(err, tracker.ErrInvalid) || !errors.As(err, &invalid) || invalid.Field != "count of records" || invalid.Remedy == "" ||
				invalid.Value != fmt.Sprint(counts.Records) {
				t.Errorf("%s %+v: %v", what, counts, err)
			}
		}
		if got := stored(ctx, t, tr, second).Counts; got != (tracker.Counts{Records: 4, Inserts: 1}) {
			t.Errorf("%s: the run has %+v now", what, got)
		}
		wantTotals(t, e, tr, tracker.Counts{Records: math.MaxInt64 - 6, Inserts: 1, Updates: 5})
	}
	must(t, second.AddCounts(ctx, tracker.Counts{Records: 6}))
	wantTotals(t, e, tr, tracker.Counts{Records: math.MaxInt64, Inserts: 1, Updates: 5})
	must(t, second.SetCounts(ctx, tracker.Counts{Records: 10, Deletes: math.MaxInt64}))
	wantTotals(t, e, tr, tracker.Counts{Records: math.MaxInt64, Updates: 5, Deletes: math.MaxInt64})
}

func countedByMany(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	atOnce(16, func(i int) bool {
		for n := range 5 {
			if i%4 == 0 {
				must(t, run.SetCounts(ctx, tracker.Counts{Records: int64(1000*i + n)}))
			} else {
				must(t, run.AddCounts(ctx, tracker.Counts{Records: 1}))
			}
		}
		return true
	})
	wantTotals(t, e, tr, stored(ctx, t, tr, run).Counts)
}

func watermark(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	load := tracker.Process{Name: "Load"}
	first, err := tr.Start(ctx, load, &tracker.StartOptions{FromWatermark: true})
	must(t, err)
	if !first.Low().IsZero() {
		t.Errorf("the first run begins at %v", first.Low())
	}
	high := time.Date(2026, 11, 21, 23, 59, 59, 999999000, time.UTC)
	must(t, first.ExtendRange(ctx, time.Time{}, high))
	must(t, first.Complete(ctx, nil))
	for range 2 { // a run that found nothing does not lose the place
		totals, err := tr.Registry().Totals(ctx, "Load")
		if err != nil || !totals.Watermark.Equal(high) {
			t.Errorf("watermark %v, %v, want %v", totals.Watermark, err, high)
		}
		next, err := tr.Start(ctx, load, &tracker.StartOptions{FromWatermark: true})
		must(t, err)
		if !next.Low().Equal(high) || !stored(ctx, t, tr, next).Low.Equal(high) {
			t.Errorf("run %d begins at %v, want %v", next.Number(), next.Low(), high)
		}
		must(t, next.Complete(ctx, nil))
	}
}

func failedWatermark(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	high := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for i, end := range []func(*tracker.Run) error{
		func(r *tracker.Run) error { return r.Complete(ctx, nil) },
		func(r *tracker.Run) error { return r.Fail(ctx) },
	} {
		run := start(ctx, t, tr, tracker.Process{Name: "Load"})
		must(t, run.ExtendRange(ctx, time.Time{}, high.AddDate(0, 0, i)))
		must(t, end(run))
	}
	if totals, err := tr.Registry().Totals(ctx, "Load"); err != nil || !totals.Watermark.Equal(high) {
		t.Errorf("watermark %v, %v, want %v", totals.Watermark, err, high)
	}
}

// lateHigh ends a run while an open transaction sets its high, as [tracker.Run.Covers]
// does. The end waits for the transaction, and must then not use the older state that
// it read. If the end comes too late to wait, the case proves nothing, and passes.
func lateHigh(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Load"})
	high := time.Date(2026, 11, 22, 6, 0, 0, 123456000, time.UTC)
	ended := make(chan error, 1)
	must(t, b.Conn().Atomic(ctx, func(c dialect.Conn) error {
		for _, st := range []dialect.Stmt{
			statement(t, b, "UPDATE {process} SET name = name"),
			statement(t, b, "UPDATE {run} SET high_at = ?", b.Dialect().Time(high)),
		} {
			if _, err := c.Exec(ctx, st); err != nil {
				return err
			}
		}
		go func() { ended <- run.Complete(ctx, nil) }()
		select {
		case <-time.After(300 * time.Millisecond):
			return nil
		case err := <-ended:
			return fmt.Errorf("the run ended beside a transaction that changes it: %w", err)
		}
	}))
	must(t, <-ended)
	totals, err := tr.Registry().Totals(ctx, "Load")
	must(t, err)
	if !totals.Watermark.Equal(high) {
		t.Errorf("the watermark is %v, want %v", totals.Watermark, high)
	}
}
