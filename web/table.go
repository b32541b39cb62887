package web

import (
	"html/template"
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/web/internal/chart"
)

// table is a list, for HTML, JSON and CSV.
type table struct {
	ID      string // of the heading; also the name in JSON
	Caption string // for screen readers
	Columns []column
	Rows    [][]cell
	Empty   string // shown if there are no rows
	Next    string // link to the next rows
	Note    string // shown under the rows
}

// column is a column, with its key in JSON and CSV, and its heading.
type column struct {
	Key, Title string
	Right      bool // numbers
}

func (t *table) add(cells ...cell) { t.Rows = append(t.Rows, cells) }

// cell is a value, for JSON and for HTML.
type cell struct {
	Value any
	Text  string
	Href  string
	Icon  chart.State // empty for none
	Hint  string
	Time  string // for the datetime attribute; Text is in the viewer's zone then
	Name  bool   // a name chosen by users, whose text direction is isolated
	Long  bool   // it may be wrapped
	Mail  string
	More  []cell // further values, each on its own line
}

// nothing is an unknown value.
func nothing() cell { return cell{} }

func textCell(text string) cell {
	if text == "" {
		return nothing()
	}
	return cell{Value: text, Text: text, Name: true}
}

func longCell(text string) cell {
	c := textCell(text)
	c.Long = text != ""
	return c
}

func linkCell(text, href string) cell {
	c := textCell(text)
	c.Href = href
	return c
}

func numberCell(n int64) cell { return cell{Value: n, Text: thousands(n)} }

func stateCell(s chart.State, word string) cell { return cell{Value: word, Text: word, Icon: s} }

// durationCell has its value in seconds in JSON and CSV.
func durationCell(d time.Duration) cell {
	return cell{Value: d.Seconds(), Text: duration(d)}
}

// thousands groups digits by three, with thin spaces.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, text = "−", text[1:]
	}
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "\u202f" + text[at:]
	}
	return sign + text
}

// duration formats a duration in at most two units.
func duration(d time.Duration) string {
	switch {
	case d < 0:
		return "0 s"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < 10*time.Second:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case d < time.Minute:
		return strconv.FormatInt(int64(d/time.Second), 10) + " s"
	case d < time.Hour:
		return units(d, time.Minute, "min", time.Second, "s")
	case d < 48*time.Hour:
		return units(d, time.Hour, "h", time.Minute, "min")
	default:
		return units(d, 24*time.Hour, "d", time.Hour, "h")
	}
}

func units(d, large time.Duration, name string, small time.Duration, other string) string {
	text := strconv.FormatInt(int64(d/large), 10) + " " + name
	if rest := int64(d % large / small); rest > 0 {
		text += " " + strconv.FormatInt(rest, 10) + " " + other
	}
	return text
}

// icon draws a cell's shape, for templates.
func icon(s chart.State) template.HTML {
	if s == "" {
		return ""
	}
	return chart.Icon(s)
}
