package rules

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Print writes the table as plain text; below it what the cells have no room for, and last of all the problems (see
// [Table.Problems]) and one line with the totals.
func (t *Table) Print(to io.Writer, problems []string) error {
	var text strings.Builder
	// A tabwriter keeps what it is given until Flush, which has the errors.
	columns := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, line := range t.lines(strings.ToUpper) {
		_, _ = fmt.Fprintln(columns, strings.Join(line, "\t"))
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	for _, note := range t.notes() {
		fmt.Fprintf(&text, "\n%s:\n", note.heading)
		for _, line := range note.lines {
			fmt.Fprintf(&text, "  %s\n", line)
		}
	}
	text.WriteString(end(problems, "error: ") + "\n" + t.totals() + "\n")
	_, err := io.WriteString(to, text.String())
	return err
}

// Markdown writes the same as a page's section.
func (t *Table) Markdown(to io.Writer, problems []string) error {
	cell := strings.NewReplacer("|", `\|`, "\n", " ")
	var text strings.Builder
	for i, line := range t.lines(strings.ToLower) {
		for j := range line {
			line[j] = cell.Replace(line[j])
		}
		fmt.Fprintf(&text, "| %s |\n", strings.Join(line, " | "))
		if i == 0 {
			fmt.Fprintf(&text, "|%s\n", strings.Repeat(" --- |", len(line)))
		}
	}
	for _, note := range t.notes() {
		fmt.Fprintf(&text, "\n%s:\n\n", note.heading)
		for _, line := range note.lines {
			fmt.Fprintf(&text, "- %s\n", line)
		}
	}
	text.WriteString(end(problems, "- **error:** ") + "\n" + t.totals() + "\n")
	_, err := io.WriteString(to, text.String())
	return err
}

// end lists the problems under an empty line.
func end(problems []string, before string) string {
	var text strings.Builder
	for i, problem := range problems {
		if i == 0 {
			text.WriteString("\n")
		}
		text.WriteString(before + problem + "\n")
	}
	return text.String()
}

// lines are the heading and the rows, a text for each column.
func (t *Table) lines(heading func(string) string) [][]string {
	first := []string{heading("rule"), heading("says"), heading("cases")}
	for _, b := range t.Backends {
		first = append(first, heading(b.Name))
	}
	all := [][]string{first}
	for _, row := range t.Rows {
		line := []string{row.ID, row.Says, strconv.Itoa(row.Cases)}
		if row.Planned != "" && row.Cases == 0 {
			line[2] = "planned"
		}
		for i, cell := range row.Cells {
			line = append(line, t.cell(row, i, cell))
		}
		all = append(all, line)
	}
	return all
}

func (t *Table) cell(row Row, column int, cell Cell) string {
	switch {
	case row.Planned != "" && row.Cases == 0:
		return "-"
	case len(t.Backends[column].Ran) == 0:
		return "not run"
	}
	return cell.text()
}

type note struct {
	heading string
	lines   []string
}

// notes are what the cells have no room for; a heading without anything under it is left out.
func (t *Table) notes() []note {
	ran, missing := note{heading: "Run on"}, note{heading: "Not run"}
	for _, b := range t.Backends {
		for _, server := range b.Ran {
			ran.lines = append(ran.lines, b.Name+" "+server)
		}
		for _, why := range b.Missing {
			missing.lines = append(missing.lines, b.Name+": "+why)
		}
	}
	failed, skipped := note{heading: "Failed"}, note{heading: "Skipped"}
	for _, row := range t.Rows {
		for _, cell := range row.Cells {
			n := &skipped
			if cell.Failed > 0 {
				n = &failed
			}
			n.lines = append(n.lines, cell.Why...)
		}
	}
	planned := t.planned()
	notes := []note{ran, missing, skipped, failed, planned}
	for i := range notes {
		notes[i].lines = unique(notes[i].lines)
	}
	return slices.DeleteFunc(notes, func(n note) bool { return len(n.lines) == 0 })
}

// planned says why, once for all rules of the same reason.
func (t *Table) planned() note {
	n := note{heading: "Planned"}
	waiting := map[string][]string{}
	var reasons []string
	for _, row := range t.Rows {
		if row.Planned == "" {
			continue
		}
		if waiting[row.Planned] == nil {
			reasons = append(reasons, row.Planned)
		}
		waiting[row.Planned] = append(waiting[row.Planned], row.ID)
	}
	for _, reason := range reasons {
		n.lines = append(n.lines, strings.Join(waiting[reason], ", ")+": "+reason)
	}
	return n
}

// unique leaves out repetitions: a case that failed is told once, whatever the number of its rules.
func unique(lines []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(lines, func(line string) bool {
		again := seen[line]
		seen[line] = true
		return again
	})
}

// totals counts rules: "45 rules: 40 with cases, 2 without; 13 planned".
func (t *Table) totals() string {
	with, without, planned := 0, 0, 0
	for _, row := range t.Rows {
		switch {
		case row.Cases > 0:
			with++
		case row.Planned != "":
			planned++
		default:
			without++
		}
	}
	return fmt.Sprintf("%d rules: %d with cases, %d without, %d planned", len(t.Rows), with, without, planned)
}
