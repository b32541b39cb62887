// Package model implements the tracker's rules in memory: the state of processes, runs
// and extracts, and the effect of each call, one after the other. It is meant to be
// read and compared with docs/semantics.md. It uses no SQL and shares no code with the
// tracker; package modeltest compares databases with it.
//
// Times are whole numbers, 0 for none: the model has no clock.
package model

import (
	"maps"
	"slices"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A State is the content of a database.
type State struct {
	processes map[string]*process
	clusters  map[string]cluster
	extracts  []*extract // in the order of their registration
}

type process struct {
	runs        []*run // number 1 comes first
	failures    int    // in a row, since the last release
	maxFailures int    // -1: the tracker's limit applies
	hold        *holding
	watermark   int
	totals      Counts
	completedAt int
	parents     map[string]dependency
	clusters    map[string]bool
}

type run struct {
	Run

	active             bool
	memory, processing int64
	soft               []Parent
}

type holding struct{ by, reason string }

type dependency struct {
	kind  tracker.DependencyKind
	fresh bool
}

type cluster struct{ memory, processing *int64 }

type extract struct {
	Extract

	parents []File
	claimed *claimed // nil: by no run
}

type claimed struct {
	by   RunRef
	back tracker.ExtractStatus
}

// New returns the state of an empty database.
func New() *State {
	return &State{processes: map[string]*process{}, clusters: map[string]cluster{}}
}

// Clone returns a copy that shares nothing mutable.
func (s *State) Clone() *State {
	c := New()
	maps.Copy(c.clusters, s.clusters)
	for name, p := range s.processes {
		copied := *p
		copied.parents, copied.clusters = maps.Clone(p.parents), maps.Clone(p.clusters)
		copied.runs = copies(p.runs)
		c.processes[name] = &copied
	}
	c.extracts = copies(s.extracts)
	return c
}

// copies copies the values that the pointers point to. Values further on are never
// changed in place.
func copies[T any](from []*T) []*T {
	all := make([]*T, len(from))
	for i, item := range from {
		copied := *item
		all[i] = &copied
	}
	return all
}

// register returns the process, which it creates if there is none.
func (s *State) register(name string) *process {
	p, ok := s.processes[name]
	if !ok {
		p = &process{maxFailures: -1, parents: map[string]dependency{}, clusters: map[string]bool{}}
		s.processes[name] = p
	}
	return p
}

func (s *State) run(ref RunRef) (*process, *run) {
	p := s.processes[ref.Process]
	return p, p.runs[ref.Number-1]
}

// Begun makes the run and the runs before it active, even if they block each other. It
// is for checking only extracts.
func (s *State) Begun(ref RunRef) {
	p := s.register(ref.Process)
	for n := int64(len(p.runs)) + 1; n <= ref.Number; n++ {
		p.runs = append(p.runs, &run{Run: Run{RunRef: RunRef{ref.Process, n}, Status: tracker.Running}, active: true})
	}
}

func (s *State) extract(f File) *extract {
	i := slices.IndexFunc(s.extracts, func(e *extract) bool { return e.File == f })
	if i < 0 {
		return nil
	}
	return s.extracts[i]
}

// latest returns the process's latest run, nil if it never ran.
func (p *process) latest() *run {
	if len(p.runs) == 0 {
		return nil
	}
	return p.runs[len(p.runs)-1]
}

func (p *process) active() bool { return p.latest() != nil && p.latest().active }

// Latest returns a process's latest run, and whether it is active; number 0 if it never ran.
func (s *State) Latest(process string) (ref RunRef, active bool) {
	p := s.processes[process]
	if p == nil {
		return RunRef{Process: process}, false
	}
	return RunRef{process, int64(len(p.runs))}, p.active()
}

// Held returns the processes on hold.
func (s *State) Held() []string {
	held := maps.Clone(s.processes)
	maps.DeleteFunc(held, func(_ string, p *process) bool { return p.hold == nil })
	return slices.Sorted(maps.Keys(held))
}

// Clusters returns the existing clusters.
func (s *State) Clusters() []string { return slices.Sorted(maps.Keys(s.clusters)) }

// Files returns the registered extracts, oldest first.
func (s *State) Files() []File {
	all := make([]File, len(s.extracts))
	for i, e := range s.extracts {
		all[i] = e.File
	}
	return all
}
