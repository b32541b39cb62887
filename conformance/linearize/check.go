package linearize

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"
)

// patience is how long the checker may think about one part of a history.
const patience = time.Minute

// A violation is a part of a history that no order of its calls explains.
type violation struct {
	part   string // the process or the extract
	result porcupine.CheckResult
	model  porcupine.Model
	info   porcupine.LinearizationInfo
}

func (v violation) String() string { return fmt.Sprintf("%s: %s", v.part, v.result) }

// draw writes a page to look at in a browser.
func (v violation) draw(path string) error { return porcupine.VisualizePath(v.model, v.info, path) }

// check looks for an order of the calls that explains what they returned, for each
// process and each extract on its own.
func check(h *history, processes, names []string) []violation {
	var all []violation
	look := func(part string, model porcupine.Model, concerns func(operation) bool) {
		var ops []porcupine.Operation
		for _, o := range h.operations {
			if concerns(o) && !o.nothing() {
				ops = append(ops, o.event())
			}
		}
		if verdict, info := porcupine.CheckOperationsVerbose(model, ops, patience); verdict != porcupine.Ok {
			all = append(all, violation{part, verdict, model, info})
		}
	}
	for _, process := range processes {
		look("process "+process, processModel(), func(o operation) bool { return o.concernsProcess(process) })
	}
	for _, name := range names {
		look("extract "+name, extractModel(name), func(o operation) bool { return o.concernsExtract(name) })
	}
	return all
}

// event is the operation in the checker's form. One whose outcome is unknown may
// take effect at any time after it was called; at the very end it is as if it had
// not happened.
func (o operation) event() porcupine.Operation {
	to := int64(o.to)
	if o.result.unknown {
		to = math.MaxInt64
	}
	return porcupine.Operation{ClientId: o.client, Input: o.call, Call: int64(o.from), Output: o.result, Return: to}
}

// nothing says that a read returned nothing.
func (o operation) nothing() bool {
	return o.result.unknown && (o.call.kind == runs || o.call.kind == extracts)
}

func (o operation) concernsProcess(process string) bool {
	switch o.call.kind {
	case claim, set:
		return o.call.run.process == process && !o.result.unknown
	case extracts:
		return false
	default:
		return o.call.process == process || o.call.run.process == process
	}
}

// concernsExtract leaves out what was refused as the run had ended in another way:
// the end that it knows of is in the history.
func (o operation) concernsExtract(name string) bool {
	switch o.call.kind {
	case claim, extracts:
		return true
	case set:
		return slices.Contains(o.call.names, name)
	default:
		_, ends := o.call.kind.ends()
		return ends && o.result.refused == nil
	}
}
