package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web/internal/chart"
)

// window is the time span of a page.
type window struct{ since, until time.Time }

// longestWindow limits the time span of one chart.
const longestWindow = 31 * 24 * time.Hour

// windowLayout is the format of a datetime-local field.
const windowLayout = "2006-01-02T15:04"

// window returns the span in the query, from and to in the viewer's zone, or the last night.
func (v view) window() (window, error) {
	from, to := v.query.Get("from"), v.query.Get("to")
	if from == "" && to == "" {
		return lastNight(v.now.In(v.zone)), nil
	}
	var w window
	var err error
	if w.since, err = v.parseTime("from", from); err != nil {
		return w, err
	}
	if w.until, err = v.parseTime("to", to); err != nil {
		return w, err
	}
	switch {
	case !w.since.Before(w.until):
		return w, &badRequestError{"from is not before to; give an earlier from or a later to"}
	case w.until.Sub(w.since) > longestWindow:
		return w, &badRequestError{fmt.Sprintf("from %s to %s is more than 31 days; give a shorter time", from, to)}
	}
	return w, nil
}

func (v view) parseTime(name, text string) (time.Time, error) {
	for _, layout := range []string{windowLayout, windowLayout + ":05", "2006-01-02"} {
		if at, err := time.ParseInLocation(layout, text, v.zone); err == nil {
			return at, nil
		}
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	return time.Time{}, &badRequestError{fmt.Sprintf("%s %q is not a time; give one such as 2026-11-28T18:00", name, text)}
}

// badRequestError is an invalid query, with a message for the viewer.
type badRequestError struct{ text string }

func (e *badRequestError) Error() string { return e.text }

// The night: from the evening before to the morning.
const (
	evening = 18
	morning = 10
)

// lastNight returns the span from 18:00 to 10:00. If it is before 10:00, the span ends
// at the next full hour.
func lastNight(now time.Time) window {
	at := func(day, hour int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+day, hour, 0, 0, 0, now.Location())
	}
	w := window{since: at(-1, evening), until: at(0, morning)}
	if now.Before(w.until) {
		w.until = nextHour(now)
	}
	return w
}

// nextHour returns when a clock in now's zone shows the next full hour.
func nextHour(now time.Time) time.Time {
	return now.Truncate(time.Minute).Add(time.Duration(60-now.Minute()) * time.Minute)
}

// night holds the events in a window.
type night struct {
	runs      []tracker.RunInfo
	refusals  []tracker.Refusal
	truncated bool
}

func readNight(ctx context.Context, src source, w window) (*night, error) {
	runs, err := src.Overview().RunsDuring(ctx, w.since, w.until, mostRuns)
	if err != nil {
		return nil, err
	}
	n := &night{runs: runs, truncated: len(runs) == mostRuns}
	active, err := collect(src.Runs(ctx, tracker.RunFilter{Active: true, Limit: mostRuns}))
	if err != nil {
		return nil, err
	}
	for _, run := range active {
		if run.StartedAt.Before(w.until) {
			n.runs = append(n.runs, run)
		}
	}
	n.refusals, err = collect(src.Refusals(ctx, tracker.RefusalFilter{Since: w.since, Until: w.until, Limit: mostRefusals}))
	return n, err
}

// key returns the same key for windows that are equal to the minute.
func (w window) key() string { return fmt.Sprintf("night %d %d", w.since.Unix()/60, w.until.Unix()/60) }

// nightPage shows a Gantt chart of a window, and the same data as a list.
func nightPage(v view, n *night, w window) *page {
	p := &page{Name: "night", Title: "Last night", Refresh: v.now.Before(w.until)}
	part := strings.ToLower(strings.TrimSpace(v.query.Get("q")))
	p.Forms = []filterForm{{Action: "night", Submit: "Show", Fields: []field{
		{Name: "from", Label: "From", Type: "datetime-local", Value: w.since.In(v.zone).Format(windowLayout)},
		{Name: "to", Label: "To", Type: "datetime-local", Value: w.until.In(v.zone).Format(windowLayout)},
		{Name: "q", Label: "Process contains", Type: "search", Value: v.query.Get("q")},
	}}}
	rows := nightRows(n, part)
	at, end, next := v.slice(len(rows))
	shown := rows[at:end]
	gantt := chart.Gantt{
		Title: "Runs of processes over time", Since: w.since, Until: w.until, Now: v.now, Zone: v.zone,
		Description: fmt.Sprintf("%d runs of %d processes from %s to %s; the list below has the same.", len(n.runs), len(rows), v.full(w.since), v.full(w.until)),
	}
	for _, row := range shown {
		gantt.Rows = append(gantt.Rows, v.ganttRow(row))
	}
	sec := section{ID: "gantt", Title: v.full(w.since) + " to " + v.full(w.until), Links: v.zoom(w)}
	sec.Note = nightNote(n, rows, at, end)
	if len(shown) > 0 {
		sec.Chart = gantt.Draw()
	}
	p.Sections = append(p.Sections, sec, v.nightRuns(shown, next), v.nightRefusals(shown))
	return p
}

