package tracker

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// RunFilter says which runs to list. A run has to match all fields that are set. If an
// id or the limit is negative, the error is [ErrInvalid].
type RunFilter struct {
	ID      int64
	Process string
	Status  RunStatus
	Active  bool      // only active runs, whatever their status
	Since   time.Time // started then or later …
	Until   time.Time // … and before then
	Order   Order
	After   Cursor // go on after this run
	Limit   int    // 0: all
}

// Runs lists runs, newest first. It ends after the first error. There is no index for
// Since and Until: in a long history, set Process, too.
func (t *Tracker) Runs(ctx context.Context, f RunFilter) iter.Seq2[RunInfo, error] {
	row, status, after, err := f.row()
	if err != nil {
		return onlyError[RunInfo](err)
	}
	return pages(t, list[store.Run, RunInfo]{
		doing: "list runs", limit: f.Limit, after: after, convert: runInfo,
		keys: func(r store.Run) []int64 { return []int64{r.No, r.ID} },
		read: func(limit int64, after []int64) ([]store.Run, error) {
			row := row
			row.Limit = limit
			if after != nil {
				row.AfterNo, row.After = after[0], after[1]
			}
			if status != "" {
				id, err := t.runStatus(ctx, status)
				if err != nil || id == 0 {
					return nil, err // no run has a status that does not exist
				}
				if f.Active && id != store.Running && id <= store.OnHold {
					return nil, nil // a run of that status has ended
				}
				row.Status = id
			}
			return t.made().store.Runs(ctx, row)
		},
	})
}

// row checks the filter and converts it to the store's form, except for the status and
// the cursor.
func (f RunFilter) row() (row store.RunFilter, status RunStatus, after []int64, err error) {
	row = store.RunFilter{ID: f.ID, Active: f.Active, Since: f.Since, Until: f.Until}
	var named string
	if err = checkFilter(f.Limit, field{"process name", f.Process, &row.Process}, field{"run status", string(f.Status), &named}); err != nil {
		return row, "", nil, err
	}
	if err = checkIDs(f.ID, 0); err != nil {
		return row, "", nil, err
	}
	if err = period(f.Since, f.Until); err != nil {
		return row, "", nil, err
	}
	if row.Oldest, err = ordered(f.Order, NewestFirst); err != nil {
		return row, "", nil, err
	}
	after, err = f.After.keys(runCursor, 2)
	return row, RunStatus(named), after, err
}

// runStatus returns the id of a status, or 0 if there is none with that name. It does
// not look up statuses that every database has.
func (t *Tracker) runStatus(ctx context.Context, status RunStatus) (store.RunStatus, error) {
	known := map[RunStatus]store.RunStatus{
		Running: store.Running, Completed: store.Completed, Failed: store.Failed, OnHold: store.OnHold,
	}
	if id, ok := known[status]; ok {
		return id, nil
	}
	id, _, err := t.made().store.RunStatus(ctx, string(status))
	if errors.Is(err, store.ErrUnknown) {
		err = nil
	}
	return id, err
}

// SoftDependencies lists the [Soft] parents that would have blocked the run with the given id when
// it started, had they been [Hard]: none if there is no such run. If the id is negative, the
// error is [ErrInvalid].
func (t *Tracker) SoftDependencies(ctx context.Context, run int64) ([]Parent, error) {
	if err := checkIDs(run, 0); err != nil {
		return nil, err
	}
	rows, err := t.made().store.SoftDependencies(ctx, run)
	if err != nil {
		return nil, t.failed("list soft dependencies", err)
	}
	return parents(rows, true), nil
}
