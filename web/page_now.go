package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web/internal/chart"
)

// nowPage shows the processes that need attention (failed, on hold, lease expired,
// blocked) and the active ones.
func nowPage(v view, s *snapshot) *page {
	p := &page{Name: "now", Title: "Now", Refresh: true}
	sections := []section{failedSection(v, s), heldSection(v, s), expiredSection(v, s), blockedSection(v, s), runningSection(v, s)}
	states := []chart.State{chart.Failed, chart.Held, chart.Expired, chart.Blocked, chart.Running}
	for i, sec := range sections {
		count := len(sec.Table.Rows)
		p.Tiles = append(p.Tiles, tile{Count: count, Word: strings.ToLower(sec.Title), State: states[i], Href: "#" + sec.ID})
		limitRows(v, sec.Table)
		if count > 0 || sec.ID == "running" {
			p.Sections = append(p.Sections, sec)
		}
	}
	p.Tiles = append(p.Tiles, tile{Count: len(s.processes), Word: "processes", Href: v.address("processes")})
	if len(s.processes) == 0 {
		p.Lead = "No process is registered yet. Its first start registers it, or processtracker register does."
	} else if len(p.Sections) == 1 {
		p.Lead = "No process has failed, is on hold or is blocked."
	}
	if s.truncated {
		p.Lead += fmt.Sprintf(" There are more than %d processes or dependencies; the page shows the oldest ones.", mostProcesses)
	}
	return p
}

// limitRows limits the length of a section of this page; the list of processes has all rows.
func limitRows(v view, t *table) {
	if len(t.Rows) <= mostRows {
		return
	}
	t.Note = fmt.Sprintf("%d more; see the list of processes.", len(t.Rows)-mostRows)
	t.Rows = t.Rows[:mostRows]
	t.Next = v.address("processes", "state", t.ID)
}

var contactColumn = column{Key: "contacts", Title: "Ask"}

func failedSection(v view, s *snapshot) section {
	t := &table{ID: "failed", Caption: "Processes whose latest run failed", Columns: []column{
		{Key: "process", Title: "Process"}, {Key: "run", Title: "Run"}, {Key: "failed_at", Title: "Failed"},
		{Key: "failures_in_a_row", Title: "In a row", Right: true}, {Key: "error", Title: "First error"}, contactColumn,
	}}
	for _, p := range newest(s, chart.Failed, func(p tracker.ProcessInfo) time.Time { return p.EndedAt }) {
		e := s.lastError[p.Name]
		t.add(v.processCell(p.Name), v.latest(p), v.since(p.EndedAt), numberCell(p.Failures), longCell(firstLine(e.Description)), contactsCell(s.contacts[p.Name]))
	}
	return section{ID: "failed", Title: "Failed", Table: t}
}

func heldSection(v view, s *snapshot) section {
	t := &table{ID: "on_hold", Caption: "Processes that are on hold", Columns: []column{
		{Key: "process", Title: "Process"}, {Key: "held_at", Title: "Since"}, {Key: "held_by", Title: "By"},
		{Key: "reason", Title: "Reason"}, contactColumn,
	}}
	var held []tracker.ProcessInfo
	for _, p := range s.processes {
		if p.Hold != nil {
			held = append(held, p)
		}
	}
	slices.SortStableFunc(held, func(a, b tracker.ProcessInfo) int { return b.Hold.Since.Compare(a.Hold.Since) })
	for _, p := range held {
		t.add(v.processCell(p.Name), v.since(p.Hold.Since), textCell(p.Hold.By), longCell(p.Hold.Reason), contactsCell(s.contacts[p.Name]))
	}
	return section{ID: "on_hold", Title: "On hold", Table: t}
}

