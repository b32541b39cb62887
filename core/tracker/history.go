package tracker

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Change is a change of status: of an extract if ExtractID is set, else of a run if
// RunID is set, else of a process. A process is "held" or "released", or To is
// "watermark" if [Admin.SetWatermark] moved its watermark.
type Change struct {
	ID        int64
	At        time.Time // for the end of a run, the EndedAt of its [EndOptions], if given
	Process   string
	RunID     int64 // the run that changed its own status or the extract's
	RunNumber int64
	ExtractID int64
	Location  string // the path of the extract's location
	Extract   string // the extract's name
	From      string // empty for the first status
	To        string
	Actor     string // the actor that started the run, held or released the process, or moved the watermark
	// Reason says why: for a hold, a release or a watermark, the reason given; for a
	// failed run, the beginning of its first error; for a reaped run, that it was
	// reaped.
	Reason   string
	FromTime time.Time // the previous watermark, zero if there was none …
	ToTime   time.Time // … and the new one, zero if it was cleared
}

// HistoryFilter says which changes to list. A change has to match all fields that are
// set. If an id or the limit is negative, the error is [ErrInvalid].
type HistoryFilter struct {
	Process   string // includes changes to its runs, and changes that its runs made
	RunID     int64
	ExtractID int64
	Since     time.Time // made then or later …
	Until     time.Time // … and before then
	Order     Order
	After     Cursor // go on after this change
	Limit     int    // 0: all
}

// History lists changes of status, oldest first, by time and then id. It ends after the
// first error. Recorded changes never change.
//
// Every change that was committed before the call is listed exactly once. If changes are
// committed during the call, one may be missing although a later one is listed, because a
// change gets its time before its commit. So a reader that continues from an earlier call
// should begin some minutes before the end of that one.
func (t *Tracker) History(ctx context.Context, f HistoryFilter) iter.Seq2[Change, error] {
	row := store.HistoryFilter{RunID: f.RunID, ExtractID: f.ExtractID, Since: f.Since, Until: f.Until}
	err := checkFilter(f.Limit, field{"process name", f.Process, &row.Process})
	if err == nil {
		err = checkIDs(f.RunID, f.ExtractID)
	}
	if err == nil {
		err = period(f.Since, f.Until)
	}
	if err == nil {
		row.Newest, err = ordered(f.Order, OldestFirst)
	}
	after, wrong := f.After.keys(changeCursor, 2)
	if err = cmp.Or(err, wrong); err != nil {
		return onlyError[Change](err)
	}
	return pages(t, list[store.Change, Change]{
		doing: "list the history", limit: f.Limit, after: after, convert: change,
		keys: func(c store.Change) []int64 { return []int64{c.At.UnixMicro(), c.ID} },
		read: func(limit int64, after []int64) ([]store.Change, error) {
			row := row
			row.Limit = limit
			if after != nil {
				row.AfterTime, row.AfterID = moment(after[0]), after[1]
			}
			return t.made().store.History(ctx, row)
		},
	})
}

func change(c store.Change) Change {
	return Change{
		ID: c.ID, At: c.At.Time, Process: c.Process, RunID: c.RunID, RunNumber: c.RunNo,
		ExtractID: c.ExtractID, Location: c.Location, Extract: c.Extract,
		From: c.From, To: c.To, Actor: c.Actor, Reason: c.Reason,
		FromTime: c.FromAt.Time, ToTime: c.ToAt.Time,
	}
}
