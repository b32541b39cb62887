package bench

import (
	"context"
	"iter"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// continuedLists are lists that go on in the middle of the history, after the first row
// of the small process. A database that walks to that place reads more rows for each page.
func continuedLists() []operation {
	big := processOf(ours, 0)
	runs := func(name string, f tracker.RunFilter) operation {
		return continued(name, func(ctx context.Context, t *tracker.Tracker) iter.Seq2[tracker.RunInfo, error] {
			return t.Runs(ctx, tracker.RunFilter{Process: smallProcess, Order: tracker.OldestFirst, Limit: 1})
		}, func(ctx context.Context, t *tracker.Tracker, after tracker.Cursor) iter.Seq2[tracker.RunInfo, error] {
			f.After, f.Limit = after, listed
			return t.Runs(ctx, f)
		})
	}
	extracts := func(name string, f tracker.ExtractFilter) operation {
		return continued(name, func(ctx context.Context, t *tracker.Tracker) iter.Seq2[tracker.Extract, error] {
			return t.Extracts(ctx, tracker.ExtractFilter{Process: smallProcess, Limit: 1})
		}, func(ctx context.Context, t *tracker.Tracker, after tracker.Cursor) iter.Seq2[tracker.Extract, error] {
			f.After, f.Limit = after, listed
			return t.Extracts(ctx, f)
		})
	}
	changes := func(name string, f tracker.HistoryFilter) operation {
		return continued(name, func(ctx context.Context, t *tracker.Tracker) iter.Seq2[tracker.Change, error] {
			return t.History(ctx, tracker.HistoryFilter{Process: smallProcess, Limit: 1})
		}, func(ctx context.Context, t *tracker.Tracker, after tracker.Cursor) iter.Seq2[tracker.Change, error] {
			f.After, f.Limit = after, listed
			return t.History(ctx, f)
		})
	}
	return []operation{
		runs("runs, continued", tracker.RunFilter{}),
		runs("oldest runs, continued", tracker.RunFilter{Order: tracker.OldestFirst}),
		runs("runs of a big process, continued", tracker.RunFilter{Process: big}),
		runs("oldest runs of a big process, continued", tracker.RunFilter{Process: big, Order: tracker.OldestFirst}),
		extracts("extracts, continued", tracker.ExtractFilter{}),
		extracts("newest extracts, continued", tracker.ExtractFilter{Order: tracker.NewestFirst}),
		extracts("loaded extracts, continued", tracker.ExtractFilter{Status: tracker.Loaded}),
		extracts("extracts of a big location, continued", tracker.ExtractFilter{Location: landing}),
		extracts("newest extracts of a big location, continued", tracker.ExtractFilter{Location: landing, Order: tracker.NewestFirst}),
		extracts("loaded extracts of a big location, continued", tracker.ExtractFilter{Location: landing, Status: tracker.Loaded}),
		extracts("extracts of a big process, continued", tracker.ExtractFilter{Process: big}),
		extracts("newest extracts of a big process, continued", tracker.ExtractFilter{Process: big, Order: tracker.NewestFirst}),
		extracts("loaded extracts of a big process, continued", tracker.ExtractFilter{Process: big, Status: tracker.Loaded}),
		changes("changes, continued", tracker.HistoryFilter{}),
		changes("newest changes, continued", tracker.HistoryFilter{Order: tracker.NewestFirst}),
		changes("changes of a big process, continued", tracker.HistoryFilter{Process: big}),
		changes("newest changes of a big process, continued", tracker.HistoryFilter{Process: big, Order: tracker.NewestFirst}),
	}
}

// A placed row has a place in a list.
type placed interface{ Cursor() tracker.Cursor }

// continued is a list that goes on after the row that first finds.
func continued[T placed](name string, first func(context.Context, *tracker.Tracker) iter.Seq2[T, error],
	list func(context.Context, *tracker.Tracker, tracker.Cursor) iter.Seq2[T, error],
) operation {
	var after tracker.Cursor // in the place where the list is read next
	o := reads(name, listed, func(ctx context.Context, t *tracker.Tracker) iter.Seq2[T, error] { return list(ctx, t, after) })
	o.prepare = func(ctx context.Context, p *place, _ *subject) error {
		for row, err := range first(ctx, p.tracker) {
			if err != nil {
				return err
			}
			after = row.Cursor()
		}
		return nil
	}
	return o
}