func expiredSection(v view, s *snapshot) section {
	t := &table{ID: "lease_expired", Caption: "Runs whose lease has expired", Columns: []column{
		{Key: "process", Title: "Process"}, {Key: "run", Title: "Run"}, {Key: "started_at", Title: "Started"},
		{Key: "lease_expires_at", Title: "Lease expired"}, {Key: "actor", Title: "By"}, contactColumn,
	}}
	for _, p := range newest(s, chart.Expired, func(p tracker.ProcessInfo) time.Time { return p.LeaseUntil }) {
		t.add(v.processCell(p.Name), v.active(s, p), v.timeCell(p.StartedAt), v.since(p.LeaseUntil), textCell(s.active[p.Name].Actor), contactsCell(s.contacts[p.Name]))
	}
	return section{
		ID: "lease_expired", Title: "Lease expired", Table: t,
		Note: "Their programs are dead or have lost the database. The next start of the process, or a reap, ends such a run.",
	}
}

func blockedSection(v view, s *snapshot) section {
	t := &table{ID: "blocked", Caption: "Processes that cannot start, and why", Columns: []column{
		{Key: "process", Title: "Process"}, {Key: "root", Title: "Because of"}, {Key: "root_state", Title: "Which is"},
		{Key: "via", Title: "By way of"}, contactColumn,
	}}
	for _, p := range s.processes {
		for _, c := range s.blocked[p.Name] {
			root := s.byName[c.root]
			via := nothing()
			if c.via != c.root {
				via = v.processCell(c.via)
			}
			state := s.state(root)
			t.add(v.processCell(p.Name), v.processCell(c.root), stateCell(state, stateWord(state)), via, contactsCell(s.contacts[c.root]))
		}
	}
	return section{ID: "blocked", Title: "Blocked", Table: t}
}

// longer is the factor by which a run may exceed its usual duration before it is marked.
const longer = 2

func runningSection(v view, s *snapshot) section {
	t := &table{ID: "running", Caption: "Processes that are running", Empty: "Nothing is running.", Columns: []column{
		{Key: "process", Title: "Process"}, {Key: "run", Title: "Run"}, {Key: "started_at", Title: "Started"},
		{Key: "duration", Title: "For", Right: true}, {Key: "usual", Title: "Usually", Right: true}, {Key: "remark", Title: ""},
		{Key: "actor", Title: "By"}, contactColumn,
	}}
	for _, p := range newest(s, chart.Running, func(p tracker.ProcessInfo) time.Time { return p.StartedAt }) {
		taken := v.now.Sub(p.StartedAt).Truncate(time.Second)
		usual, remark := nothing(), nothing()
		if u, ok := s.usual[p.Name]; ok {
			usual = durationCell(u)
			if taken > longer*u && taken > time.Minute {
				remark = textCell("longer than usual")
			}
		}
		t.add(v.processCell(p.Name), v.active(s, p), v.timeCell(p.StartedAt), durationCell(taken), usual, remark,
			textCell(s.active[p.Name].Actor), contactsCell(s.contacts[p.Name]))
	}
	return section{ID: "running", Title: "Running", Table: t}
}

// newest returns the processes in a state, starting with the one that entered it last.
func newest(s *snapshot, state chart.State, at func(tracker.ProcessInfo) time.Time) []tracker.ProcessInfo {
	var all []tracker.ProcessInfo
	for _, p := range s.processes {
		if s.state(p) == state {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b tracker.ProcessInfo) int { return at(b).Compare(at(a)) })
	return all
}

// latest links to the latest run of a process.
func (v view) latest(p tracker.ProcessInfo) cell {
	c := numberCell(p.RunNumber)
	c.Href = v.address("run", "process", p.Name, "number", strconv.FormatInt(p.RunNumber, 10))
	return c
}

// active links to the active run of a process.
func (v view) active(s *snapshot, p tracker.ProcessInfo) cell {
	if run, ok := s.active[p.Name]; ok {
		return v.runCell(run)
	}
	return v.latest(p)
}

func firstLine(text string) string {
	line, _, more := strings.Cut(strings.TrimSpace(text), "\n")
	if more {
		line += " …"
	}
	return line
}
