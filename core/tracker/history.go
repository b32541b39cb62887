package tracker

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Change is a change of a status: of an extract if ExtractID is set, else of a
// run if RunID is set, else of a process, which is "held" or "released"; or To is
// "watermark", for one that was moved by [Admin.SetWatermark].
type Change struct {
	ID        int64
	At        time.Time // of a run's end, the time that [EndedAt] gave
	Process   string
	RunID     int64 // that changed its own status or the extract's
	RunNumber int64
	ExtractID int64
	Location  string // the path of the extract's location
	Extract   string // the extract's name
	From      string // empty for the first status
	To        string
	Actor     string // who started the run, held or released the process, or moved the watermark
	// Reason is why: of a hold, its release and a watermark, what was said; of a run
	// that failed, the beginning of its first error; of a run that was reaped, that it
	// was.
	Reason   string
	FromTime time.Time // of a watermark: where it was, zero if there was none …
	ToTime   time.Time // … and where it is now, zero if it was cleared
}

// HistoryFilter says which changes to list. Zero fields do not restrict; all
// that are set must hold. A negative id or limit is [ErrInvalid].
type HistoryFilter struct {
	Process   string // also those of its runs, and those that its runs made
	RunID     int64
	ExtractID int64
	Since     time.Time // made then or later …
	Until     time.Time // … and before then
	Order     Order
	After     Cursor // go on after this change
	Limit     int    // 0: all
}

// History lists the changes of statuses, the oldest first, those of the same moment
// by their ids. It ends after the first error. Nothing that was written down ever
// changes.
//
// What was committed before the reading began is there, once. Of what is written
// while the reading goes on, a change may be left out although a later one is
// there: its time is from before the commit. So a reader that goes on from where an earlier
// reading ended, begins some minutes before.
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
