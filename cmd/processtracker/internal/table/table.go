// Package table prints lists as tables that fit a terminal.
package table

import (
	"fmt"
	"io"
	"slices"
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Column is one column of a table.
type Column struct {
	Title string
	Right bool // numbers stand right
	// Least is how narrow the column may become, in characters, where the terminal
	// is too narrow for all; 0: as wide as it is. Columns to the right give way
	// first.
	Least int
	// Wrap spreads what is then too long over several lines, instead of cutting
	// its middle out.
	Wrap bool
	// Key is the field's name in JSON, by which a user asks for the column; empty: the
	// title in lower case.
	Key string
	// Time says that the cells are times as [Time] writes them.
	Time bool
	// Optional says that the column is left out where all its cells are empty.
	Optional bool
	// Longest is how much of a cell is shown at most, in characters; 0: all.
	Longest int
}

// gap stands between two columns.
const gap = "  "

// Format says how rows are printed.
type Format struct {
	Width     int  // at most so many characters a line; 0 is no limit
	NoHeaders bool // the rows alone
}

// Write prints the rows, in at most width characters a line; 0 is no limit.
func Write(w io.Writer, width int, columns []Column, rows [][]string) error {
	return Format{Width: width}.Write(w, columns, rows)
}

// Write prints the rows as a table. Where even its narrowest form is too wide, empty
// columns are left out; where that is not enough, each row becomes a block with a line
// for each column, so that no name is crushed.
func (f Format) Write(w io.Writer, columns []Column, rows [][]string) error {
	widths := measure(columns, rows)
	if fit(widths, columns, f.Width) > 0 {
		columns, rows = withoutEmpty(columns, rows)
		widths = measure(columns, rows)
		if fit(widths, columns, f.Width) > 0 && !f.NoHeaders {
			return writeBlocks(w, f.Width, columns, rows)
		}
	}

	t := pretty.NewWriter()
	t.SetStyle(style())
	t.SuppressTrailingSpaces()
	header := make(pretty.Row, len(columns))
	configs := make([]pretty.ColumnConfig, len(columns))
	for i, c := range columns {
		header[i] = c.Title
		configs[i] = pretty.ColumnConfig{Number: i + 1}
		if c.Right {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	if !f.NoHeaders {
		t.AppendHeader(header)
	}
	t.SetColumnConfigs(configs)
	for _, cells := range rows {
		row := make(pretty.Row, len(cells))
		for i, cell := range cells {
			if cell = columns[i].line(cell); columns[i].Wrap {
				row[i] = text.WrapSoft(cell, widths[i])
			} else {
				row[i] = Shorten(cell, widths[i])
			}
		}
		t.AppendRow(row)
	}
	_, err := fmt.Fprintln(w, t.Render())
	return err
}

// Fits reports whether a table of these rows is narrow enough.
func (f Format) Fits(columns []Column, rows [][]string) bool {
	return fit(measure(columns, rows), columns, f.Width) <= 0
}

// line is what is shown of a cell.
func (c Column) line(cell string) string {
	if cell = Line(cell); c.Longest > 0 {
		return Shorten(cell, c.Longest)
	}
	return cell
}

// withoutEmpty leaves out the columns that have no text in any row.
func withoutEmpty(columns []Column, rows [][]string) ([]Column, [][]string) {
	var kept []Column
	cells := make([][]string, len(rows))
	for i, c := range columns {
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[i] != "" }) {
			continue
		}
		kept = append(kept, c)
		for j, row := range rows {
			cells[j] = append(cells[j], row[i])
		}
	}
	return kept, cells
}

// writeBlocks prints a block for each row and a line, or more, for each of its cells.
func writeBlocks(w io.Writer, width int, columns []Column, rows [][]string) error {
	title := 0
	for _, c := range columns {
		title = max(title, text.StringWidth(c.Title))
	}
	room := max(width-title-len(gap), least)
	var b strings.Builder
	for i, row := range rows {
		if i > 0 {
			b.WriteString("\n")
		}
		for j, c := range columns {
			if row[j] == "" {
				continue
			}
			cell := strings.ReplaceAll(text.WrapSoft(c.line(row[j]), room), "\n", "\n"+strings.Repeat(" ", title)+gap)
			b.WriteString(text.AlignLeft.Apply(text.FormatUpper.Apply(c.Title), title) + gap + trimLines(cell) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// least is how wide a cell of a block is on the narrowest terminal.
const least = 12

// trimLines takes the spaces off the ends of lines.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// style has a rule under the header and nothing else, so that what is selected
// or piped is words.
func style() pretty.Style {
	s := pretty.StyleLight
	s.Options = pretty.Options{SeparateHeader: true, DoNotRenderSeparatorWhenEmpty: true}
	s.Box.PaddingLeft, s.Box.PaddingRight = "", gap
	s.Format.Header = text.FormatUpper
	return s
}

func measure(columns []Column, rows [][]string) []int {
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = text.StringWidth(c.Title)
		for _, row := range rows {
			widths[i] = max(widths[i], text.StringWidth(c.line(row[i])))
		}
	}
	return widths
}

// fit narrows columns until the line has at most limit characters, and returns by how
// many characters that did not succeed.
func fit(widths []int, columns []Column, limit int) (over int) {
	if limit <= 0 {
		return 0
	}
	over = len(columns)*len(gap) - limit // the rule reaches under the last column's gap, too
	for _, w := range widths {
		over += w
	}
	for i, c := range slices.Backward(columns) {
		least := max(c.Least, text.StringWidth(c.Title))
		if give := min(over, widths[i]-least); c.Least > 0 && give > 0 {
			widths[i] -= give
			over -= give
		}
	}
	return over
}

// Shorten cuts the middle out of s if it is wider than width: of a path, as of a
// message, both ends tell most, and the last one more.
func Shorten(s string, width int) string {
	if text.StringWidth(s) <= width {
		return s
	}
	runes := []rune(s)
	head := take(runes, (width-1)/3)
	slices.Reverse(runes)
	tail := take(runes, width-1-text.StringWidth(string(head)))
	slices.Reverse(tail)
	return string(head) + "…" + string(tail)
}

// take returns as many runes as fit in width.
func take(runes []rune, width int) []rune {
	for i, r := range runes {
		if width -= text.RuneWidth(r); width < 0 {
			return slices.Clone(runes[:i])
		}
	}
	return slices.Clone(runes)
}

// Line makes one line of a text that may have many, and takes out what could
// confuse a terminal.
func Line(s string) string {
	return strings.Join(strings.Fields(Clean(s)), " ")
}
