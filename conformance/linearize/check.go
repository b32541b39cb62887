package linearize

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/processtracker/processtracker-go/conformance/model"
)

// patience is how long the checker may think about one part of a history.
const patience = 10 * time.Minute

// A violation is a part of a history that no order of its calls explains.
type violation struct {
	name   string // of the process or the extract
	result porcupine.CheckResult
	model  porcupine.Model
	info   porcupine.LinearizationInfo
}

func (v violation) String() string { return fmt.Sprintf("%s: %s", v.name, v.result) }

// draw writes a page to look at in a browser.
func (v violation) draw(path string) error { return porcupine.VisualizePath(v.model, v.info, path) }

// check looks for an order of the calls that explains what they returned, for each
// process and each extract on its own.
func check(h *history, processes []string, files []model.File) []violation {
	var all []violation
	look := func(name string, p part, concerns func(operation) bool) {
		var ops []porcupine.Operation
		for _, o := range h.operations {
			if concerns(o) && !o.nothing() {
				ops = append(ops, o.event())
			}
		}
		checked := p.checked()
		if verdict, info := porcupine.CheckOperationsVerbose(checked, ops, patience); verdict != porcupine.Ok {
			all = append(all, violation{name, verdict, checked, info})
		}
	}
	for _, process := range processes {
		look("process "+process, processPart(process), func(o operation) bool { return o.concernsProcess(process) })
	}
	for _, file := range files {
		look("extract "+file.String(), extractPart(file, h), func(o operation) bool { return o.concernsExtract(file) })
	}
	return all
}

// event is the operation in the checker's form. One whose outcome is unknown may
// take effect at any time after it was called; at the very end it is as if it had
// not happened.
func (o operation) event() porcupine.Operation {
	to := int64(o.to)
	if o.unknown {
		to = math.MaxInt64
	}
	return porcupine.Operation{ClientId: o.client, Call: int64(o.from), Output: o, Return: to}
}

// nothing says that a read returned nothing.
func (o operation) nothing() bool {
	switch o.call.(type) {
	case readRuns, readExtracts:
		return o.unknown
	default:
		return false
	}
}

func (o operation) concernsProcess(process string) bool {
	switch c := o.call.(type) {
	case model.Start:
		return c.Process == process
	case model.Hold:
		return c.Process == process
	case model.Release:
		return c.Process == process
	case readRuns:
		return c.process == process
	case model.Claim, model.Move:
		ref, _ := runOf(c)
		return ref.Process == process && !o.unknown
	default:
		ref, ok := runOf(c)
		return ok && ref.Process == process
	}
}

// concernsExtract leaves out what was refused as the run had ended in another way:
// the end that it knows of is in the history.
func (o operation) concernsExtract(file model.File) bool {
	switch c := o.call.(type) {
	case model.Claim, readExtracts:
		return true
	case model.Move:
		return slices.Contains(c.Files, file)
	case model.SetStatus:
		return o.outcome.Refused == nil
	default:
		return false
	}
}
