package web

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web/internal/chart"
)

// snapshot is the state of all processes at one time. It is not modified after it was read.
type snapshot struct {
	processes []tracker.ProcessInfo // sorted by name
	byName    map[string]tracker.ProcessInfo
	parents   map[string][]tracker.Dependency // of a child
	children  map[string][]tracker.Dependency // of a parent
	contacts  map[string][]tracker.ContactOf
	active    map[string]tracker.RunInfo
	usual     map[string]time.Duration
	lastError map[string]tracker.RunError // of a process's latest run, if it is among the last errors that were read
	blocked   map[string][]cause
	truncated bool // there are more processes or dependencies than were read
}

// cause is the reason why a process cannot start.
type cause struct {
	root string // the process at which the chain of causes starts
	via  string // the parent that blocks the process; often the root
}

// readSnapshot executes eight statements, however many processes there are.
func readSnapshot(ctx context.Context, src source) (*snapshot, error) {
	s := &snapshot{
		byName: map[string]tracker.ProcessInfo{}, parents: map[string][]tracker.Dependency{}, children: map[string][]tracker.Dependency{},
		contacts: map[string][]tracker.ContactOf{}, active: map[string]tracker.RunInfo{}, lastError: map[string]tracker.RunError{},
		blocked: map[string][]cause{},
	}
	var err error
	if s.processes, err = collect(src.Processes(ctx, tracker.ProcessFilter{Limit: mostProcesses})); err != nil {
		return nil, err
	}
	slices.SortFunc(s.processes, func(a, b tracker.ProcessInfo) int { return cmp.Compare(a.Name, b.Name) })
	for _, p := range s.processes {
		s.byName[p.Name] = p
	}
	dependencies, err := src.Overview().Dependencies(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range dependencies {
		s.parents[d.Child] = append(s.parents[d.Child], d)
		s.children[d.Parent] = append(s.children[d.Parent], d)
	}
	s.truncated = len(s.processes) == mostProcesses || len(dependencies) == tracker.MaxOverview
	contacts, err := src.Overview().Contacts(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range contacts {
		s.contacts[c.Process] = append(s.contacts[c.Process], c)
	}
	if err := s.readRuns(ctx, src); err != nil {
		return nil, err
	}
	for _, p := range s.processes {
		s.causes(p.Name, map[string]bool{})
	}
	return s, nil
}

func (s *snapshot) readRuns(ctx context.Context, src source) error {
	active, err := collect(src.Runs(ctx, tracker.RunFilter{Active: true, Limit: mostRuns}))
	if err != nil {
		return err
	}
	for _, run := range active {
		s.active[run.Process] = run
	}
	if len(active) > 0 {
		if s.usual, err = src.Overview().UsualDurations(ctx); err != nil {
			return err
		}
	}
	recorded, err := collect(src.Errors(ctx, tracker.ErrorFilter{Limit: mostErrors}))
	if err != nil {
		return err
	}
	for _, e := range recorded { // newest first: the last error stored for a run is its first one
		if s.byName[e.Process].RunNumber == e.RunNumber {
			s.lastError[e.Process] = e
		}
	}
	return nil
}

// causes determines why a process cannot start, by the rules of a start, and finds the
// root: a parent that has failed, is on hold or is dead. If the parent has yet to run
// and cannot start either, the root is that of the parent.
func (s *snapshot) causes(name string, above map[string]bool) []cause {
	if found, ok := s.blocked[name]; ok || above[name] {
		return found
	}
	above[name] = true
	var all []cause
	child := s.byName[name]
	for _, d := range s.parents[name] {
		parent := s.byName[d.Parent]
		switch {
		case d.Kind == tracker.Soft:
		case parent.LeaseExpired, !parent.Active && isFailure(parent):
			all = append(all, cause{root: d.Parent, via: d.Parent})
		case parent.Active: // it is running, so nothing needs attention
		case d.Kind == tracker.Hard && parent.RunNumber == 0, d.Fresh && !parent.LastCompletedAt.After(child.LastCompletedAt):
			if parent.Hold != nil {
				all = append(all, cause{root: d.Parent, via: d.Parent})
			}
			for _, c := range s.causes(d.Parent, above) {
				all = append(all, cause{root: c.root, via: d.Parent})
			}
		}
	}
	s.blocked[name] = all
	return all
}

// isFailure reports whether the latest run keeps children from starting.
func isFailure(p tracker.ProcessInfo) bool {
	return p.Status == tracker.Failed || p.Status == tracker.OnHold
}

// inTheWay reports whether the parent blocks the child.
func (s *snapshot) inTheWay(d tracker.Dependency) bool {
	parent, child := s.byName[d.Parent], s.byName[d.Child]
	if d.Kind == tracker.Soft {
		return false
	}
	return parent.Active || isFailure(parent) || d.Kind == tracker.Hard && parent.RunNumber == 0 ||
		d.Fresh && !parent.LastCompletedAt.After(child.LastCompletedAt)
}

// state returns the displayed state of a process. If several apply, the one that needs
// most attention wins.
func (s *snapshot) state(p tracker.ProcessInfo) chart.State {
	switch {
	case p.LeaseExpired:
		return chart.Expired
	case p.Active:
		return chart.Running
	case p.Hold != nil:
		return chart.Held
	case p.Status == tracker.Failed:
		return chart.Failed
	case len(s.blocked[p.Name]) > 0:
		return chart.Blocked
	case p.RunNumber == 0:
		return chart.Never
	default:
		return runState(p.Status, false, false)
	}
}

// runState returns the displayed state of a run.
func runState(status tracker.RunStatus, active, expired bool) chart.State {
	switch {
	case expired:
		return chart.Expired
	case active:
		return chart.Running
	case status == tracker.Completed:
		return chart.Completed
	case status == tracker.Failed:
		return chart.Failed
	case status == tracker.OnHold:
		return chart.Held
	default:
		return chart.Other
	}
}

func stateOf(run tracker.RunInfo) chart.State {
	return runState(run.Status, run.Active(), run.LeaseExpired)
}

// stateWords describe a state in words, in addition to its shape and colour.
func stateWord(s chart.State) string {
	switch s {
	case chart.Held:
		return "on hold"
	case chart.Expired:
		return "lease expired"
	case chart.Never:
		return "never ran"
	default:
		return string(s)
	}
}
