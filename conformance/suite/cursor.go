package suite

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func cursorCases() []Case {
	return []Case{
		{"S1.8 a list continues at the cursor of any of its rows, in both orders", goOnAtCursor},
		{"S1.8 a list that is read again starts over", readAgain},
		{"S1.8 S3.7 lists of runs and errors are filtered by time", ofATime},
	}
}

// A listFrom is a list of one kind, row by row, with the cursor of each.
type listFrom func(order tracker.Order, after tracker.Cursor, limit int) iter.Seq2[rowMark, error]

// A rowMark is a row and its cursor.
type rowMark struct {
	id     int64
	cursor tracker.Cursor
}

func marked[T interface{ Cursor() tracker.Cursor }](list iter.Seq2[T, error], id func(T) int64) iter.Seq2[rowMark, error] {
	return func(yield func(rowMark, error) bool) {
		for row, err := range list {
			if !yield(rowMark{id(row), row.Cursor()}, err) {
				return
			}
		}
	}
}

func pagesOf(ctx context.Context, tr *tracker.Tracker) map[string]listFrom {
	runs := func(process string, active bool) listFrom {
		return func(order tracker.Order, after tracker.Cursor, limit int) iter.Seq2[rowMark, error] {
			f := tracker.RunFilter{Process: process, Active: active, Order: order, After: after, Limit: limit}
			return marked(tr.Runs(ctx, f), func(r tracker.RunInfo) int64 { return r.ID })
		}
	}
	history := func(process string) listFrom {
		return func(order tracker.Order, after tracker.Cursor, limit int) iter.Seq2[rowMark, error] {
			f := tracker.HistoryFilter{Process: process, Order: order, After: after, Limit: limit}
			return marked(tr.History(ctx, f), func(c tracker.Change) int64 { return c.ID })
		}
	}
	return map[string]listFrom{
		"runs": runs("", false), "runs of a process": runs("P", false), "active runs": runs("", true),
		"history": history(""), "history of a process": history("P"),
		"errors": func(order tracker.Order, after tracker.Cursor, limit int) iter.Seq2[rowMark, error] {
			f := tracker.ErrorFilter{Order: order, After: after, Limit: limit}
			return marked(tr.Errors(ctx, f), func(e tracker.RunError) int64 { return e.ID })
		},
		"extracts": func(order tracker.Order, after tracker.Cursor, limit int) iter.Seq2[rowMark, error] {
			f := tracker.ExtractFilter{Order: order, After: after, Limit: limit}
			return marked(tr.Extracts(ctx, f), func(x tracker.Extract) int64 { return x.ID })
		},
		"refusals": func(order tracker.Order, after tracker.Cursor, limit int) iter.Seq2[rowMark, error] {
			f := tracker.RefusalFilter{Order: order, After: after, Limit: limit}
			return marked(tr.Refusals(ctx, f), func(r tracker.Refusal) int64 { return r.ID })
		},
		"processes": func(order tracker.Order, after tracker.Cursor, limit int) iter.Seq2[rowMark, error] {
			f := tracker.ProcessFilter{Order: order, After: after, Limit: limit}
			return marked(tr.Registry().Processes(ctx, f), func(p tracker.ProcessInfo) int64 { return p.ID })
		},
	}
}

func goOnAtCursor(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for i := range 3 {
		run := start(ctx, t, tr, tracker.Process{Name: "P"})
		_, err := run.RegisterExtracts(ctx, tracker.File{Location: "/a", Name: fmt.Sprint(i)}, tracker.File{Location: "/a", Name: fmt.Sprint("b", i)})
		must(t, err)
		must(t, run.Fail(ctx, tracker.ErrorRecord{Description: "one"}, tracker.ErrorRecord{Description: "two"}))
		must(t, tr.Admin().Release(ctx, "P", "again"))
		start(ctx, t, tr, tracker.Process{Name: fmt.Sprint("active ", i)})
		_, err = trackerOn(ctx, t, e.open(t), &tracker.Config{Actor: fmt.Sprint("other ", i)}).
			Start(ctx, tracker.Process{Name: fmt.Sprint("active ", i)}, nil)
		_ = wantBlocked(t, err, tracker.ErrAlreadyRunning)
	}
	for what, list := range pagesOf(ctx, tr) {
		oldest, newest := collect(t, list(tracker.OldestFirst, "", 0)), collect(t, list(tracker.NewestFirst, "", 0))
		if reversed := slices.Clone(newest); len(oldest) < 3 || !slices.Equal(oldest, func() []rowMark { slices.Reverse(reversed); return reversed }()) {
			t.Errorf("%s: the oldest first %v, the newest first %v", what, oldest, newest)
			continue
		}
		for order, all := range map[tracker.Order][]rowMark{tracker.OldestFirst: oldest, tracker.NewestFirst: newest} {
			for i, row := range all {
				rest := list(order, row.cursor, 0)
				if got := collect(t, rest); !slices.Equal(got, all[i+1:]) {
					t.Errorf("%s, %s: after %v there are %v, want %v", what, order, row, got, all[i+1:])
				}
				if again := collect(t, rest); !slices.Equal(again, all[i+1:]) {
					t.Errorf("%s, %s: read again, after %v there are %v", what, order, row, again)
				}
				if next := collect(t, list(order, row.cursor, 1)); !slices.Equal(next, all[i+1:min(i+2, len(all))]) {
					t.Errorf("%s, %s: next after %v is %v", what, order, row, next)
				}
			}
		}
	}
}

func ofATime(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "P"})
	at := run.StartedAt()
	must(t, run.RecordError(ctx, tracker.ErrorRecord{At: at}))
	for _, c := range []struct {
		since, until time.Time
		want         int
	}{
		{at, at.Add(time.Millisecond), 1}, {at, time.Time{}, 1}, {time.Time{}, at.Add(time.Millisecond), 1},
		{time.Time{}, at, 0}, {at.Add(time.Millisecond), time.Time{}, 0},
	} {
		for _, process := range []string{"", "P"} {
			runs := collect(t, tr.Runs(ctx, tracker.RunFilter{Process: process, Since: c.since, Until: c.until}))
			errs := collect(t, tr.Errors(ctx, tracker.ErrorFilter{Process: process, Since: c.since, Until: c.until}))
			if len(runs) != c.want || len(errs) != c.want {
				t.Errorf("of process %q, from %v to %v: %d runs and %d errors, want %d", process, c.since, c.until, len(runs), len(errs), c.want)
			}
		}
	}
}

func readAgain(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	const more = 600 // than one page has
	run := start(ctx, t, tr, tracker.Process{Name: "P"})
	files, errs := make([]tracker.File, more), make([]tracker.ErrorRecord, more)
	for i := range files {
		files[i] = tracker.File{Location: "/a", Name: fmt.Sprint(i)}
	}
	_, err := run.RegisterExtracts(ctx, files...)
	must(t, err)
	must(t, run.RecordError(ctx, errs...))
	for what, list := range pagesOf(ctx, tr) {
		if what != "extracts" && what != "errors" && what != "history" {
			continue
		}
		all := list("", "", 0)
		first, again := collect(t, all), collect(t, all)
		if len(first) < more || !slices.Equal(first, again) {
			t.Errorf("%s: %d rows, and read again %d", what, len(first), len(again))
		}
	}
}
