package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web/internal/chart"
)

// The lengths of the lists on the page of a process.
const (
	stripRuns  = 90
	listedRuns = 20
)

// process is the data for the page of one process.
type process struct {
	definition tracker.Process
	runs       []tracker.RunInfo
	errors     []tracker.RunError
	refusals   []tracker.Refusal
}

func readProcess(ctx context.Context, src source, name string) (*process, error) {
	definition, err := src.Definition(ctx, name)
	if errors.Is(err, tracker.ErrNotFound) || errors.Is(err, tracker.ErrInvalid) {
		return nil, errors.Join(errNoSuch, err)
	} else if err != nil {
		return nil, err
	}
	p := &process{definition: definition}
	if p.runs, err = collect(src.Runs(ctx, tracker.RunFilter{Process: name, Limit: stripRuns})); err != nil {
		return nil, err
	}
	if p.errors, err = collect(src.Errors(ctx, tracker.ErrorFilter{Process: name, Limit: listedRuns})); err != nil {
		return nil, err
	}
	p.refusals, err = collect(src.Refusals(ctx, tracker.RefusalFilter{Process: name, Limit: listedRuns}))
	return p, err
}

func processPage(v view, s *snapshot, name string, d *process) *page {
	info, ok := s.byName[name]
	if !ok { // registered after the snapshot, or beyond its limit
		info = tracker.ProcessInfo{Name: name}
	}
	state := s.state(info)
	p := &page{Name: "process", Title: name, Subject: name, State: state, Word: stateWord(state), Refresh: true}
	p.Sections = append(p.Sections,
		section{ID: "state", Title: "State", Links: v.logs(name), Facts: v.processFacts(s, info)},
		v.stripSection(d), v.countsSection(d),
		v.processRuns(name, d), v.processErrors(name, d), v.processRefusals(d),
		v.dependencySection(s, name, "parents", "Waits for", s.parents[name], func(d tracker.Dependency) string { return d.Parent }),
		v.dependencySection(s, name, "children", "Processes that wait for it", s.children[name], func(d tracker.Dependency) string { return d.Child }),
		v.definitionSection(info, d.definition),
	)
	p.Acts = v.processActs(s, info)
	return p
}

func (v view) processFacts(s *snapshot, p tracker.ProcessInfo) []fact {
	facts := []fact{{Key: "latest_run", Term: "Latest run", Value: nothing()}}
	if p.RunNumber > 0 {
		facts[0].Value = v.latest(p)
		facts = append(facts, fact{"status", "Its status", textCell(string(p.Status))}, fact{"started_at", "Started", v.since(p.StartedAt)}, fact{"ended_at", "Ended", v.since(p.EndedAt)})
	}
	if usual, ok := s.usual[p.Name]; ok && p.Active {
		facts = append(facts, fact{"usual_seconds", "Usually takes", durationCell(usual)})
	}
	if !p.LeaseUntil.IsZero() {
		facts = append(facts, fact{"lease_expires_at", "Lease until", v.timeCell(p.LeaseUntil)})
	}
	if p.Hold != nil {
		facts = append(facts, fact{"held_at", "On hold since", v.since(p.Hold.Since)}, fact{"held_by", "By", textCell(p.Hold.By)}, fact{"hold_reason", "Because", longCell(p.Hold.Reason)})
	}
	for _, c := range s.blocked[p.Name] {
		root := v.processCell(c.root)
		root.Hint = stateWord(s.state(s.byName[c.root]))
		facts = append(facts, fact{"blocked_by", "Blocked by", root})
	}
	counts := p.Totals.Counts
	return append(facts,
		fact{"failures_in_a_row", "Failures in a row", numberCell(p.Failures)},
		fact{"last_completed_at", "Last completed", v.since(p.LastCompletedAt)},
		fact{"last_failed_at", "Last failed", v.since(p.LastFailedAt)},
		fact{"watermark", "Watermark", v.timeCell(p.Totals.Watermark)},
		fact{"records", "Records in all", numberCell(counts.Records)},
		fact{"inserts", "Inserts in all", numberCell(counts.Inserts)},
		fact{"updates", "Updates in all", numberCell(counts.Updates)},
		fact{"deletes", "Deletes in all", numberCell(counts.Deletes)},
		fact{"contacts", "Ask", contactsCell(s.contacts[p.Name])},
	)
}

