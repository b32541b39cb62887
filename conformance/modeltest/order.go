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
		if next := s.Clone(); m.returned(m.call.Do(next)) {
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

// returned reports whether the call returned this. The soft parents of a run that
// was started do not count here: they are read a moment after the start was decided.
func (m made) returned(want model.Outcome) bool {
	got := m.outcome
	if _, ok := m.call.(model.Start); ok && got.Refused == nil && want.Refused == nil {
		got.Parents, want.Parents = nil, nil
	}
	return want.Same(got)
}

// passedOver tells each claim which extracts it may have found locked, of those
// that it did not get: what a change made at the same time was about, and what
// another claim looked at. A claim that is refused, as its run has ended, has looked
// in the same round trip, at any of all. InnoDB also locks what a new row refers to.
func passedOver(calls []made, lookedAt, all []model.File) {
	for i, m := range calls {
		claim, ok := m.call.(model.Claim)
		if !ok {
			continue
		}
		for j, other := range calls {
			switch other := other.call.(type) {
			case model.Move:
				claim.Locked = append(claim.Locked, other.Files...)
			case model.Register:
				claim.Locked = append(claim.Locked, other.Files...)
			case model.AddParents:
				claim.Locked = append(append(claim.Locked, other.Child), other.Parents...)
			case model.Claim:
				if i != j {
					claim.Locked = append(claim.Locked, lookedAt...)
				}
				if calls[j].outcome.Refused != nil {
					claim.Locked = append(claim.Locked, all...)
				}
			}
		}
		claim.Locked = slices.DeleteFunc(claim.Locked, func(f model.File) bool { return slices.Contains(m.outcome.Files, f) })
		calls[i].call = claim
	}
}
