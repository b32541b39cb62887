package tracker

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// ExtractFilter says which extracts to find. An extract has to match all fields that
// are set. If an id or the limit is negative, the error is [ErrInvalid].
type ExtractFilter struct {
	ID   int64
	Name string // the whole name
	// NameContains is a part of the name. It has no special characters.
	NameContains string
	// NameGlob matches the whole name: * stands for any number of characters, ? for
	// exactly one. No other character is special.
	NameGlob     string
	Location     string // path
	LocationName string
	Process      string // the process whose run registered it
	DatasetType  string // a dataset type of that process
	RunID        int64  // a run that registered it or changed its status
	Status       ExtractStatus
	Unheld       bool      // only extracts that are [Loading] though no active run holds them
	Since        time.Time // registered then or later …
	Until        time.Time // … and before then
	Order        Order
	After        Cursor // go on after this extract
	Limit        int    // 0: all
}

// Extracts finds extracts, oldest first, by registration time and then id. It ends
// after the first error.
func (t *Tracker) Extracts(ctx context.Context, f ExtractFilter) iter.Seq2[Extract, error] {
	row, status, err := f.row()
	after, wrong := f.After.keys(extractCursor, 2)
	if err = cmp.Or(err, wrong); err != nil {
		return onlyError[Extract](err)
	}
	return pages(t, list[store.Extract, Extract]{
		doing: "find extracts", limit: f.Limit, after: after, convert: extract,
		keys: func(e store.Extract) []int64 { return []int64{e.RegisteredAt.UnixMicro(), e.ID} },
		read: func(limit int64, after []int64) ([]store.Extract, error) {
			row := row
			row.Limit = limit
			if after != nil {
				row.AfterTime, row.AfterID = moment(after[0]), after[1]
			}
			if status != "" {
				id, err := t.foundStatus(ctx, ExtractStatus(status))
				if err != nil || id == 0 {
					return nil, err // no extract has a status that does not exist
				}
				row.Status = id
			}
			return t.made().store.FindExtracts(ctx, row)
		},
	})
}

// foundStatus is runStatus for extracts.
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

// row checks the filter and converts it to the store's form, except for the status,
// whose name it returns.
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
	if row.Newest, err = ordered(f.Order, OldestFirst); err != nil {
		return row, "", err
	}
	err = checkFilter(f.Limit, field{"location name", f.LocationName, &row.LocationName},
		field{"process name", f.Process, &row.Process}, field{"dataset type", f.DatasetType, &row.DatasetType},
		field{"extract status", string(f.Status), &status})
	return row, status, err
}
