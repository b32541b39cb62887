package rpc

import (
	"context"
	"iter"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// What lists return. Next is empty if there is no more, else give it as after.
type (
	// Runs is a page of runs.
	Runs struct {
		Runs []tracker.RunInfo
		Next tracker.Cursor
	}
	// RunErrors is a page of errors.
	RunErrors struct {
		Errors []tracker.RunError
		Next   tracker.Cursor
	}
	// Changes is a page of the history.
	Changes struct {
		Changes []tracker.Change
		Next    tracker.Cursor
	}
	// Refusals is a page of refused starts.
	Refusals struct {
		Refusals []tracker.Refusal
		Next     tracker.Cursor
	}
	// FoundExtracts is a page of extracts.
	FoundExtracts struct {
		Extracts []tracker.Extract
		Next     tracker.Cursor
	}
)

// OneRun is a run as it is stored.
type OneRun struct {
	Run tracker.RunInfo
}

// Parents are those of a process.
type Parents struct {
	Parents []tracker.Parent
}

// ExtractParents are the extracts for which another one waits.
type ExtractParents struct {
	ExtractID int64   // the one that waits
	ParentIDs []int64 // for these
}

func listMethods() []Method {
	return append([]Method{
		with("tracker.run", "reads a run.",
			func(ctx context.Context, t *tracker.Tracker, p OfRun) (OneRun, error) {
				info, err := t.RunByID(ctx, p.RunID)
				return OneRun{info}, err
			}),
		with("tracker.runs", "lists runs, newest first.",
			func(ctx context.Context, t *tracker.Tracker, f tracker.RunFilter) (r Runs, err error) {
				r.Runs, r.Next, err = page(f.Limit, func(limit int) iter.Seq2[tracker.RunInfo, error] {
					f.Limit = limit
					return t.Runs(ctx, f)
				})
				return r, err
			}),
		with("tracker.errors", "lists the errors that runs recorded, newest first.",
			func(ctx context.Context, t *tracker.Tracker, f tracker.ErrorFilter) (r RunErrors, err error) {
				r.Errors, r.Next, err = page(f.Limit, func(limit int) iter.Seq2[tracker.RunError, error] {
					f.Limit = limit
					return t.Errors(ctx, f)
				})
				return r, err
			}),
		with("tracker.history", "lists changes of statuses, oldest first.",
			func(ctx context.Context, t *tracker.Tracker, f tracker.HistoryFilter) (r Changes, err error) {
				r.Changes, r.Next, err = page(f.Limit, func(limit int) iter.Seq2[tracker.Change, error] {
					f.Limit = limit
					return t.History(ctx, f)
				})
				return r, err
			}),
		with("tracker.refusals", "lists refused starts, newest first by the time of the first of equal refusals.",
			func(ctx context.Context, t *tracker.Tracker, f tracker.RefusalFilter) (r Refusals, err error) {
				r.Refusals, r.Next, err = page(f.Limit, func(limit int) iter.Seq2[tracker.Refusal, error] {
					f.Limit = limit
					return t.Refusals(ctx, f)
				})
				return r, err
			}),
		with("tracker.extracts", "finds extracts, oldest first.",
			func(ctx context.Context, t *tracker.Tracker, f tracker.ExtractFilter) (r FoundExtracts, err error) {
				r.Extracts, r.Next, err = page(f.Limit, func(limit int) iter.Seq2[tracker.Extract, error] {
					f.Limit = limit
					return t.Extracts(ctx, f)
				})
				return r, err
			}),
		with("tracker.soft_dependencies", "lists the soft dependencies of a run that were not met when it started.",
			func(ctx context.Context, t *tracker.Tracker, p OfRun) (Parents, error) {
				parents, err := t.SoftDependencies(ctx, p.RunID)
				return Parents{parents}, err
			}),
	}, writes(Runner,
		with("tracker.add_extract_parents", "makes an extract wait for others: it cannot be loading before they are loaded.",
			func(ctx context.Context, t *tracker.Tracker, p ExtractParents) (Nothing, error) {
				return nothing(t.AddExtractParents(ctx, tracker.Extract{ID: p.ExtractID}, ids(p.ParentIDs)...))
			}),
	)...)
}
