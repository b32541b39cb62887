package tracker

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Refusal is a recorded refusal of a start, or of several equal starts: by the same
// actor, for the same reason, with the same run name, and blocked by the same run,
// hold, parents or clusters.
type Refusal struct {
	ID      int64
	Process string
	// Reason is [ErrAlreadyRunning], [ErrOnHold], [ErrDependency], [ErrNoCapacity] or
	// [ErrAlreadyDone].
	Reason  error
	Actor   string // the actor that tried to start the run
	RunName string // the name asked for; empty if none
	Detail  string // what blocked it
	// Times is how often the start was refused, at least: if very many starts are
	// refused at the same moment, not all of them are counted.
	Times int64
	First time.Time // when it was first refused …
	Last  time.Time // … and when last
}

// RefusalFilter says which refusals to list. A refusal has to match all fields that are
// set.
type RefusalFilter struct {
	Process string
	Actor   string
	Since   time.Time // the last one was then or later …
	Until   time.Time // … and the first one before then
	Order   Order     // by the first one
	After   Cursor    // go on after this refusal
	Limit   int       // 0: all
}

// Refusals lists refused starts, in descending order of their first refusal. It ends
// after the first error.
//
// A process keeps its last 20 refusals, and at most 5 of one actor for one reason, so
// that a program that keeps trying does not displace the others. A refusal is recorded
// afterwards, without waiting for any lock. If that fails, there is no error: for
// example if the database is read-only, or in a transaction given to [Tracker.In] on
// SQLite.
func (t *Tracker) Refusals(ctx context.Context, f RefusalFilter) iter.Seq2[Refusal, error] {
	row := store.RefusalFilter{Since: f.Since, Until: f.Until}
	err := checkFilter(f.Limit, field{"process name", f.Process, &row.Process}, field{"actor", f.Actor, &row.Actor})
	if err == nil {
		err = period(f.Since, f.Until)
	}
	if err == nil {
		row.Oldest, err = ordered(f.Order, NewestFirst)
	}
	after, wrong := f.After.keys(refusalCursor, 2)
	if err = cmp.Or(err, wrong); err != nil {
		return onlyError[Refusal](err)
	}
	return pages(t, list[store.Refusal, Refusal]{
		doing: "list refusals", limit: f.Limit, after: after, convert: refusal,
		keys: func(r store.Refusal) []int64 { return []int64{r.First.UnixMicro(), r.ID} },
		read: func(limit int64, after []int64) ([]store.Refusal, error) {
			row := row
			row.Limit = limit
			if after != nil {
				row.AfterTime, row.AfterID = moment(after[0]), after[1]
			}
			return t.made().store.Refusals(ctx, row)
		},
	})
}

func refusal(r store.Refusal) Refusal {
	reasons := []error{ErrAlreadyRunning, ErrOnHold, ErrDependency, ErrNoCapacity, ErrAlreadyDone}
	reason := errors.New(r.Reason) // from a newer version
	if i := slices.IndexFunc(reasons, func(known error) bool { return known.Error() == r.Reason }); i >= 0 {
		reason = reasons[i]
	}
	return Refusal{
		ID: r.ID, Process: r.Process, Reason: reason, Actor: r.Actor, RunName: r.RunName, Detail: r.Detail,
		Times: r.Times, First: r.First.Time, Last: r.Last.Time,
	}
}

const (
	refusalLimit  = 2 * time.Second // for recording one
	refusalDetail = 1000            // characters
)

// keepRefusal records a refused start, if err says that the start was refused. The
// caller gets no error if that fails.
func (t *Tracker) keepRefusal(ctx context.Context, start store.Start, process int64, err error) {
	reason, detail, same := refusalOf(err)
	if reason == nil || process == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, refusalLimit)
	defer cancel()
	_ = t.made().store.Refuse(ctx, store.Refusal{
		ProcessID: process, Key: key(strings.Join([]string{reason.Error(), t.made().actor, start.Name, same}, "\x00")),
		Reason: reason.Error(), Actor: t.made().actor, RunName: start.Name, Detail: shorten(prose(detail), refusalDetail),
	})
}

// refusalOf returns the reason for a refusal, what blocked the start, and the key that
// makes a later refusal equal. reason is nil if the start was not refused.
func refusalOf(err error) (reason error, detail, same string) { //nolint:staticcheck // the reason is a result, not a failure
	var done *DoneError
	if errors.As(err, &done) {
		return ErrAlreadyDone, done.detail(), strconv.FormatInt(done.Run.ID, 10)
	}
	var blocked *BlockedError
	ok := errors.As(err, &blocked)
	if !ok {
		return nil, "", ""
	}
	switch {
	case blocked.Run != nil:
		same = strconv.FormatInt(blocked.Run.ID, 10)
	case blocked.Hold != nil:
		same = blocked.Hold.Since.String()
	case len(blocked.Clusters) > 0:
		parts := []string{blocked.Needs.String()}
		for _, c := range blocked.Clusters {
			parts = append(parts, c.Name)
		}
		same = strings.Join(parts, "\x00")
	default:
		same = sentence(blocked.Parents)
	}
	return blocked.Reason, blocked.detail(), same
}

// shorten cuts a text to the given number of characters, and marks the cut.
func shorten(text string, most int) string {
	if short := cut(text, most-1); len(short) < len(cut(text, most)) {
		return short + "…"
	}
	return text
}
