package tracker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Counts are numbers of rows, none of them negative. Records is how many a run read, or
// wrote to files: what it handled. The others are how many rows it changed in its
// targets. The tracker compares none of them with the others.
type Counts struct{ Records, Inserts, Updates, Deletes int64 }

func (c Counts) row() [4]int64 { return [4]int64{c.Records, c.Inserts, c.Updates, c.Deletes} }

func counts(row [4]int64) Counts {
	return Counts{Records: row[0], Inserts: row[1], Updates: row[2], Deletes: row[3]}
}

// SetCounts sets all counts of the run; the last values win. The totals of the process
// are the sums over its runs. If a count is negative, or a total would overflow 64
// bits, the error is [ErrInvalid]; if the run has ended, [ErrAlreadyEnded].
func (r *Run) SetCounts(ctx context.Context, counts Counts) error {
	r = r.made()
	return r.count(ctx, counts, false)
}

// AddCounts adds to the counts of the run, and to the totals of the process. It has the
// same limits and errors as [Run.SetCounts].
func (r *Run) AddCounts(ctx context.Context, counts Counts) error {
	r = r.made()
	return r.count(ctx, counts, true)
}

func (r *Run) count(ctx context.Context, counts Counts, add bool) error {
	row := counts.row()
	for i, n := range row {
		if n < 0 {
			return invalid("count of "+store.CountColumns[i], strconv.FormatInt(n, 10), "negative", "give 0 or more")
		}
	}
	state, err := r.tracker.store.CountRun(ctx, r.ref, row, add)
	var over *store.OverflowError
	if errors.As(err, &over) {
		n := row[slices.Index(store.CountColumns[:], over.Column)]
		return invalid("count of "+over.Column, strconv.FormatInt(n, 10),
			fmt.Sprintf("the total of process %q would not fit 64 bits", r.info.Process), "give what this run counted")
	}
	if err != nil {
		return r.failed("count", err)
	}
	return r.allowed(ctx, state)
}

// ExtendRange extends the time range of the run's data, so that it includes low and high. A zero
// time extends nothing. If high is before low, the error is [ErrInvalid].
//
// When the run completes, its high becomes the process's watermark, if it is later, and so the
// low of the next run that starts with FromWatermark. The tracker stores both times and compares
// no data with them. A query that takes one end only, such as
// low < changed AND changed <= high, reads no row twice and leaves none out.
func (r *Run) ExtendRange(ctx context.Context, low, high time.Time) error {
	r = r.made()
	if low.IsZero() && high.IsZero() {
		return r.mayWrite(ctx)
	}
	if !low.IsZero() && !high.IsZero() && high.Before(low) {
		return invalid("high time", stamp(high), "before the low, "+stamp(low), "exchange them")
	}
	for _, t := range []time.Time{low, high} {
		if err := storable("data time", t); err != nil {
			return err
		}
	}
	state, err := r.tracker.store.Widen(ctx, r.ref, low, high)
	if err != nil {
		return r.failed("set the times of its data", err)
	}
	return r.allowed(ctx, state)
}

// Low returns the beginning of the run's data if the run was started with
// FromWatermark; zero if it was not, or if there was no watermark.
func (r *Run) Low() time.Time { return r.made().info.Low }

// Totals are a process's sums over all its runs, and its watermark.
type Totals struct {
	// Watermark is the highest high of the completed runs' data, or the value that
	// [Admin.SetWatermark] has set since; zero if there is none. A failed run does not
	// move it, and a backfill of older data does not move it back.
	Watermark time.Time
	Counts    Counts
}

// Totals returns a process's sums over all its runs, and its watermark. If the process
// does not exist, the error is [ErrNotFound].
func (g *Registry) Totals(ctx context.Context, process string) (Totals, error) {
	t := g.of()
	process, err := name("process name", process)
	if err != nil {
		return Totals{}, err
	}
	row, err := t.made().store.Totals(ctx, process)
	if err != nil {
		return Totals{}, t.ofProcess("read totals of", process, err)
	}
	return totals(row), nil
}

func totals(row store.Totals) Totals {
	return Totals{Watermark: row.Watermark.Time, Counts: counts(row.Counts)}
}