// stripSection shows the durations of the last runs, with the oldest on the left.
func (v view) stripSection(d *process) section {
	sec := section{ID: "strip", Title: fmt.Sprintf("How long the last %d runs took", len(d.runs))}
	if len(d.runs) == 0 {
		sec.Title, sec.Note = "Runs", "It never ran."
		return sec
	}
	strip := chart.Strip{Title: sec.Title, Description: "Height is duration; colour and shape are the status. The list of runs below has the same."}
	longest := time.Duration(0)
	for _, run := range slices.Backward(d.runs) {
		end := run.EndedAt
		if run.Active() {
			end = v.now
		}
		taken := end.Sub(run.StartedAt)
		longest = max(longest, taken)
		strip.Columns = append(strip.Columns, chart.Column{Value: taken.Seconds(), State: stateOf(run), Title: v.runTitle(run), Href: v.run(run.ID)})
	}
	sec.Chart = strip.Draw(duration(longest))
	return sec
}

// countsSection shows the record counts of the same runs.
func (v view) countsSection(d *process) section {
	sec := section{ID: "counts", Title: "Records"}
	var most int64
	strip := chart.Strip{Title: "Records of the last runs", Description: "Height is the number of records."}
	for _, run := range slices.Backward(d.runs) {
		n := max(run.Counts.Records, run.Counts.Inserts+run.Counts.Updates+run.Counts.Deletes)
		most = max(most, n)
		strip.Columns = append(strip.Columns, chart.Column{
			Value: float64(n), State: stateOf(run), Href: v.run(run.ID),
			Title: fmt.Sprintf("Run %d: %s records, %s inserts, %s updates, %s deletes", run.Number, thousands(run.Counts.Records),
				thousands(run.Counts.Inserts), thousands(run.Counts.Updates), thousands(run.Counts.Deletes)),
		})
	}
	if most == 0 {
		sec.Note = "Its last runs recorded no counts."
		return sec
	}
	sec.Chart = strip.Draw(thousands(most))
	return sec
}

func (v view) processRuns(name string, d *process) section {
	t := &table{ID: "runs", Caption: "The last runs", Columns: runColumns(false), Empty: "It never ran."}
	shown := d.runs
	if v.query.Get("format") == "" {
		shown = d.runs[:min(listedRuns, len(d.runs))]
	}
	for _, run := range shown {
		t.add(v.runCells(run, false)...)
	}
	if len(d.runs) > len(shown) {
		t.Next = v.address("runs", "process", name)
	}
	return section{ID: "runs", Title: "Runs", Table: t}
}

func errorColumns(process bool) []column {
	all := []column{{Key: "run_number", Title: "Run"}, {Key: "recorded_at", Title: "When"}, {Key: "error_type", Title: "Type"}, {Key: "description", Title: "Description"}}
	if process {
		all = slices.Insert(all, 0, column{Key: "process", Title: "Process"})
	}
	return all
}

func (v view) errorCells(e tracker.RunError, process bool) []cell {
	run := numberCell(e.RunNumber)
	run.Href = v.run(e.RunID)
	all := []cell{run, v.timeCell(e.At), textCell(e.Type), longCell(e.Description)}
	if process {
		all = slices.Insert(all, 0, v.processCell(e.Process))
	}
	return all
}

func (v view) processErrors(name string, d *process) section {
	t := &table{ID: "errors", Caption: "The last errors", Columns: errorColumns(false), Empty: "No errors were recorded."}
	for _, e := range d.errors {
		t.add(v.errorCells(e, false)...)
	}
	if len(d.errors) == listedRuns {
		t.Next = v.address("errors", "process", name)
	}
	return section{ID: "errors", Title: "Errors", Table: t}
}

func (v view) processRefusals(d *process) section {
	t := &table{ID: "refusals", Caption: "Refused starts", Columns: refusalColumns(false), Empty: "No start was refused."}
	for _, r := range d.refusals {
		t.add(v.refusalCells(r, false)...)
	}
	return section{ID: "refusals", Title: "Refused starts", Table: t}
}

