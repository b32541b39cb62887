package model

import (
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Waiting and Cancelled are custom statuses: an active and an ended one.
const (
	Waiting   tracker.RunStatus = "waiting"
	Cancelled tracker.RunStatus = "cancelled"
)

// SetStatus sets the status of a run, which may end it.
type SetStatus struct {
	Run     RunRef
	To      tracker.RunStatus
	At      int    // the end time, if the run completes
	Reason  string // the reason, if it is put on hold
	Problem string // the error to record, if it fails
}

func (c SetStatus) String() string {
	text := words(c.Run, "is", c.To, c.Reason, c.Problem)
	if c.To == tracker.Completed {
		text += fmt.Sprintf(" at %d", c.At)
	}
	return text
}

// Do implements [Call].
func (c SetStatus) Do(s *State) Outcome {
	p, r := s.run(c.Run)
	if !r.active {
		if r.Status == c.To {
			return Outcome{} // S3.2: the same end again is no error
		}
		return r.ended()
	}
	r.Status = c.To
	if c.To == tracker.Running || c.To == Waiting {
		return Outcome{}
	}
	r.active = false
	p.failures++
	if c.To != tracker.Failed {
		p.failures = 0
	}
	if c.To == tracker.Completed {
		r.CompletedAt, p.completedAt = c.At, c.At
		p.watermark = max(p.watermark, r.High) // S6.1, S6.2
		return Outcome{}
	}
	if c.To == tracker.OnHold && p.hold == nil { // S3.3
		p.hold = &holding{by: r.By, reason: c.Reason}
	}
	if c.To == tracker.Failed {
		r.record(c.Problem)
	}
	for _, e := range s.extracts { // S5.6
		if e.claimed != nil && e.claimed.by == c.Run && e.Status == tracker.Loading {
			e.Status, e.claimed = e.claimed.back, nil
		}
	}
	return Outcome{}
}

func (r *run) record(problem string) {
	if problem != "" {
		r.Errors = problem + ";" + r.Errors
	}
}

// RecordError records an error on a run.
type RecordError struct {
	Run     RunRef
	Problem string
}

func (c RecordError) String() string { return words(c.Run, "has the error", c.Problem) }

// Do implements [Call]: S3.4.
func (c RecordError) Do(s *State) Outcome {
	_, r := s.run(c.Run)
	if !r.active {
		return r.ended()
	}
	r.record(c.Problem)
	return Outcome{}
}

// Count sets a run's counts, or adds to them.
type Count struct {
	Run    RunRef
	Add    bool
	Counts Counts
}

func (c Count) String() string {
	return fmt.Sprintf("%v %s %v", c.Run, map[bool]string{true: "adds", false: "counts"}[c.Add], c.Counts)
}

// Do implements [Call]: S3.6.
func (c Count) Do(s *State) Outcome {
	p, r := s.run(c.Run)
	if !r.active {
		return r.ended()
	}
	for i, n := range c.Counts {
		if !c.Add {
			n -= r.Counts[i]
		}
		r.Counts[i] += n
		p.totals[i] += n
	}
	return Outcome{}
}

// Covers sets the beginning and the end of a run's data.
type Covers struct {
	Run       RunRef
	Low, High int
}

func (c Covers) String() string { return fmt.Sprintf("%v covers %d to %d", c.Run, c.Low, c.High) }

// Do implements [Call]: S3.5.
func (c Covers) Do(s *State) Outcome {
	_, r := s.run(c.Run)
	if !r.active {
		return r.ended()
	}
	if c.Low > 0 && (r.Low == 0 || c.Low < r.Low) {
		r.Low = c.Low
	}
	r.High = max(r.High, c.High)
	return Outcome{}
}

// Hold puts a process on hold, as an operator does.
type Hold struct{ By, Process, Reason string }

func (c Hold) String() string { return words(c.By, "holds", c.Process, c.Reason) }

// Do implements [Call]: S3.3.
func (c Hold) Do(s *State) Outcome {
	p, ok := s.processes[c.Process]
	switch {
	case !ok:
		return refused(tracker.ErrNotFound)
	case p.hold == nil:
		p.hold = &holding{by: c.By, reason: c.Reason}
	}
	return Outcome{}
}

// Release ends a hold.
type Release struct{ By, Process string }

func (c Release) String() string { return words(c.By, "releases", c.Process) }

// Do implements [Call]: S3.3.
func (c Release) Do(s *State) Outcome {
	p, ok := s.processes[c.Process]
	switch {
	case !ok:
		return refused(tracker.ErrNotFound)
	default:
		p.hold, p.failures = nil, 0
	}
	return Outcome{}
}

// SetMaxFailures sets a process's own limit on failures; -1 restores the trackers' limit.
type SetMaxFailures struct {
	Process string
	Most    int
}

func (c SetMaxFailures) String() string { return words(c.Process, "may fail", c.Most, "times") }

// Do implements [Call]: S2.3.
func (c SetMaxFailures) Do(s *State) Outcome {
	p, ok := s.processes[c.Process]
	if !ok {
		return refused(tracker.ErrNotFound)
	}
	p.maxFailures = c.Most
	return Outcome{}
}
