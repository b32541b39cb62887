package tracker

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// page is how many rows travel at once. Lists are read page by page, each
// beginning where the one before ended by key, so that they stay stable while
// others write.
const page = 500

// RunFilter says which runs to list. Zero fields do not restrict.
// A negative id or limit is [ErrInvalid].
type RunFilter struct {
	ID      int64
	Process string
	Status  RunStatus
	Active  bool // only runs that go on, whatever their status
	Limit   int  // 0: all
}

// Runs lists runs, the newest first. It ends after the first error.
func (t *Tracker) Runs(ctx context.Context, f RunFilter) iter.Seq2[RunInfo, error] {
	row, status := store.RunFilter{ID: f.ID, Active: f.Active}, ""
	err := checkFilter(f.Limit, field{"process name", f.Process, &row.Process}, field{"run status", string(f.Status), &status})
	if err == nil {
		err = checkIDs(f.ID, 0)
	}
	if err != nil {
		return onlyError[RunInfo](err)
	}
	return pages(t, "list runs", f.Limit, runInfo, func(limit int64, last *store.Run) ([]store.Run, error) {
		row.Limit = limit
		if last != nil {
			row.Before, row.BeforeNo = last.ID, last.No
		}
		if status != "" && last == nil {
			id, err := t.runStatus(ctx, RunStatus(status))
			if err != nil || id == 0 {
				return nil, err // no run has a status that there is not
			}
			if f.Active && id != store.Running && id <= store.OnHold {
				return nil, nil // a run of that status has ended
			}
			row.Status = id
		}
		return t.made().store.Runs(ctx, row)
	})
}

// runStatus returns the id of a status, 0 if there is none of that name. Those that
// every database has are not looked up.
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

// SoftDependencies lists the [Soft] parents that were in the way when a run
// started. A negative id is [ErrInvalid].
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

// ErrorFilter says which errors to list. Zero fields do not restrict.
// A negative id or limit is [ErrInvalid].
type ErrorFilter struct {
	RunID   int64
	Process string
	Limit   int // 0: all
}

// Errors lists the errors that runs recorded, the newest first. It ends after
// the first error of its own.
func (t *Tracker) Errors(ctx context.Context, f ErrorFilter) iter.Seq2[RunError, error] {
	row := store.ErrorFilter{RunID: f.RunID}
	err := checkFilter(f.Limit, field{"process name", f.Process, &row.Process})
	if err == nil {
		err = checkIDs(f.RunID, 0)
	}
	if err != nil {
		return onlyError[RunError](err)
	}
	return pages(t, "list errors", f.Limit, runError, func(limit int64, last *store.RunError) ([]store.RunError, error) {
		row.Limit = limit
		if last != nil {
			row.Before = last.ID
		}
		return t.made().store.Errors(ctx, row)
	})
}

func runError(e store.RunError) RunError {
	return RunError{
		ID: e.ID, RunID: e.RunID, Process: e.Process, RunNumber: e.RunNo,
		Type: e.Type, Description: e.Description, At: e.RecordedAt.Time,
	}
}

// ExtractFilter says which extracts to find. Zero fields do not restrict; all
// that are set must hold.
// A negative id or limit is [ErrInvalid].
type ExtractFilter struct {
	ID   int64
	Name string // the whole name
	// NameContains is a part of the name. No character of it is special.
	NameContains string
	// NameGlob matches the whole name: * stands for any characters, also none, ?
	// for exactly one. Nothing else is special.
	NameGlob     string
	Location     string // path
	LocationName string
	Process      string // whose run registered it
	DatasetType  string // one of that process's
	RunID        int64  // of a run that registered it or changed its status
	Status       ExtractStatus
	Unheld       bool      // only those that are [Loading], though no active run holds them
	Since        time.Time // registered then or later …
	Until        time.Time // … and before then
	Limit        int       // 0: all
}

