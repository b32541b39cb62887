package modeltest

import (
	"slices"

	"github.com/processtracker/processtracker-go/conformance/model"
)

// made is a call that was made at the same time as others, and what it returned.
type made struct {
	call     model.Call
	outcome  model.Outcome
	prepared bool // its first step was made, if it has two
}

// orders returns the states that the calls may have led to: one for each order of
// them in which the model returns what they returned. A start has two steps, and
// others may come between these.
func orders(s *model.State, calls []made) (after []*model.State) {
	if len(calls) == 0 {
		return []*model.State{s}
	}
	for i, m := range calls {
		if next := s.Clone(); m.call.Do(next).Same(m.outcome) {
			after = append(after, orders(next, slices.Delete(slices.Clone(calls), i, i+1))...)
		}
		if start, ok := m.call.(model.Start); ok && !m.prepared && len(calls) > 1 {
			next, rest := s.Clone(), slices.Clone(calls)
			start.Prepare(next)
			rest[i].prepared = true
			after = append(after, orders(next, rest)...)
		}
	}
	return after
}

// passedOver tells each claim which extracts it may have found locked: those that
// a change made at the same time was about, and that it did not get.
func passedOver(calls []made) {
	for i, m := range calls {
		claim, ok := m.call.(model.Claim)
		if !ok {
			continue
		}
		for _, other := range calls {
			if move, ok := other.call.(model.Move); ok {
				claim.Locked = append(claim.Locked, move.Files...)
			}
		}
		claim.Locked = slices.DeleteFunc(claim.Locked, func(f model.File) bool { return slices.Contains(m.outcome.Files, f) })
		calls[i].call = claim
	}
}
