package modeltest

import (
	"slices"

	"github.com/processtracker/processtracker-go/conformance/model"
)

// made is one of several concurrent calls, with its result.
type made struct {
	call     model.Call
	outcome  model.Outcome
	prepared bool // its first step was made, if it has two
}

// orders returns the states that the calls may have led to: one for each order in which
// the model returns the actual results. A start has two steps, and other calls may come
// between them.
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

// returned reports whether the call returned this result. It ignores the soft parents
// of a started run, because they are read a moment after the decision to start.
func (m made) returned(want model.Outcome) bool {
	got := m.outcome
	if _, ok := m.call.(model.Start); ok && got.Refused == nil && want.Refused == nil {
		got.Parents, want.Parents = nil, nil
	}
	return want.Same(got)
}

// passedOver tells each claim which extracts it may have found locked, among the ones
// that it did not get: the extracts of concurrent changes, and the ones that concurrent
// claims read. A claim that is refused because its run has ended has read extracts in
// the same round trip, possibly any. InnoDB also locks the rows that a new row
// references; where wide is set, every claim locks what it reads.
func passedOver(calls []made, all []model.File, wide bool) {
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
				if i != j && (wide || calls[j].outcome.Refused != nil) {
					claim.Locked = append(claim.Locked, all...)
				}
			}
		}
		claim.Locked = slices.DeleteFunc(claim.Locked, func(f model.File) bool { return slices.Contains(m.outcome.Files, f) })
		calls[i].call = claim
	}
}