// Extracts finds extracts, those registered first coming first, ties by id. It
// ends after the first error.
func (t *Tracker) Extracts(ctx context.Context, f ExtractFilter) iter.Seq2[Extract, error] {
	row, status, err := f.row()
	if err != nil {
		return onlyError[Extract](err)
	}
	return pages(t, "find extracts", f.Limit, extract, func(limit int64, last *store.Extract) ([]store.Extract, error) {
		row.Limit = limit
		if last != nil {
			row.AfterTime, row.AfterID = last.RegisteredAt.Time, last.ID
		}
		if status != "" && last == nil {
			id, err := t.foundStatus(ctx, ExtractStatus(status))
			if err != nil || id == 0 {
				return nil, err // no extract has a status that there is not
			}
			row.Status = id
		}
		return t.made().store.FindExtracts(ctx, row)
	})
}

// foundStatus is runStatus of extracts.
func (t *Tracker) foundStatus(ctx context.Context, status ExtractStatus) (store.ExtractStatus, error) {
	if id, ok := extractStatuses()[status]; ok {
		return id, nil
	}
	id, err := t.made().store.ExtractStatus(ctx, string(status))
	if errors.Is(err, store.ErrUnknown) {
		err = nil
	}
	return id, err
}

// row checks the filter and brings it into the store's form, but for the status: it
// returns that one's name.
func (f ExtractFilter) row() (row store.ExtractFilter, status string, err error) {
	row = store.ExtractFilter{
		ID: f.ID, Name: f.Name, NamePart: f.NameContains, NameGlob: f.NameGlob, RunID: f.RunID, Unheld: f.Unheld, Since: f.Since, Until: f.Until,
	}
	if err := checkIDs(f.RunID, f.ID); err != nil {
		return row, "", err
	}
	if f.Name != "" {
		row.NameKey = key(f.Name)
	}
	if f.Location != "" {
		l, err := newLocation(f.Location)
		if err != nil {
			return row, "", err
		}
		row.LocationKey = l.Key
	}
	for what, text := range map[string]string{"file name": f.Name, "part of a file name": f.NameContains, "glob": f.NameGlob} {
		if text == "" {
			continue
		}
		if err := exact(what, text, MaxFileName); err != nil {
			return row, "", err
		}
	}
	for what, at := range map[string]time.Time{"since": f.Since, "until": f.Until} {
		if err := storable(what, at); err != nil {
			return row, "", err
		}
	}
	err = checkFilter(f.Limit, field{"location name", f.LocationName, &row.LocationName},
		field{"process name", f.Process, &row.Process}, field{"dataset type", f.DatasetType, &row.DatasetType},
		field{"extract status", string(f.Status), &status})
	return row, status, err
}

// field is a name that a filter may have, and where it goes.
type field struct {
	what, name string
	to         *string
}

// checkFilter refuses what could not be registered either, and so cannot be
// found. A name of spaces is no missing name: it would find everything.
func checkFilter(limit int, fields ...field) (err error) {
	if limit < 0 {
		return invalid("limit", strconv.Itoa(limit), "negative", "give 0 for all")
	}
	for _, f := range fields {
		if *f.to, err = optionalName(f.what, f.name); err != nil {
			return err
		}
	}
	return nil
}

// checkIDs refuses ids that no row has, instead of finding nothing: they come of
// mistakes. They are of a run, and then of an extract; 0 does not restrict.
func checkIDs(run, extract int64) error {
	if run < 0 {
		return invalid("run id", strconv.FormatInt(run, 10), "negative", "give the id of a run, or 0 for all")
	}
	if extract < 0 {
		return invalid("extract id", strconv.FormatInt(extract, 10), "negative", "give the id of an extract, or 0 for all")
	}
	return nil
}

func onlyError[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

// pages yields what read returns, page by page, up to limit.
func pages[R, T any](t *Tracker, doing string, limit int, convert func(R) T, read func(limit int64, last *R) ([]R, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var last *R
		for left := limit; limit == 0 || left > 0; {
			size := page
			if limit > 0 {
				size = min(page, left)
			}
			rows, err := read(int64(size), last)
			if err != nil {
				var none T
				yield(none, t.failed(doing, err))
				return
			}
			for _, row := range rows {
				if !yield(convert(row), nil) {
					return
				}
			}
			if len(rows) < size {
				return
			}
			left -= len(rows)
			last = &rows[len(rows)-1]
		}
	}
}
