package cli

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// survey contains all processes and their dependencies, as they were when they were read.
type survey struct {
	processes []tracker.ProcessInfo
	byName    map[string]tracker.ProcessInfo
	parents   map[string][]tracker.Dependency // by the child
	children  map[string][]tracker.Dependency // by the parent
}

func surveyOf(ctx context.Context, t *tracker.Tracker) (*survey, error) {
	s := &survey{byName: map[string]tracker.ProcessInfo{}, children: map[string][]tracker.Dependency{}}
	for p, err := range t.Registry().Processes(ctx, tracker.ProcessFilter{}) {
		if err != nil {
			return nil, err
		}
		s.processes = append(s.processes, p)
		s.byName[p.Name] = p
	}
	var err error
	if s.parents, err = parentsOf(ctx, t); err != nil {
		return nil, err
	}
	for _, child := range slices.Sorted(maps.Keys(s.parents)) {
		for _, d := range s.parents[child] {
			s.children[d.Parent] = append(s.children[d.Parent], d)
		}
	}
	return s, nil
}

// blockers returns the parents that would make a start of the process be refused.
func (s *survey) blockers(process string) (names []string) {
	child := s.byName[process]
	for _, d := range s.parents[process] {
		if d.Kind != tracker.Soft && inTheWay(s.byName[d.Parent], child, d) {
			names = append(names, d.Parent)
		}
	}
	return names
}

func inTheWay(parent, child tracker.ProcessInfo, d tracker.Dependency) bool {
	stale := parent.LastCompletedAt.IsZero() || !child.LastCompletedAt.IsZero() && !parent.LastCompletedAt.After(child.LastCompletedAt)
	return parent.Active || parent.Status == tracker.Failed || parent.Status == tracker.OnHold ||
		d.Kind == tracker.Hard && parent.RunNumber == 0 || d.Fresh && stale
}

// The states of a process, in addition to the statuses of its latest run.
const (
	stateDead     = "dead" // it is active, and its lease has expired
	stateBlocked  = "blocked"
	stateNeverRan = "never ran"
)

// state returns the most important state of a process, and since when the process has
// been in it.
func (s *survey) state(p tracker.ProcessInfo) (state string, since time.Time) {
	switch {
	case p.Active && p.LeaseExpired:
		return stateDead, p.LeaseUntil
	case p.Active:
		return string(p.Status), p.StartedAt
	case p.Hold != nil:
		return string(tracker.OnHold), p.Hold.Since
	case p.Status == tracker.Failed:
		return string(tracker.Failed), p.EndedAt
	case len(s.blockers(p.Name)) > 0:
		return stateBlocked, time.Time{}
	case p.RunNumber == 0:
		return stateNeverRan, time.Time{}
	default:
		return string(p.Status), p.EndedAt
	}
}
