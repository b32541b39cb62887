package linearize

import (
	"fmt"
	"slices"

	"github.com/anishathalye/porcupine"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A processState is a process as a caller can tell: its runs' statuses, by
// number, and whether it is on hold. Dependencies, clusters and maxima of
// failures are left to package modeltest.
type processState struct {
	runs []tracker.RunStatus
	held bool
}

func (s processState) active() bool {
	return len(s.runs) > 0 && s.runs[len(s.runs)-1] == tracker.Running
}

// status is a run's, empty if it has not started.
func (s processState) status(number int64) tracker.RunStatus {
	if int(number) > len(s.runs) {
		return ""
	}
	return s.runs[number-1]
}

// with is the state after a run's status has changed or, with the number of no
// run yet, a run has started.
func (s processState) with(number int64, status tracker.RunStatus) processState {
	runs := slices.Clone(s.runs)
	if int(number) > len(runs) {
		runs = append(runs, status)
	}
	runs[number-1] = status
	return processState{runs: runs, held: s.held || status == tracker.OnHold}
}

// processModel is what one process does, one call after the other.
func processModel() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return processState{} },
		Step: func(state, input, output any) (bool, any) {
			return state.(processState).step(input.(call), output.(result)) //nolint:forcetypeassert // the history has no other
		},
		Equal: func(a, b any) bool {
			x, y := a.(processState), b.(processState) //nolint:forcetypeassert // as above
			return x.held == y.held && slices.Equal(x.runs, y.runs)
		},
		DescribeOperation: describe,
		DescribeState:     func(state any) string { return fmt.Sprintf("%+v", state) },
	}
}

func describe(input, output any) string { return fmt.Sprintf("%v -> %v", input, output) }

// ends says which status a call gives a run.
func (k kind) ends() (tracker.RunStatus, bool) {
	status, ok := map[kind]tracker.RunStatus{complete: tracker.Completed, fail: tracker.Failed, stop: tracker.OnHold}[k]
	return status, ok
}

// step reports whether a call in this state may have returned that, and the state
// that it leads to.
func (s processState) step(c call, r result) (bool, processState) {
	switch c.kind {
	case start:
		return s.start(r)
	case hold, release:
		return true, processState{runs: s.runs, held: c.kind == hold}
	case runs:
		return slices.Equal(s.runs, r.runs), s
	case claim, set: // that they were allowed, or were not, says what the run was
		now := s.status(c.run.number)
		return now != "" && (now == tracker.Running) == (r.refused == nil) && (r.refused == nil || now == r.status), s
	default:
		return s.end(c, r)
	}
}

func (s processState) start(r result) (bool, processState) {
	next := int64(len(s.runs)) + 1
	free := !s.active() && !s.held
	switch {
	case r.unknown && !free:
		return true, s
	case r.unknown, r.refused == nil:
		return free && (r.unknown || r.number == next), s.with(next, tracker.Running)
	case r.refused == tracker.ErrAlreadyRunning: //nolint:errorlint // a sentinel as it is
		return s.active() && r.number == next-1, s
	default:
		return !s.active() && s.held, s
	}
}

func (s processState) end(c call, r result) (bool, processState) {
	to, _ := c.kind.ends()
	switch now := s.status(c.run.number); {
	case now == "":
		return false, s
	case now == tracker.Running:
		return r.unknown || r.refused == nil, s.with(c.run.number, to)
	case r.unknown, now == to:
		return r.unknown || r.refused == nil, s
	default:
		return r.refused != nil && r.status == now, s
	}
}
