package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/conformance/report"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// Table says of each rule what a test run showed on each backend.
type Table struct {
	Backends []Backend
	Rows     []Row
	// Unknown are rules that a case names and nobody knows, with the case.
	Unknown []string
}

// Backend is a column.
type Backend struct {
	Name    string
	Ran     []string // the servers and settings under which cases ran, such as "15.18 (container, serializable)"
	Missing []string // why all or some of its tests had no server
}

// Row is a rule. Its cells are in the order of the table's backends.
type Row struct {
	Rule

	Cases int // how many cases prove it, however often they ran
	Cells []Cell
}

// Cell counts how a rule's cases ended on one backend, under all settings.
type Cell struct {
	Passed, Failed, Skipped int

	Why []string // of what failed or was skipped, with the case
}

// Tabulate sets the records of a test run against the rules. The cases are those that the suite has, run or not.
func Tabulate(all []Rule, cases []suite.Case, records []report.Record) *Table {
	t := &Table{Backends: backends(records)}
	for _, rule := range all {
		t.Rows = append(t.Rows, Row{Rule: rule, Cells: make([]Cell, len(t.Backends))})
	}
	proving := map[string]map[string]bool{} // the names of the cases of each rule
	prove := func(ids []string, name string) {
		for _, id := range ids {
			if proving[id] == nil {
				proving[id] = map[string]bool{}
			}
			proving[id][name] = true
		}
	}
	for _, c := range cases {
		prove(c.Rules(), c.Name)
	}
	for _, r := range records {
		prove(r.Rules, r.Case)
		column := slices.IndexFunc(t.Backends, func(b Backend) bool { return b.Name == r.Backend })
		for i := range t.Rows {
			if slices.Contains(r.Rules, t.Rows[i].ID) {
				t.Rows[i].Cells[column].count(r)
			}
		}
	}
	for i, row := range t.Rows {
		t.Rows[i].Cases = len(proving[row.ID])
		delete(proving, row.ID)
	}
	for id, names := range proving {
		for name := range names {
			t.Unknown = append(t.Unknown, fmt.Sprintf("%s (in %q)", id, name))
		}
	}
	slices.SortFunc(t.Unknown, compare)
	return t
}

// backends are those that the records tell of, by name.
func backends(records []report.Record) []Backend {
	var all []Backend
	for _, r := range records {
		i := slices.IndexFunc(all, func(b Backend) bool { return b.Name == r.Backend })
		if i < 0 {
			i = len(all)
			all = append(all, Backend{Name: r.Backend})
		}
		if r.Case == "" {
			all[i].Missing = append(all[i].Missing, strings.Join(strings.Fields(r.Why), " "))
		} else {
			all[i].Ran = append(all[i].Ran, strings.TrimSuffix(r.Server+" ("+r.Provider+")", " ()"))
		}
	}
	for i := range all {
		slices.Sort(all[i].Ran)
		slices.Sort(all[i].Missing)
		all[i].Ran, all[i].Missing = slices.Compact(all[i].Ran), slices.Compact(all[i].Missing)
	}
	slices.SortFunc(all, func(a, b Backend) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

func (c *Cell) count(r report.Record) {
	switch r.Outcome {
	case report.Passed:
		c.Passed++
		return
	case report.Failed:
		c.Failed++
	default:
		c.Skipped++
	}
	setting := strings.TrimSpace(r.Backend + " " + r.Provider)
	c.Why = append(c.Why, fmt.Sprintf("%s, %s: %s", setting, r.Case, strings.Join(strings.Fields(r.Why), " ")))
}

// text is the worst outcome, with a count.
func (c *Cell) text() string {
	all := c.Passed + c.Failed + c.Skipped
	switch {
	case c.Failed > 0:
		return fmt.Sprintf("%d of %d failed", c.Failed, all)
	case c.Skipped > 0:
		return fmt.Sprintf("%d of %d skipped", c.Skipped, all)
	case c.Passed > 0:
		return fmt.Sprintf("%d passed", c.Passed)
	}
	return "not covered"
}

// Problems returns why the table must not count as a success, in whole sentences; none means that it may. A rule has to
// be covered on each of the required backends, as far as [On] names it; elsewhere it may not fail.
func (t *Table) Problems(required []string) []string {
	var problems []string
	if len(t.Backends) == 0 {
		problems = append(problems, "nothing was recorded: run `make rules` or `make test` first")
	}
	for _, unknown := range t.Unknown {
		problems = append(problems, "there is no rule "+unknown+": correct the case's name, or add the rule to conformance/rules")
	}
	for _, row := range t.Rows {
		switch {
		case row.Planned == "" && row.Cases == 0:
			problems = append(problems, row.ID+" has no case: add one to conformance/suite")
		case row.Planned != "" && row.Cases > 0:
			problems = append(problems, row.ID+" is marked as planned and has a case: take the mark out of conformance/rules")
		}
		for i, cell := range row.Cells {
			if cell.Failed > 0 {
				problems = append(problems, fmt.Sprintf("%s failed on %s", row.ID, t.Backends[i].Name))
			}
		}
	}
	for _, name := range required {
		problems = append(problems, t.missing(name)...)
	}
	return problems
}

// missing tells what a required backend lacks.
func (t *Table) missing(name string) []string {
	column := slices.IndexFunc(t.Backends, func(b Backend) bool { return b.Name == name })
	if column < 0 || len(t.Backends[column].Ran) == 0 {
		return []string{name + " is required, and was not run"}
	}
	var problems, uncovered []string
	for _, why := range t.Backends[column].Missing {
		problems = append(problems, name+" is required, and was not run by all its tests: "+why)
	}
	demanded := On(name)
	for _, row := range t.Rows {
		if slices.Contains(demanded, row.ID) && row.Planned == "" && row.Cells[column].text() == "not covered" {
			uncovered = append(uncovered, row.ID)
		}
	}
	if len(uncovered) > 0 {
		problems = append(problems, name+" is required, and not covered on it: "+strings.Join(uncovered, ", "))
	}
	return problems
}
