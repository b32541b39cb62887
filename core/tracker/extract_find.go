package tracker

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// ExtractFilter says which extracts to find. Zero fields do not restrict; all
// that are set must hold. A negative id or limit is [ErrInvalid].
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
	Order        Order
	After        Cursor // go on after this extract
	Limit        int    // 0: all
}

// Extracts finds extracts, those registered first coming first, ties by id. It
// ends after the first error.
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
					return nil, err // no extract has a status that there is not
				}
				row.Status = id
			}
			return t.made().store.FindExtracts(ctx, row)
		},
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
	if row.Newest, err = ordered(f.Order, OldestFirst); err != nil {
		return row, "", err
	}
	err = checkFilter(f.Limit, field{"location name", f.LocationName, &row.LocationName},
		field{"process name", f.Process, &row.Process}, field{"dataset type", f.DatasetType, &row.DatasetType},
		field{"extract status", string(f.Status), &status})
	return row, status, err
}
