package linearize

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/anishathalye/porcupine"

	"github.com/processtracker/processtracker-go/conformance/model"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A part is a process or an extract whose calls are checked separately. It has the
// state before the first call, and a step function that reports whether the model
// explains an operation in a state, and changes the state.
type part struct {
	before *model.State
	step   func(*model.State, operation) bool
}

// checked returns the part in the checker's form.
func (p part) checked() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return p.before },
		Step: func(state, _, output any) (bool, any) {
			next := state.(*model.State).Clone()
			return p.step(next, output.(operation)), next
		},
		Equal:             reflect.DeepEqual,
		DescribeOperation: func(_, output any) string { return fmt.Sprint(output) },
		DescribeState:     func(state any) string { return fmt.Sprint(state) },
	}
}

// processPart checks the calls on one process. Package modeltest covers dependencies,
// clusters and limits on failures.
func processPart(process string) part {
	s := model.New()
	know(process).Do(s)
	return part{s, func(s *model.State, o operation) bool {
		ref, ok := runOf(o.call)
		if latest, _ := s.Latest(process); ok && ref.Number > latest.Number {
			return false
		}
		switch o.call.(type) {
		case model.Claim, model.Move: // whether they were allowed tells the state of the run
			o.call, o.outcome.Files = model.Count{Run: ref, Add: true}, nil
		}
		return o.explained(o.call.Do(s))
	}}
}

// know registers a process and does nothing else.
func know(process string) model.Call { return model.JoinCluster{Process: process, Cluster: "none"} }

// extractPart checks the calls on one extract, which is ready at first. The runs that
// work on it exist from the beginning.
func extractPart(file model.File, h *history) part {
	s := model.New()
	for _, o := range h.operations {
		if ref, ok := runOf(o.call); ok {
			s.Begun(ref)
		}
	}
	writer := model.RunRef{Process: "writer", Number: 1}
	s.Begun(writer)
	model.Register{Run: writer, Files: []model.File{file}, Status: tracker.Ready}.Do(s)
	only := func(files []model.File) []model.File {
		return slices.DeleteFunc(slices.Clone(files), func(f model.File) bool { return f != file })
	}
	return part{s, func(s *model.State, o operation) bool {
		switch c := o.call.(type) {
		case model.Claim:
			if o.outcome.Files = only(o.outcome.Files); !o.unknown && len(o.outcome.Files) == 0 {
				c.Locked = []model.File{file} // it had enough, or skipped the extract because another call had locked it
			}
			o.call = c
		case model.Move:
			c.Files = only(c.Files)
			o.call = c
		case readExtracts:
			return o.outcome.Statuses[slices.Index(o.outcome.Files, file)] == c.Do(s).Statuses[0]
		}
		return o.explained(o.call.Do(s))
	}}
}

// runOf returns the run that makes a call.
func runOf(c model.Call) (ref model.RunRef, ok bool) {
	switch c := c.(type) {
	case model.SetStatus:
		return c.Run, true
	case model.Claim:
		return c.Run, true
	case model.Move:
		return c.Run, true
	default:
		return ref, false
	}
}

// readRuns reads the statuses of a process's runs.
type readRuns struct{ by, process string }

func (c readRuns) String() string { return c.by + " reads the runs of " + c.process }

// Do implements [model.Call].
func (c readRuns) Do(s *model.State) model.Outcome {
	var o model.Outcome
	for _, r := range s.View([]string{c.process}).Processes[0].Runs {
		o.Runs = append(o.Runs, r.Status)
	}
	return o
}

// readExtracts reads the statuses of all extracts.
type readExtracts struct{ by string }

func (c readExtracts) String() string { return c.by + " reads the extracts" }

// Do implements [model.Call].
func (readExtracts) Do(s *model.State) model.Outcome {
	var o model.Outcome
	for _, e := range s.View(nil).Extracts {
		o.Files, o.Statuses = append(o.Files, e.File), append(o.Statuses, e.Status)
	}
	return o
}
