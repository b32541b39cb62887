package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Register registers extracts, in the order of their locations and names. Extracts that
// are already registered keep their position and their status.
type Register struct {
	Run    RunRef
	Files  []File
	Status tracker.ExtractStatus
}

func (c Register) String() string { return words(c.Run, "registers", c.Files, c.Status) }

// Do implements [Call]: S5.1, S5.3, S5.11.
func (c Register) Do(s *State) Outcome {
	if _, r := s.run(c.Run); !r.active {
		return r.ended()
	}
	for _, f := range slices.SortedFunc(slices.Values(c.Files), compareFiles) {
		if s.extract(f) == nil {
			e := &extract{Extract: Extract{File: f, Status: c.Status, RegisteredBy: c.Run}}
			if c.Status == tracker.Loading {
				e.claimed = &claimed{by: c.Run, back: tracker.Ready}
			}
			s.extracts = append(s.extracts, e)
		}
	}
	o := Outcome{Files: c.Files}
	for _, f := range c.Files {
		o.Statuses = append(o.Statuses, s.extract(f).Status)
	}
	return o
}

func compareFiles(a, b File) int { return strings.Compare(a.String(), b.String()) }

// AddParents makes an extract wait for other extracts.
type AddParents struct {
	Child   File
	Parents []File
}

func (c AddParents) String() string { return words(c.Child, "is loaded after", c.Parents) }

// Do implements [Call].
func (c AddParents) Do(s *State) Outcome {
	if slices.Contains(c.Parents, c.Child) {
		return refused(tracker.ErrCycle)
	}
	child := s.extract(c.Child)
	for _, f := range c.Parents {
		if !slices.Contains(child.parents, f) {
			child.parents = append(slices.Clip(child.parents), f)
		}
	}
	return Outcome{}
}

// unloaded returns the parents of the given extracts that are not loaded and not among
// those extracts, oldest first.
func (s *State) unloaded(children ...*extract) (all []File) {
	for _, parent := range s.extracts {
		if parent.Status == tracker.Loaded || parent.Status == tracker.Archived || slices.Contains(children, parent) {
			continue
		}
		if slices.ContainsFunc(children, func(e *extract) bool { return slices.Contains(e.parents, parent.File) }) {
			all = append(all, parent.File)
		}
	}
	return all
}

// Move changes the status of extracts.
type Move struct {
	Run   RunRef
	To    tracker.ExtractStatus
	Files []File
}

func (c Move) String() string { return words(c.Run, "moves", c.Files, "to", c.To) }

// Do implements [Call]: S5.3 to S5.5, S5.11.
func (c Move) Do(s *State) Outcome {
	if _, r := s.run(c.Run); !r.active {
		return r.ended()
	}
	set := make([]*extract, len(c.Files))
	for i, f := range c.Files {
		set[i] = s.extract(f)
	}
	if waits := s.unloaded(set...); c.To == tracker.Loading && len(waits) > 0 {
		return Outcome{Refused: tracker.ErrDependency, Files: waits}
	}
	for _, e := range set {
		s.move(e, c.Run, c.To)
	}
	return Outcome{}
}

// move changes the status of an extract. If the new status is loading, the run claims
// the extract, even if it was loading without an active run.
func (s *State) move(e *extract, by RunRef, to tracker.ExtractStatus) {
	switch {
	case to == tracker.Loading && e.Status != tracker.Loading:
		e.claimed = &claimed{by: by, back: e.Status}
	case to == tracker.Loading && !s.held(e):
		back := tracker.Ready
		if e.claimed != nil {
			back = e.claimed.back
		}
		e.claimed = &claimed{by: by, back: back}
	case to != e.Status:
		e.claimed = nil
	}
	e.Status = to
}

// held reports whether an active run has claimed the extract.
func (s *State) held(e *extract) bool {
	if e.claimed == nil {
		return false
	}
	_, r := s.run(e.claimed.by)
	return r.active
}

// Claim claims extracts.
type Claim struct {
	Run       RunRef
	Most      int
	Location  string
	Suffix    string // a suffix of their names
	From      tracker.ExtractStatus
	OnFailure tracker.ExtractStatus
	// Locked are extracts that a concurrent call has locked when the claim reads them;
	// the claim skips them (S5.6).
	Locked []File
}

func (c Claim) String() string {
	return fmt.Sprintf("%v claims %d of %s*%s that are %s, on failure %s", c.Run, c.Most, c.Location, c.Suffix, c.From, c.OnFailure)
}

// Do implements [Call]: S5.4, S5.6.
func (c Claim) Do(s *State) Outcome {
	if _, r := s.run(c.Run); !r.active {
		return r.ended()
	}
	var o Outcome
	var taken []*extract
	for _, e := range s.extracts {
		matches := e.Status == c.From && e.Location == c.Location && strings.HasSuffix(e.Name, c.Suffix)
		if matches && len(taken) < c.Most && len(s.unloaded(e)) == 0 && !slices.Contains(c.Locked, e.File) {
			taken, o.Files = append(taken, e), append(o.Files, e.File)
		}
	}
	for _, e := range taken { // after all were chosen, as one extract may wait for another
		e.Status, e.claimed = tracker.Loading, &claimed{by: c.Run, back: c.OnFailure}
	}
	return o
}