func nightNote(n *night, rows []nightRow, at, end int) string {
	var note string
	switch {
	case len(rows) == 0:
		return "No run was active and no start was refused in this time. Choose a longer time with the links above."
	case end-at < len(rows):
		note = fmt.Sprintf("Processes %d to %d of %d, in the order of their first starts.", at+1, end, len(rows))
	}
	if n.truncated {
		note += fmt.Sprintf(" Only the last %d runs of this time are shown; choose a shorter one.", mostRuns)
	}
	return note
}

// nightRow is a process in a window.
type nightRow struct {
	process  string
	runs     []tracker.RunInfo
	refusals []tracker.Refusal
	first    time.Time
}

// nightRows returns the processes in the order of their first starts or refusals.
func nightRows(n *night, part string) []nightRow {
	byName := map[string]*nightRow{}
	row := func(name string, at time.Time) *nightRow {
		if part != "" && !strings.Contains(strings.ToLower(name), part) {
			return nil
		}
		r := byName[name]
		if r == nil {
			r = &nightRow{process: name, first: at}
			byName[name] = r
		}
		if at.Before(r.first) {
			r.first = at
		}
		return r
	}
	for _, run := range n.runs {
		if r := row(run.Process, run.StartedAt); r != nil {
			r.runs = append(r.runs, run)
		}
	}
	for _, refused := range n.refusals {
		if r := row(refused.Process, refused.First); r != nil {
			r.refusals = append(r.refusals, refused)
		}
	}
	all := make([]nightRow, 0, len(byName))
	for _, r := range byName {
		slices.SortFunc(r.runs, func(a, b tracker.RunInfo) int { return a.StartedAt.Compare(b.StartedAt) })
		slices.SortFunc(r.refusals, func(a, b tracker.Refusal) int { return a.First.Compare(b.First) })
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b nightRow) int { return cmp.Or(a.first.Compare(b.first), cmp.Compare(a.process, b.process)) })
	return all
}

func (v view) ganttRow(r nightRow) chart.Row {
	row := chart.Row{Label: r.process, Href: v.process(r.process)}
	for _, run := range r.runs {
		row.Bars = append(row.Bars, chart.Bar{From: run.StartedAt, To: run.EndedAt, State: stateOf(run), Title: v.runTitle(run), Href: v.run(run.ID)})
	}
	for _, refused := range r.refusals {
		row.Marks = append(row.Marks, chart.Mark{From: refused.First, To: refused.Last, Title: v.refusalTitle(refused)})
	}
	return row
}

// runTitle describes a run in one line.
func (v view) runTitle(run tracker.RunInfo) string {
	text := fmt.Sprintf("%s, run %d: %s, %s", run.Process, run.Number, stateWord(stateOf(run)), v.full(run.StartedAt))
	if run.Active() {
		return text + ", for " + duration(v.now.Sub(run.StartedAt).Truncate(time.Second))
	}
	return text + " to " + v.full(run.EndedAt) + ", " + duration(run.EndedAt.Sub(run.StartedAt))
}

func (v view) refusalTitle(r tracker.Refusal) string {
	text := fmt.Sprintf("%s: start refused (%v) at %s", r.Process, r.Reason, v.full(r.First))
	if r.Times > 1 {
		text = fmt.Sprintf("%s: start refused (%v) %d times from %s to %s", r.Process, r.Reason, r.Times, v.full(r.First), v.full(r.Last))
	}
	return text + ": " + r.Detail
}

// full formats a time with its date, in the viewer's zone.
func (v view) full(at time.Time) string { return at.In(v.zone).Format("2006-01-02 15:04:05") }

