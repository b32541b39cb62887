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
}

// gap stands between two columns.
const gap = "  "

// Write prints the rows, in at most width characters a line where the columns
// allow it; 0 is no limit.
func Write(w io.Writer, width int, columns []Column, rows [][]string) error {
	widths := measure(columns, rows)
	fit(widths, columns, width)

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
	t.AppendHeader(header)
	t.SetColumnConfigs(configs)
	for _, cells := range rows {
		row := make(pretty.Row, len(cells))
		for i, cell := range cells {
			if columns[i].Wrap {
				row[i] = text.WrapSoft(Line(cell), widths[i])
			} else {
				row[i] = Shorten(Line(cell), widths[i])
			}
		}
		t.AppendRow(row)
	}
	_, err := fmt.Fprintln(w, t.Render())
	return err
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
			widths[i] = max(widths[i], text.StringWidth(Line(row[i])))
		}
	}
	return widths
}

// fit narrows columns until the line has at most limit characters.
func fit(widths []int, columns []Column, limit int) {
	if limit <= 0 {
		return
	}
	over := len(columns)*len(gap) - limit // the rule reaches under the last column's gap, too
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
