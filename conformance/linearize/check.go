package linearize

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/processtracker/processtracker-go/conformance/model"
)

// patience limits the checker's time for one part of a history.
const patience = 10 * time.Minute

// A violation is a part of a history whose results no order of its calls explains.
type violation struct {
	name   string // of the process or the extract
	result porcupine.CheckResult
	model  porcupine.Model
	info   porcupine.LinearizationInfo
}

func (v violation) String() string { return fmt.Sprintf("%s: %s", v.name, v.result) }

// draw writes a page that shows the violation in a browser.
func (v violation) draw(path string) error { return porcupine.VisualizePath(v.model, v.info, path) }

// check looks for an order of the calls that explains their results, for each process
// and each extract separately.
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

// event returns the operation in the checker's form. An operation with an unknown
// outcome may take effect at any time after its call. If it takes effect at the very
// end, that is as if it had not happened.
func (o operation) event() porcupine.Operation {
	to := int64(o.to)
	if o.unknown {
		to = math.MaxInt64
	}
	return porcupine.Operation{ClientId: o.client, Call: int64(o.from), Output: o, Return: to}
}

// nothing means that a read returned nothing.
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

// concernsExtract excludes calls that were refused because the run had ended in another
// way: the history contains that end.
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
