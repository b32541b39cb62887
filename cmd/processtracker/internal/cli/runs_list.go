package cli

import (
	"context"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// listedRun is a run in a list. It has the run's duration, so far if the run is active,
// by the database's clock. A run that did not complete also has its first error.
type listedRun struct {
	tracker.RunInfo

	took  time.Duration
	first *tracker.RunError
}

// listedRuns adds the additional columns of the list to runs.
func listedRuns(ctx context.Context, t *tracker.Tracker, now time.Time, filter tracker.RunFilter) iter.Seq2[listedRun, error] {
	return func(yield func(listedRun, error) bool) {
		for run, err := range t.Runs(ctx, filter) {
			one := listedRun{RunInfo: run}
			if err == nil {
				err = one.complete(ctx, t, now)
			}
			if !yield(one, err) || err != nil {
				return
			}
		}
	}
}

func (r *listedRun) complete(ctx context.Context, t *tracker.Tracker, now time.Time) error {
	if r.Active() {
		r.took = max(now.Sub(r.StartedAt), 0)
		return nil
	}
	r.took = r.EndedAt.Sub(r.StartedAt)
	if r.Status == tracker.Completed {
		return nil
	}
	for first, err := range t.Errors(ctx, tracker.ErrorFilter{RunID: r.ID, Order: tracker.OldestFirst, Limit: 1}) {
		if err != nil {
			return err
		}
		r.first = &first
	}
	return nil
}

// listedRunListing is [runListing] with the additional columns.
func listedRunListing() listing[listedRun] {
	base := runListing()
	return listing[listedRun]{
		things: base.things,
		columns: append(base.columns,
			table.Column{Title: "Name", Least: 8, Optional: true}, table.Column{Title: "Records", Right: true, Optional: true},
			table.Column{Title: "Error", Least: 16, Wrap: true, Optional: true, Longest: longestDescription}),
		row: func(r listedRun) []string {
			row, records, text := base.row(r.RunInfo), "", ""
			row[tookColumn] = table.Duration(r.took)
			if r.Counts.Records != 0 {
				records = number(r.Counts.Records)
			}
			if r.first != nil {
				text = r.first.Description
			}
			return append(row, r.Name, records, text)
		},
		document: newListedRunJSON,
		cursor:   func(r listedRun) tracker.Cursor { return r.Cursor() },
	}
}

// tookColumn is the index of the duration in the row of a run.
const tookColumn = 6

// listedRunJSON is a run in a list.
type listedRunJSON struct {
	runJSON

	Name    *string `json:"name"`    // its business key
	Seconds float64 `json:"seconds"` // its duration, so far if it is active
	Low     moment  `json:"low"`     // of its data
	High    moment  `json:"high"`
	Records int64   `json:"records"`
	Inserts int64   `json:"inserts"`
	Updates int64   `json:"updates"`
	Deletes int64   `json:"deletes"`
	Error   *string `json:"error"`  // the first error of a run that did not complete
	Cursor  string  `json:"cursor"` // for --after
}

func newListedRunJSON(r listedRun) any {
	document := listedRunJSON{
		Name: orNull(r.Name), Seconds: r.took.Round(time.Millisecond).Seconds(), Low: moment(r.Low), High: moment(r.High),
		Records: r.Counts.Records, Inserts: r.Counts.Inserts, Updates: r.Counts.Updates, Deletes: r.Counts.Deletes,
		Cursor: string(r.Cursor()),
	}
	document.runJSON, _ = newRunJSON(r.RunInfo).(runJSON)
	if r.first != nil {
		document.Error = &r.first.Description
	}
	return document
}
