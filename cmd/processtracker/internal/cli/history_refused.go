package cli

import (
	"context"
	"fmt"
	"iter"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// refusedStart stands in the status column of a history for a start that was refused.
const refusedStart = "refused"

// withRefusals merges the starts that were refused into a history, in the order of time.
func withRefusals(ctx context.Context, t *tracker.Tracker, f tracker.HistoryFilter) iter.Seq2[tracker.Change, error] {
	changes := t.History(ctx, f)
	if f.RunID != 0 || f.ExtractID != 0 {
		return changes // these filters exclude starts
	}
	refusals := t.Refusals(ctx, tracker.RefusalFilter{Process: f.Process, Since: f.Since, Until: f.Until, Order: f.Order, Limit: f.Limit})
	first := func(a, b tracker.Change) bool {
		if f.Order == tracker.OldestFirst {
			return !b.At.Before(a.At)
		}
		return !b.At.After(a.At)
	}
	return limited(merge(changes, asChanges(refusals), first), f.Limit)
}

func asChanges(list iter.Seq2[tracker.Refusal, error]) iter.Seq2[tracker.Change, error] {
	return func(yield func(tracker.Change, error) bool) {
		for r, err := range list {
			reason := ""
			if err == nil {
				reason = fmt.Sprintf("%v: %s", r.Reason, r.Detail)
			}
			if r.Times > 1 {
				reason += fmt.Sprintf(" (%d times until %s)", r.Times, r.Last.UTC().Format(momentLayout))
			}
			if !yield(tracker.Change{At: r.First, Process: r.Process, To: refusedStart, Actor: r.Actor, Reason: reason}, err) {
				return
			}
		}
	}
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
