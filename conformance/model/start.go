package model

import (
	"fmt"
	"maps"
	"slices"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Start starts a run.
type Start struct {
	By                 string // the tracker's actor …
	MaxFailures        int    // … and its limit on failures
	Process            string
	Name               string
	FromWatermark      bool
	Memory, Processing int64
}

func (c Start) String() string {
	text := fmt.Sprintf("%s (at most %d failures) starts %s", c.By, c.MaxFailures, c.Process)
	if c.Name != "" {
		text += fmt.Sprintf(", name %q", c.Name)
	}
	if c.FromWatermark {
		text += ", from the watermark"
	}
	if c.Memory+c.Processing > 0 {
		text += fmt.Sprintf(", needs %d and %d", c.Memory, c.Processing)
	}
	return text
}

// Prepare is the first of the two steps of a start: it registers the process (S1.1),
// and puts it on hold if it has failed too often (S2.3). Other calls may take effect
// between it and the second step.
func (c Start) Prepare(s *State) {
	p := s.register(c.Process)
	most := c.MaxFailures
	if p.maxFailures >= 0 {
		most = p.maxFailures
	}
	if p.done(c.Name) == nil && !p.active() && p.hold == nil && most > 0 && p.failures >= most {
		p.hold = &holding{by: c.By, reason: fmt.Sprintf("its latest %d runs failed", p.failures)}
	}
}

// Do implements [Call]: rules S2.1 to S2.9, in the order in which they are checked.
func (c Start) Do(s *State) Outcome {
	c.Prepare(s)
	p := s.processes[c.Process]
	if r := p.done(c.Name); r != nil { // S2.9
		return Outcome{Refused: tracker.ErrAlreadyDone, Run: r.Number, Name: r.Name, Status: r.Status, By: r.By}
	}
	if p.active() { // S2.1
		r := p.latest()
		return Outcome{Refused: tracker.ErrAlreadyRunning, Run: r.Number, Name: r.Name, Status: r.Status, By: r.By}
	}
	if p.hold != nil { // S2.2, S2.3
		return Outcome{Refused: tracker.ErrOnHold, By: p.hold.by, Reason: p.hold.reason}
	}
	strict, soft := s.inTheWay(p)
	if len(strict) > 0 { // S2.4, S2.5
		return Outcome{Refused: tracker.ErrDependency, Parents: strict}
	}
	if full := s.full(p, c.Memory, c.Processing); len(full) > 0 { // S2.6
		return Outcome{Refused: tracker.ErrNoCapacity, Clusters: full}
	}
	r := &run{active: true, memory: c.Memory, processing: c.Processing, soft: soft}
	r.Run = Run{RunRef: RunRef{c.Process, int64(len(p.runs)) + 1}, Status: tracker.Running, By: c.By, Name: c.Name}
	if c.FromWatermark {
		r.Low = p.watermark // S6.1
	}
	p.runs = append(p.runs, r)
	return Outcome{Run: r.Number, Low: r.Low, Parents: soft}
}

// done returns the completed run of that name.
func (p *process) done(name string) *run {
	for _, r := range p.runs {
		if name != "" && r.Name == name && r.Status == tracker.Completed {
			return r
		}
	}
	return nil
}

// inTheWay returns the parents whose state blocks a start, or would if they were not soft.
func (s *State) inTheWay(p *process) (strict, soft []Parent) {
	for _, name := range slices.Sorted(maps.Keys(p.parents)) {
		parent, dep := s.processes[name], p.parents[name]
		seen := Parent{Process: name, Kind: dep.kind, Fresh: dep.fresh && dep.kind != tracker.Soft}
		blocks := dep.kind != tracker.Normal // if it never ran
		if latest := parent.latest(); latest != nil {
			blocks = latest.active || latest.Status == tracker.Failed || latest.Status == tracker.OnHold
			seen.Number, seen.Status, seen.By = latest.Number, latest.Status, latest.By
		}
		if dep.fresh && (parent.completedAt == 0 || p.completedAt > 0 && parent.completedAt <= p.completedAt) {
			blocks = true
		}
		switch {
		case !blocks:
		case dep.kind == tracker.Soft:
			soft = append(soft, seen)
		default:
			strict = append(strict, seen)
		}
	}
	return strict, soft
}

// full returns the clusters of a process that have no room for these amounts.
func (s *State) full(p *process, memory, processing int64) (all []Cluster) {
	for _, name := range slices.Sorted(maps.Keys(p.clusters)) {
		used := Cluster{Name: name}
		for _, other := range s.processes {
			if other.clusters[name] && other.active() {
				used.UsedMemory += other.latest().memory
				used.UsedProcessing += other.latest().processing
			}
		}
		most := s.clusters[name]
		if over(most.memory, used.UsedMemory+memory) || over(most.processing, used.UsedProcessing+processing) {
			all = append(all, used)
		}
	}
	return all
}

func over(most *int64, n int64) bool { return most != nil && n > *most }
