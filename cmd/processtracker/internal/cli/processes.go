package cli

import (
	"iter"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// processSelection selects the processes to list: all, or those with one of the given
// properties.
type processSelection struct{ held, blocked, failed, running bool }

// surveyed is a process with its state in relation to the others.
type surveyed struct {
	tracker.ProcessInfo

	state    string
	since    moment
	blockers []string
}

func (s *survey) of(p tracker.ProcessInfo) surveyed {
	state, since := s.state(p)
	one := surveyed{ProcessInfo: p, state: state, since: moment(since)}
	if !p.Active {
		one.blockers = s.blockers(p.Name)
	}
	return one
}

// list yields the selected processes.
func (s *survey) list(which processSelection) iter.Seq2[surveyed, error] {
	return func(yield func(surveyed, error) bool) {
		for _, p := range s.processes {
			if one := s.of(p); which.has(one) && !yield(one, nil) {
				return
			}
		}
	}
}

func (w processSelection) has(p surveyed) bool {
	return w == processSelection{} || w.held && p.Hold != nil || w.blocked && len(p.blockers) > 0 ||
		w.failed && p.Status == tracker.Failed || w.running && p.Active
}

// processJSON is a process in a list.
type processJSON struct {
	Process         string    `json:"process"`
	Type            *string   `json:"type"`
	Tool            *string   `json:"tool"`
	Frequency       *string   `json:"frequency"`
	State           string    `json:"state"` // running, dead, on hold, failed, blocked, never ran, completed, or a custom status
	Since           moment    `json:"since"`
	RunNumber       int64     `json:"run_number"` // of the latest run; 0: it never ran
	Status          *string   `json:"status"`     // of the latest run
	Active          bool      `json:"active"`
	LeaseExpired    bool      `json:"lease_expired"`
	Failures        int64     `json:"failures"`
	Hold            *holdJSON `json:"hold"`
	BlockedBy       []string  `json:"blocked_by"`
	LastCompletedAt moment    `json:"last_completed_at"`
	LastFailedAt    moment    `json:"last_failed_at"`
}

func newProcessJSON(p surveyed) any {
	document := processJSON{
		Process: p.Name, Type: orNull(p.Type), Tool: orNull(p.Tool), Frequency: orNull(p.Frequency),
		State: p.state, Since: p.since, RunNumber: p.RunNumber, Status: orNull(string(p.Status)), Active: p.Active, LeaseExpired: p.LeaseExpired,
		Failures: p.Failures, BlockedBy: append([]string{}, p.blockers...),
		LastCompletedAt: moment(p.LastCompletedAt), LastFailedAt: moment(p.LastFailedAt),
	}
	if p.Hold != nil {
		document.Hold = &holdJSON{Since: moment(p.Hold.Since), By: p.Hold.By, Reason: p.Hold.Reason}
	}
	return document
}
