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
	Right bool // align right, as for numbers
	// Least is the minimum width of the column in characters, if the terminal is too
	// narrow for all columns; 0 means that the column does not shrink. Columns to the
	// right shrink first.
	Least int
	// Wrap wraps a text that is then too long over several lines, instead of cutting out
	// its middle.
	Wrap bool
	// Key is the name of the field in JSON, by which a user selects the column; if it is
	// empty, the title in lower case is the key.
	Key string
	// Time marks cells as times that [Time] has formatted.
	Time bool
	// Optional omits the column if all its cells are empty.
	Optional bool
	// Longest limits how many characters of a cell are shown; 0 means all.
	Longest int
}

// gap separates two columns.
const gap = "  "

// Format configures how rows are printed.
type Format struct {
	Width     int  // maximum characters per line; 0 is no limit
	NoHeaders bool // only the rows
}

// Write prints the rows, in at most width characters per line; 0 is no limit.
func Write(w io.Writer, width int, columns []Column, rows [][]string) error {
	return Format{Width: width}.Write(w, columns, rows)
}

// Write prints the rows as a table. If its narrowest form is too wide, Write omits
// empty columns. If that is not enough, each row becomes a block with a line for each
// column, so that names stay readable.
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

// Fits reports whether a table of these rows fits the width.
func (f Format) Fits(columns []Column, rows [][]string) bool {
	return fit(measure(columns, rows), columns, f.Width) <= 0
}

// line returns the text that is shown of a cell.
func (c Column) line(cell string) string {
	if cell = Line(cell); c.Longest > 0 {
		return Shorten(cell, c.Longest)
	}
	return cell
}

// withoutEmpty removes the columns that are empty in every row.
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

// writeBlocks prints a block for each row, with one or more lines for each cell.
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

// least is the width of a block's cell on the narrowest terminal.
const least = 12

// trimLines removes spaces from the ends of lines.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// style draws a rule under the header and nothing else, so that selected or piped text
// contains only words.
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

// fit narrows columns until the line has at most limit characters. It returns the
// number of characters that are still too many.
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

// Shorten cuts out the middle of s if s is wider than width: of a path or a message,
// both ends say most, and the last one more than the first.
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

// take returns the longest beginning of the runes that fits in width.
func take(runes []rune, width int) []rune {
	for i, r := range runes {
		if width -= text.RuneWidth(r); width < 0 {
			return slices.Clone(runes[:i])
		}
	}
	return slices.Clone(runes)
}

// Line turns a text into one line, and removes characters that could confuse a terminal.
func Line(s string) string {
	return strings.Join(strings.Fields(Clean(s)), " ")
}
