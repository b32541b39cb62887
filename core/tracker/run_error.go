package tracker

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// RunError is an error that a run recorded.
type RunError struct {
	ID          int64
	RunID       int64
	Process     string
	RunNumber   int64
	Type        string
	Description string
	At          time.Time
}

// ErrorFilter says which errors to list. An error has to match all fields that are set.
// If an id or the limit is negative, the error is [ErrInvalid].
type ErrorFilter struct {
	RunID   int64
	Process string
	Since   time.Time // recorded then or later …
	Until   time.Time // … and before then
	Order   Order
	After   Cursor // go on after this error
	Limit   int    // 0: all
}

// Errors lists the errors that runs recorded, newest first. It ends
// after the first error.
func (t *Tracker) Errors(ctx context.Context, f ErrorFilter) iter.Seq2[RunError, error] {
	row := store.ErrorFilter{RunID: f.RunID, Since: f.Since, Until: f.Until}
	err := checkFilter(f.Limit, field{"process name", f.Process, &row.Process})
	if err == nil {
		err = checkIDs(f.RunID, 0)
	}
	if err == nil {
		err = period(f.Since, f.Until)
	}
	if err == nil {
		row.Oldest, err = ordered(f.Order, NewestFirst)
	}
	after, wrong := f.After.keys(errorCursor, 1)
	if err = cmp.Or(err, wrong); err != nil {
		return onlyError[RunError](err)
	}
	return pages(t, list[store.RunError, RunError]{
		doing: "list errors", limit: f.Limit, after: after, convert: runError,
		keys: func(e store.RunError) []int64 { return []int64{e.ID} },
		read: func(limit int64, after []int64) ([]store.RunError, error) {
			row := row
			row.Limit = limit
			if after != nil {
				row.After = after[0]
			}
			return t.made().store.Errors(ctx, row)
		},
	})
}

func runError(e store.RunError) RunError {
	return RunError{
		ID: e.ID, RunID: e.RunID, Process: e.Process, RunNumber: e.RunNo,
		Type: e.Type, Description: e.Description, At: e.RecordedAt.Time,
	}
}