func (v view) dependencySection(s *snapshot, of, id, title string, all []tracker.Dependency, other func(tracker.Dependency) string) section {
	t := &table{ID: id, Caption: title, Empty: "None.", Columns: []column{
		{Key: "process", Title: "Process"}, {Key: "state", Title: "State"}, {Key: "kind", Title: "Dependency"}, {Key: "fresh", Title: "Fresh data"}, {Key: "in_the_way", Title: "Blocks it"},
	}}
	for _, d := range all {
		name := other(d)
		state := s.state(s.byName[name])
		t.add(v.processCell(name), stateCell(state, stateWord(state)), textCell(string(d.Kind)), yesCell(d.Fresh), yesCell(s.inTheWay(d)))
	}
	return section{ID: id, Title: title, Table: t, Links: []link{{Text: "Show in the graph", Href: v.address("graph", "process", of)}}}
}

func yesCell(yes bool) cell {
	if yes {
		return cell{Value: true, Text: "yes"}
	}
	return cell{Value: false, Text: "no"}
}

func (v view) definitionSection(p tracker.ProcessInfo, d tracker.Process) section {
	list := func(refs []tracker.DataRef) cell {
		names := make([]string, len(refs))
		for i, ref := range refs {
			names[i] = strings.Join(slices.DeleteFunc([]string{ref.System, ref.Object, ref.Attribute}, func(s string) bool { return s == "" }), " / ")
		}
		return listCell(names)
	}
	filters := make([]string, len(d.Filters))
	for i, f := range d.Filters {
		filters[i] = fmt.Sprintf("%s / %s / %s %s %s", f.Attribute.System, f.Attribute.Object, f.Attribute.Attribute, f.Operator, strings.Join(f.Values, ", "))
	}
	return section{ID: "definition", Title: "Definition", Facts: []fact{
		{"type", "Type", textCell(d.Type)}, {"tool", "Tool", textCell(d.Tool)}, {"frequency", "Frequency", textCell(d.Frequency)},
		{"sources", "Sources", list(d.Sources)}, {"targets", "Targets", list(d.Targets)},
		{"filters", "Filters", listCell(filters)}, {"dataset_types", "Dataset types", listCell(d.DatasetTypes)},
		{"registered_at", "Registered", v.timeCell(p.Audit.CreatedAt)}, {"registered_by", "By", textCell(p.Audit.CreatedBy)},
	}}
}

// listCell returns a cell with each value on its own line.
func listCell(values []string) cell {
	if values == nil {
		values = []string{}
	}
	c := cell{Value: values}
	for _, value := range values {
		c.More = append(c.More, textCell(value))
	}
	return c
}

// processActs returns the actions that the viewer may take on a process in its current state.
func (v view) processActs(s *snapshot, p tracker.ProcessInfo) []actForm {
	var acts []actForm
	if p.Hold == nil && v.viewer.may(ActHold) {
		acts = append(acts, actForm{Action: ActHold, Process: p.Name, Title: "Hold", Explain: "The process cannot start until it is released. An active run goes on."})
	}
	if (p.Hold != nil || p.Failures > 0) && v.viewer.may(ActRelease) {
		acts = append(acts, actForm{Action: ActRelease, Process: p.Name, Title: "Release", Explain: "The process may start again, and its failures so far no longer count."})
	}
	if run, ok := s.active[p.Name]; ok {
		acts = append(acts, v.runActs(run)...)
	}
	return acts
}

// runActs returns the actions that the viewer may take on a run.
func (v view) runActs(run tracker.RunInfo) []actForm {
	if !run.Active() || !v.viewer.may(ActReap) {
		return nil
	}
	act := actForm{
		Action: ActReap, Process: run.Process, Run: run.ID, Title: fmt.Sprintf("Reap run %d", run.Number), Danger: true,
		Explain: "The run's lease has expired. The run fails, its claimed files are released, and its program can no longer write to it.",
	}
	if !run.LeaseExpired {
		act.Explain = "The run fails even if its program still works. Its claimed files are released, and the program can no longer write to the run. The program itself is not stopped."
		act.Confirm = "Its program is dead, or may be cut off"
	}
	return []actForm{act}
}
