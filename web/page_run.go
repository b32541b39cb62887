package web

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web/internal/chart"
)

// runDetail is the data for the page of a run.
type runDetail struct {
	info     tracker.RunInfo
	changes  []tracker.Change
	errors   []tracker.RunError
	extracts []tracker.Extract
	soft     []tracker.Parent
}

// mostChanges limits the timeline of a run or a file.
const mostChanges = 500

func readRun(ctx context.Context, src source, id int64) (*runDetail, error) {
	info, err := src.RunByID(ctx, id)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, errors.Join(errNoSuch, err)
	} else if err != nil {
		return nil, err
	}
	r := &runDetail{info: info}
	if r.changes, err = collect(src.History(ctx, tracker.HistoryFilter{RunID: id, Limit: mostChanges})); err != nil {
		return nil, err
	}
	if r.errors, err = collect(src.Errors(ctx, tracker.ErrorFilter{RunID: id, Limit: mostRows})); err != nil {
		return nil, err
	}
	if r.extracts, err = collect(src.Extracts(ctx, tracker.ExtractFilter{RunID: id, Limit: mostRows})); err != nil {
		return nil, err
	}
	r.soft, err = src.SoftDependencies(ctx, id)
	return r, err
}

// findRun returns the ID of a run, given its process and number.
func findRun(ctx context.Context, src source, process, number string) (int64, error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 || process == "" {
		return 0, &badRequestError{"no run is named; give its id, or its process and number"}
	}
	// The newest run of the process before the one with the next number.
	after := tracker.RunInfo{ID: 1, Number: n + 1}.Cursor()
	runs, err := collect(src.Runs(ctx, tracker.RunFilter{Process: process, After: after, Limit: 1}))
	if err != nil {
		return 0, err
	}
	if len(runs) == 0 || runs[0].Number != n {
		return 0, errNoSuch
	}
	return runs[0].ID, nil
}

func runPage(v view, r *runDetail) *page {
	info := r.info
	state := stateOf(info)
	word := stateWord(state)
	if state == chart.Other {
		word = string(info.Status)
	}
	p := &page{
		Name: "run", Title: fmt.Sprintf("Run %d of %s", info.Number, info.Process), Subject: fmt.Sprintf("Run %d", info.Number),
		State: state, Word: word, Refresh: info.Active(),
	}
	p.Sections = append(p.Sections, section{ID: "state", Title: "State", Facts: v.runFacts(info)})
	if len(r.errors) > 0 {
		t := &table{ID: "errors", Caption: "Errors that the run recorded", Columns: errorColumns(false)}
		for _, e := range r.errors {
			t.add(v.errorCells(e, false)...)
		}
		if len(r.errors) == mostRows {
			t.Next = v.address("errors", "run", strconv.FormatInt(info.ID, 10))
		}
		p.Sections = append(p.Sections, section{ID: "errors", Title: "Errors", Table: t})
	}
	p.Sections = append(p.Sections, v.timeline(r), v.runExtracts(r))
	if len(r.soft) > 0 {
		t := &table{ID: "soft_dependencies", Caption: "Unmet soft dependencies at its start", Columns: []column{
			{Key: "process", Title: "Process"}, {Key: "run_number", Title: "Run"}, {Key: "status", Title: "Status then"},
		}}
		for _, d := range r.soft {
			t.add(v.processCell(d.Process), numberCell(d.RunNumber), textCell(string(d.Status)))
		}
		p.Sections = append(p.Sections, section{ID: "soft_dependencies", Title: "Soft dependencies that were not fulfilled", Table: t})
	}
	p.Acts = v.runActs(info)
	return p
}

func (v view) runFacts(info tracker.RunInfo) []fact {
	end := info.EndedAt
	if info.Active() {
		end = v.now
	}
	facts := []fact{
		{"process", "Process", v.processCell(info.Process)}, {"run_id", "Id", cell{Value: info.ID, Text: strconv.FormatInt(info.ID, 10)}},
		{"run_name", "Name", textCell(info.Name)}, {"actor", "Started by", textCell(info.Actor)},
		{"started_at", "Started", v.timeCell(info.StartedAt)}, {"ended_at", "Ended", v.timeCell(info.EndedAt)},
		{"duration_seconds", "Took", durationCell(end.Sub(info.StartedAt))},
	}
	if !info.LeaseUntil.IsZero() {
		facts = append(facts, fact{"lease_expires_at", "Lease until", v.timeCell(info.LeaseUntil)})
	} else if info.Active() {
		facts = append(facts, fact{"lease_expires_at", "Lease", cell{Text: "none: only the holder of the run, or a reap, ends it"}})
	}
	return append(facts,
		fact{"low_at", "Data from", v.timeCell(info.Low)}, fact{"high_at", "Data to", v.timeCell(info.High)},
		fact{"records", "Records", numberCell(info.Counts.Records)}, fact{"inserts", "Inserts", numberCell(info.Counts.Inserts)},
		fact{"updates", "Updates", numberCell(info.Counts.Updates)}, fact{"deletes", "Deletes", numberCell(info.Counts.Deletes)},
	)
}

