package linearize

import (
	"fmt"
	"maps"

	"github.com/anishathalye/porcupine"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// An extractState is one extract, with who claimed it, and which runs have ended:
// those write to it no more.
type extractState struct {
	status  tracker.ExtractStatus
	claimed runKey // zero if nobody has
	ended   map[runKey]bool
}

// extractModel is what happens to one extract, one call after the other. It is
// ready at first.
func extractModel(name string) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return extractState{status: tracker.Ready} },
		Step: func(state, input, output any) (bool, any) {
			return state.(extractState).step(name, input.(call), output.(result)) //nolint:forcetypeassert // the history has no other
		},
		Equal: func(a, b any) bool {
			x, y := a.(extractState), b.(extractState) //nolint:forcetypeassert // as above
			return x.status == y.status && x.claimed == y.claimed && maps.Equal(x.ended, y.ended)
		},
		DescribeOperation: describe,
		DescribeState:     func(state any) string { return fmt.Sprintf("%+v", state) },
	}
}

// step reports whether a call in this state may have returned that, and the state
// that it leads to. A claim that did not take the extract says nothing of it: it
// may have had enough, or have passed over it as another call had locked it.
func (s extractState) step(name string, c call, r result) (bool, extractState) {
	if r.refused != nil {
		return s.ended[c.run], s
	}
	if _, ends := c.kind.ends(); ends {
		return true, s.end(c)
	}
	if c.kind == extracts {
		return r.found[name] == s.status, s
	}
	if s.ended[c.run] {
		return r.unknown, s
	}
	if c.kind == set {
		if s.status != c.status {
			s.status, s.claimed = c.status, runKey{}
		}
		return true, s
	}
	switch _, taken := r.found[name]; {
	case (taken || r.unknown) && s.status == tracker.Ready:
		s.status, s.claimed = tracker.Loading, c.run
		return true, s
	default:
		return !taken, s
	}
}

// end gives the extract back if the run has it, and did not complete.
func (s extractState) end(c call) extractState {
	if s.ended[c.run] {
		return s
	}
	if s.claimed == c.run && s.status == tracker.Loading && c.kind != complete {
		s.status, s.claimed = tracker.Ready, runKey{}
	}
	ended := map[runKey]bool{c.run: true}
	maps.Copy(ended, s.ended)
	s.ended = ended
	return s
}
