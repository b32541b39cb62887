package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web/internal/chart"
)

func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// processesPage lists all processes, or the ones in a state or with a text in their names.
func processesPage(v view, s *snapshot) *page {
	p := &page{Name: "processes", Title: "Processes", Refresh: true}
	part, state := v.query.Get("q"), v.query.Get("state")
	states := []option{{Text: "any"}}
	for _, st := range []chart.State{chart.Failed, chart.Held, chart.Expired, chart.Blocked, chart.Running, chart.Completed, chart.Never, chart.Other} {
		word := strings.ReplaceAll(stateWord(st), " ", "_")
		states = append(states, option{word, stateWord(st), word == state})
	}
	p.Forms = []filterForm{{Action: "processes", Submit: "Show", Fields: []field{
		{Name: "q", Label: "Name contains", Type: "search", Value: part}, {Name: "state", Label: "State", Type: "select", Options: states},
	}}}
	var found []tracker.ProcessInfo
	for _, info := range s.processes {
		matches := strings.Contains(strings.ToLower(info.Name), strings.ToLower(part))
		if matches && (state == "" || strings.ReplaceAll(stateWord(s.state(info)), " ", "_") == state) {
			found = append(found, info)
		}
	}
	at, end, next := v.slice(len(found))
	t := v.processTable(s, found[at:end])
	t.Next = next
	if end-at < len(found) {
		t.Note = fmt.Sprintf("%d to %d of %d.", at+1, end, len(found))
	}
	p.Sections = []section{{ID: "processes", Title: "Processes", Table: t}}
	return p
}

func (v view) processTable(s *snapshot, found []tracker.ProcessInfo) *table {
	t := &table{ID: "processes", Caption: "Processes", Empty: "Nothing matches.", Columns: []column{
		{Key: "process", Title: "Process"}, {Key: "state", Title: "State"}, {Key: "process_type", Title: "Type"}, {Key: "tool", Title: "Tool"}, {Key: "frequency", Title: "Frequency"},
		{Key: "latest_run_number", Title: "Run", Right: true}, {Key: "latest_started_at", Title: "Started"}, {Key: "latest_ended_at", Title: "Ended"},
		{Key: "last_completed_at", Title: "Last completed"}, {Key: "failures_in_a_row", Title: "Failures", Right: true}, {Key: "watermark", Title: "Watermark"},
	}}
	for _, info := range found {
		state := s.state(info)
		t.add(v.processCell(info.Name), stateCell(state, stateWord(state)), textCell(info.Type), textCell(info.Tool), textCell(info.Frequency),
			numberCell(info.RunNumber), v.timeCell(info.StartedAt), v.timeCell(info.EndedAt), v.timeCell(info.LastCompletedAt), numberCell(info.Failures), v.timeCell(info.Totals.Watermark))
	}
	return t
}

// most returns the maximum number of rows of a list. It is larger in formats other than
// a page.
func (v view) most() int {
	if v.query.Get("format") != "" {
		return mostExport
	}
	return mostRows
}

// after returns the link to the rows after a cursor, if there are any.
func (v view) after(next tracker.Cursor) string {
	if next == "" {
		return ""
	}
	return v.more("after", string(next))
}

// searchPage finds processes and locations by a part of their names, files by the
// beginning of their names, contacts, and runs by their IDs.
func searchPage(v view, s *snapshot, f *files, found []tracker.Extract, run *tracker.RunInfo) *page {
	q := strings.TrimSpace(v.query.Get("q"))
	p := &page{Name: "search", Title: "Search"}
	if q == "" {
		p.Lead = "Type part of the name of a process, a location or a contact, the beginning of a file's name, or a run's id."
		return p
	}
	p.Lead = "Names that contain “\u2068" + q + "\u2069”."
	part := strings.ToLower(q)
	var processes []tracker.ProcessInfo
	for _, info := range s.processes {
		if len(processes) < mostRows && (strings.Contains(strings.ToLower(info.Name), part) || s.hasContact(info.Name, part)) {
			processes = append(processes, info)
		}
	}
	p.Sections = append(p.Sections, section{ID: "processes", Title: "Processes", Table: v.processTable(s, processes)})
	if run != nil {
		t := &table{ID: "runs", Caption: "The run with this id", Columns: runColumns(true)}
		t.add(v.runCells(*run, true)...)
		p.Sections = append(p.Sections, section{ID: "runs", Title: "Run", Table: t})
	}
	files := &table{ID: "extracts", Caption: "Files whose names begin with it", Columns: extractColumns(), Empty: "No file's name begins with it."}
	for _, e := range found {
		files.add(v.extractCells(e, nil)...)
	}
	p.Sections = append(p.Sections, section{ID: "extracts", Title: "Files", Table: files})
	locations := &table{ID: "locations", Caption: "Locations", Empty: "No location has it in its name or path.", Columns: []column{{Key: "location", Title: "Location"}, {Key: "path", Title: "Path"}}}
	for _, l := range f.locations {
		if len(locations.Rows) < mostRows && (strings.Contains(strings.ToLower(l.Name), part) || strings.Contains(strings.ToLower(l.Path), part)) {
			locations.add(linkCell(l.Name, v.address("files", "location", l.Name)), longCell(l.Path))
		}
	}
	p.Sections = append(p.Sections, section{ID: "locations", Title: "Locations", Table: locations})
	return p
}

func (s *snapshot) hasContact(process, part string) bool {
	for _, c := range s.contacts[process] {
		if strings.Contains(strings.ToLower(c.Name+" "+c.Email), part) {
			return true
		}
	}
	return false
}