// zoom returns links to other windows: the one before, the one after, and half and
// twice the span.
func (v view) zoom(w window) []link {
	length := w.until.Sub(w.since)
	to := func(text string, since, until time.Time) link {
		return link{Text: text, Href: v.address("night", "from", since.In(v.zone).Format(windowLayout), "to", until.In(v.zone).Format(windowLayout), "q", v.query.Get("q"))}
	}
	full := nextHour(v.now.In(v.zone))
	return []link{
		{Text: "Last night", Href: v.address("night", "q", v.query.Get("q"))},
		to("Last 3 hours", full.Add(-3*time.Hour), full),
		to("Last 24 hours", full.Add(-24*time.Hour), full),
		to("Last 7 days", full.Add(-7*24*time.Hour), full),
		to("Earlier", w.since.Add(-length), w.since),
		to("Later", w.until, w.until.Add(length)),
		to("Closer", w.since.Add(length/4), w.until.Add(-length/4)),
		to("Wider", w.since.Add(-length/2), w.until.Add(length/2)),
	}
}

func (v view) nightRuns(rows []nightRow, next string) section {
	t := &table{ID: "runs", Caption: "Runs in this time", Columns: runColumns(true), Empty: "No run.", Next: next}
	for _, row := range rows {
		for _, run := range row.runs {
			t.add(v.runCells(run, true)...)
		}
	}
	return section{ID: "runs", Title: "Runs", Table: t}
}

func (v view) nightRefusals(rows []nightRow) section {
	t := &table{ID: "refusals", Caption: "Starts refused in this time", Columns: refusalColumns(true), Empty: "No start was refused."}
	for _, row := range rows {
		for _, refused := range row.refusals {
			t.add(v.refusalCells(refused, true)...)
		}
	}
	return section{ID: "refusals", Title: "Refused starts", Table: t}
}

func runColumns(process bool) []column {
	all := []column{
		{Key: "run_number", Title: "Run"}, {Key: "run_name", Title: "Name"}, {Key: "status", Title: "Status"}, {Key: "started_at", Title: "Started"}, {Key: "ended_at", Title: "Ended"},
		{Key: "duration_seconds", Title: "Took", Right: true}, {Key: "records", Title: "Records", Right: true}, {Key: "inserts", Title: "Inserts", Right: true},
		{Key: "updates", Title: "Updates", Right: true}, {Key: "deletes", Title: "Deletes", Right: true}, {Key: "actor", Title: "By"},
	}
	if process {
		all = slices.Insert(all, 0, column{Key: "process", Title: "Process"})
	}
	return all
}

func (v view) runCells(run tracker.RunInfo, process bool) []cell {
	end := run.EndedAt
	if run.Active() {
		end = v.now
	}
	state := stateOf(run)
	word := stateWord(state)
	if state == chart.Other {
		word = string(run.Status)
	}
	all := []cell{
		v.runCell(run), textCell(run.Name), stateCell(state, word), v.timeCell(run.StartedAt), v.timeCell(run.EndedAt), durationCell(end.Sub(run.StartedAt)),
		numberCell(run.Counts.Records), numberCell(run.Counts.Inserts), numberCell(run.Counts.Updates), numberCell(run.Counts.Deletes), textCell(run.Actor),
	}
	if process {
		all = slices.Insert(all, 0, v.processCell(run.Process))
	}
	return all
}

func refusalColumns(process bool) []column {
	all := []column{
		{Key: "reason", Title: "Reason"}, {Key: "first_at", Title: "First"}, {Key: "last_at", Title: "Last"}, {Key: "times", Title: "Times", Right: true},
		{Key: "detail", Title: "Blocked by"}, {Key: "run_name", Title: "Run name"}, {Key: "actor", Title: "By"},
	}
	if process {
		all = slices.Insert(all, 0, column{Key: "process", Title: "Process"})
	}
	return all
}

func (v view) refusalCells(r tracker.Refusal, process bool) []cell {
	all := []cell{
		textCell(r.Reason.Error()), v.timeCell(r.First), v.timeCell(r.Last), numberCell(r.Times), longCell(r.Detail), textCell(r.RunName), textCell(r.Actor),
	}
	if process {
		all = slices.Insert(all, 0, v.processCell(r.Process))
	}
	return all
}

// slice returns the range of rows that the page shows of a list in memory, and the link
// to the rest.
func (v view) slice(length int) (at, end int, next string) {
	at = min(max(atoi(v.query.Get("skip")), 0), length)
	most := mostRows
	if v.query.Get("format") != "" {
		most = mostExport
	}
	end = min(at+most, length)
	if end < length {
		next = v.more("skip", strconv.Itoa(end))
	}
	return at, end, next
}

// more returns the link to this page with another value for one parameter.
func (v view) more(name, value string) string {
	var pairs []string
	for key := range v.query {
		if key != name && key != "format" {
			pairs = append(pairs, key, v.query.Get(key))
		}
	}
	return v.address("", append(pairs, name, value)...)
}

// errNoSuch is the error of a page about an object that doesn't exist.
var errNoSuch = errors.New("there is none")
