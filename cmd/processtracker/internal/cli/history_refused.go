package cli

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// refusedStart stands in the status column of a history for a start that was refused.
const refusedStart = "refused"

// pastChange is a change of a history, or a start that was refused.
type pastChange struct {
	tracker.Change

	refusal tracker.Cursor // of a refused start; empty for a change
	place   tracker.Cursor // of the whole history after it; see historyPlace
}

// historyPlace is a place in a history: after a change and after a refused start,
// whose cursors a dot separates if there is the second.
type historyPlace struct{ change, refusal tracker.Cursor }

func placeOf(c tracker.Cursor) historyPlace {
	change, refusal, _ := strings.Cut(string(c), ".")
	return historyPlace{tracker.Cursor(change), tracker.Cursor(refusal)}
}

func (p historyPlace) cursor() tracker.Cursor {
	if p.refusal == "" {
		return p.change
	}
	return p.change + "." + p.refusal
}

// withRefusals merges the starts that were refused into a history, in the order of time.
func withRefusals(ctx context.Context, t *tracker.Tracker, f tracker.HistoryFilter) iter.Seq2[pastChange, error] {
	at := placeOf(f.After)
	f.After = at.change
	list := asPast(t.History(ctx, f))
	if f.RunID == 0 && f.ExtractID == 0 { // these filters exclude starts
		refusals := t.Refusals(ctx, tracker.RefusalFilter{
			Process: f.Process, Since: f.Since, Until: f.Until, Order: f.Order, After: at.refusal, Limit: f.Limit,
		})
		list = limited(merge(list, asChanges(refusals), func(a, b pastChange) bool {
			if f.Order == tracker.OldestFirst {
				return !b.At.Before(a.At)
			}
			return !b.At.After(a.At)
		}), f.Limit)
	}
	return func(yield func(pastChange, error) bool) {
		at := at
		for c, err := range list {
			switch {
			case err != nil:
			case c.refusal != "":
				at.refusal = c.refusal
			default:
				at.change = c.Cursor()
			}
			if c.place = at.cursor(); !yield(c, err) {
				return
			}
		}
	}
}

func asPast(list iter.Seq2[tracker.Change, error]) iter.Seq2[pastChange, error] {
	return mapped(list, func(c tracker.Change) (pastChange, error) { return pastChange{Change: c}, nil })
}

func asChanges(list iter.Seq2[tracker.Refusal, error]) iter.Seq2[pastChange, error] {
	return mapped(list, func(r tracker.Refusal) (pastChange, error) {
		c := pastChange{Change: tracker.Change{At: r.First, Process: r.Process, To: refusedStart, Actor: r.Actor}, refusal: r.Cursor()}
		c.Reason = fmt.Sprintf("%v: %s", r.Reason, r.Detail)
		if r.Times > 1 {
			c.Reason += fmt.Sprintf(" (%d times until %s)", r.Times, r.Last.UTC().Format(momentLayout))
		}
		return c, nil
	})
}

// merge merges two sorted lists; first reports whether a comes before b.
func merge[T any](as, bs iter.Seq2[T, error], first func(a, b T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		next, stop := iter.Pull2(bs)
		defer stop()
		b, errB, more := next()
		for a, errA := range as {
			for more && errA == nil && (errB != nil || !first(a, b)) {
				if !yield(b, errB) || errB != nil {
					return
				}
				b, errB, more = next()
			}
			if !yield(a, errA) || errA != nil {
				return
			}
		}
		for ; more; b, errB, more = next() {
			if !yield(b, errB) || errB != nil {
				return
			}
		}
	}
}
