package cli

import (
	"context"
	"fmt"
	"iter"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// heldExtract is an extract with the run that is loading it; the run is nil if there is none.
type heldExtract struct {
	tracker.Extract

	by *tracker.Claimant
}

// heldAtOnce is the number of extracts whose runs are looked up at once.
const heldAtOnce = 500

// heldExtracts adds to extracts the runs that are loading them.
func heldExtracts(ctx context.Context, t *tracker.Tracker, list iter.Seq2[tracker.Extract, error]) iter.Seq2[heldExtract, error] {
	return func(yield func(heldExtract, error) bool) {
		var portion []tracker.Extract
		flush := func() bool {
			holders, err := t.Overview().Claimants(ctx, portion...)
			if err != nil {
				yield(heldExtract{}, err)
				return false
			}
			for _, e := range portion {
				one := heldExtract{Extract: e}
				if by, ok := holders[e.ID]; ok {
					one.by = &by
				}
				if !yield(one, nil) {
					return false
				}
			}
			portion = portion[:0]
			return true
		}
		for e, err := range list {
			if err != nil {
				if flush() {
					yield(heldExtract{}, err)
				}
				return
			}
			if portion = append(portion, e); len(portion) == heldAtOnce && !flush() {
				return
			}
		}
		flush()
	}
}

// heldListing is [extractListing] with the run that is loading each extract.
func heldListing() listing[heldExtract] {
	base := extractListing()
	return listing[heldExtract]{
		things:  base.things,
		columns: append(base.columns, table.Column{Title: "Loaded by", Key: "loading_run", Least: 8, Wrap: true, Optional: true}),
		row: func(e heldExtract) []string {
			by := ""
			if e.by != nil {
				by = fmt.Sprintf("%s, run %d", e.by.Process, e.by.RunNumber)
			}
			return append(base.row(e.Extract), by)
		},
		document: newHeldJSON,
		cursor:   func(e heldExtract) tracker.Cursor { return e.Cursor() },
	}
}

// heldJSON is an extract in a list.
type heldJSON struct {
	extractJSON

	LoadingProcess *string `json:"loading_process"` // null: no run holds it
	LoadingRunID   *int64  `json:"loading_run_id"`
	LoadingRun     *int64  `json:"loading_run"` // its number
	Cursor         string  `json:"cursor"`      // for --after
}

func newHeldJSON(e heldExtract) any {
	document := heldJSON{Cursor: string(e.Cursor())}
	document.extractJSON, _ = newExtractJSON(e.Extract).(extractJSON)
	if e.by != nil {
		document.LoadingProcess, document.LoadingRunID, document.LoadingRun = &e.by.Process, &e.by.RunID, &e.by.RunNumber
	}
	return document
}