// timeline lists the events of the run's history, each with its time since the start.
func (v view) timeline(r *runDetail) section {
	t := &table{ID: "timeline", Caption: "Changes that the run made", Empty: "Its history was purged.", Columns: []column{
		{Key: "changed_at", Title: "When"}, {Key: "after_seconds", Title: "After", Right: true}, {Key: "subject", Title: "What"},
		{Key: "from_status", Title: "From"}, {Key: "to_status", Title: "To"}, {Key: "reason", Title: "Why"}, {Key: "actor", Title: "By"},
	}}
	for _, c := range r.changes {
		what := textCell("the run")
		what.Name = false
		if c.ExtractID != 0 {
			what = linkCell(c.Extract, v.file(c.ExtractID))
		}
		t.add(v.timeCell(c.At), durationCell(c.At.Sub(r.info.StartedAt)), what, textCell(c.From), textCell(c.To), longCell(c.Reason), textCell(c.Actor))
	}
	sec := section{ID: "timeline", Title: "Timeline", Table: t}
	if len(r.changes) == mostChanges {
		sec.Note = fmt.Sprintf("The first %d changes.", mostChanges)
	}
	if gantt, ok := v.timelineChart(r); ok {
		sec.Chart = gantt.Draw()
	}
	return sec
}

// timelineFiles limits the number of files whose events the chart shows.
const timelineFiles = 40

// timelineChart has a row for the run, and one for each file that spent time loading.
func (v view) timelineChart(r *runDetail) (chart.Gantt, bool) {
	end := r.info.EndedAt
	if r.info.Active() {
		end = v.now
	}
	if !end.After(r.info.StartedAt) {
		return chart.Gantt{}, false
	}
	gantt := chart.Gantt{
		Title: "Timeline of the run", Description: "The list below has the same.", Since: r.info.StartedAt, Until: end, Now: end, Zone: v.zone,
		Rows: []chart.Row{{Label: "the run", Bars: []chart.Bar{{From: r.info.StartedAt, To: end, State: stateOf(r.info), Title: v.runTitle(r.info)}}}},
	}
	rows := map[int64]int{}
	for _, c := range r.changes {
		if c.ExtractID == 0 {
			continue
		}
		at, ok := rows[c.ExtractID]
		if !ok {
			if len(gantt.Rows) > timelineFiles {
				continue
			}
			at = len(gantt.Rows)
			rows[c.ExtractID] = at
			gantt.Rows = append(gantt.Rows, chart.Row{Label: c.Extract, Href: v.file(c.ExtractID)})
		}
		row := &gantt.Rows[at]
		if n := len(row.Bars); n > 0 && row.Bars[n-1].To.IsZero() {
			row.Bars[n-1].To = c.At
		}
		row.Bars = append(row.Bars, chart.Bar{
			From: c.At, State: fileState(tracker.ExtractStatus(c.To)), Href: v.file(c.ExtractID),
			Title: fmt.Sprintf("%s: %s at %s", c.Extract, c.To, v.full(c.At)),
		})
	}
	return gantt, len(r.changes) > 0
}

// fileState returns the displayed state of an extract.
func fileState(status tracker.ExtractStatus) chart.State {
	switch status {
	case tracker.Loaded, tracker.Archived, tracker.Deleted:
		return chart.Completed
	case tracker.InError:
		return chart.Failed
	case tracker.Loading, tracker.Initializing:
		return chart.Running
	case tracker.Ready:
		return chart.Never
	default:
		return chart.Other
	}
}

func (v view) runExtracts(r *runDetail) section {
	t := &table{ID: "extracts", Caption: "Files that the run worked on", Columns: extractColumns(), Empty: "None."}
	for _, e := range r.extracts {
		t.add(v.extractCells(e, nil)...)
	}
	if len(r.extracts) == mostRows {
		t.Next = v.address("files", "run", strconv.FormatInt(r.info.ID, 10))
	}
	return section{ID: "extracts", Title: "Files", Table: t}
}
