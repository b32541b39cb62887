package chart

import "html/template"

// Strip is a column chart of runs, oldest first. The height of a column is the run's value.
type Strip struct {
	Title       string
	Description string
	Columns     []Column
	Unit        string // of the scale's label
}

// Column is a run.
type Column struct {
	Value float64 // 0 or more
	State State
	Title string
	Href  string
}

const (
	stripHeight = 84.0
	stripTop    = 14.0 // for the shapes above the columns
	stripScale  = 92.0 // width of the scale's label
	columnWidth = 9.0
)

// Draw returns the chart. label formats the highest value.
func (s Strip) Draw(label string) template.HTML {
	var highest float64
	for _, column := range s.Columns {
		highest = max(highest, column.Value)
	}
	c := &canvas{}
	width := stripScale + columnWidth*float64(max(len(s.Columns), 10)) + 4
	bottom := stripTop + stripHeight
	c.picture("strip", width, bottom+4, s.Title, s.Description)
	c.put("line", "", attr{"class", "grid"}, attr{"x1", stripScale - 4}, attr{"x2", width}, attr{"y1", stripTop}, attr{"y2", stripTop})
	c.put("line", "", attr{"class", "rule"}, attr{"x1", stripScale - 4}, attr{"x2", width}, attr{"y1", bottom}, attr{"y2", bottom})
	c.text(stripScale-8, stripTop+4, "tick", label, attr{"text-anchor", "end"})
	c.text(stripScale-8, bottom, "tick", "0", attr{"text-anchor", "end"})
	for i, column := range s.Columns {
		height := 2.0
		if highest > 0 {
			height = max(height, stripHeight*column.Value/highest)
		}
		x := stripScale + columnWidth*float64(i)
		end := c.link(column.Href)
		c.begin("g", attr{"class", "bar"})
		c.title(column.Title)
		c.put("rect", "", attr{"class", "touch"}, attr{"x", x - 1}, attr{"y", 0.0}, attr{"width", columnWidth}, attr{"height", bottom})
		c.put("rect", "", attr{"class", "s-" + string(column.State)}, attr{"x", x}, attr{"y", bottom - height}, attr{"width", columnWidth - 2}, attr{"height", height})
		if column.State != Completed {
			c.shape(column.State, x+columnWidth/2-1, max(bottom-height-6, 5), 3.5)
		}
		c.end("g")
		end()
	}
	return c.done()
}
