package chart

import (
	"fmt"
	"html/template"
	"time"
)

// Gantt is a chart of runs over time, with a row for each process.
type Gantt struct {
	Title        string
	Description  string
	Since, Until time.Time
	Now          time.Time      // the end of active runs' bars
	Zone         *time.Location // of the axis labels
	Rows         []Row
}

// Row is a process.
type Row struct {
	Label string
	Href  string
	Bars  []Bar
	Marks []Mark
}

// Bar is a run. To is zero while the run is active.
type Bar struct {
	From, To time.Time
	State    State
	Title    string
	Href     string
}

// Mark is a refused start, or a series of them between two times.
type Mark struct {
	From, To time.Time
	Title    string
}

const (
	ganttLabel  = 210.0 // width of the name column
	ganttPlot   = 930.0
	ganttRow    = 24.0
	ganttTop    = 26.0
	ganttBar    = 14.0
	labelLength = 30 // maximum length of a name in characters
)

// Draw returns the chart.
func (g Gantt) Draw() template.HTML {
	c := &canvas{}
	height := ganttTop + ganttRow*float64(len(g.Rows)) + 4
	c.picture("gantt", ganttLabel+ganttPlot, height, g.Title, g.Description)
	g.ticks(c, height)
	for i, row := range g.Rows {
		g.row(c, row, ganttTop+ganttRow*float64(i))
	}
	if g.Now.After(g.Since) && g.Now.Before(g.Until) {
		c.put("line", "now", attr{"class", "now"}, attr{"x1", g.x(g.Now)}, attr{"x2", g.x(g.Now)}, attr{"y1", ganttTop - 6}, attr{"y2", height})
	}
	return c.done()
}

// x returns the horizontal position of a time within the plot.
func (g Gantt) x(at time.Time) float64 {
	part := float64(at.Sub(g.Since)) / float64(g.Until.Sub(g.Since))
	return ganttLabel + ganttPlot*min(max(part, 0), 1)
}

func (g Gantt) row(c *canvas, row Row, top float64) {
	c.begin("g", attr{"class", "row"})
	c.put("line", "", attr{"class", "rule"}, attr{"x1", 0.0}, attr{"x2", ganttLabel + ganttPlot}, attr{"y1", top + ganttRow}, attr{"y2", top + ganttRow})
	end := c.link(row.Href)
	c.begin("text", attr{"x", 4.0}, attr{"y", top + 16}, attr{"class", "label"})
	c.title(row.Label)
	c.b.WriteString(template.HTMLEscapeString(isolate(short(row.Label, labelLength))))
	c.end("text")
	end()
	for _, mark := range row.Marks {
		g.mark(c, mark, top+ganttRow/2)
	}
	for _, bar := range row.Bars {
		g.bar(c, bar, top+(ganttRow-ganttBar)/2)
	}
	c.end("g")
}

func (g Gantt) bar(c *canvas, bar Bar, y float64) {
	to := bar.To
	if to.IsZero() {
		to = g.Now
	}
	from, until := g.x(bar.From), g.x(to)
	width := max(until-from, 3)
	from = min(from, ganttLabel+ganttPlot-width)
	end := c.link(bar.Href)
	c.begin("g", attr{"class", "bar"})
	c.title(bar.Title)
	c.put("rect", "", attr{"class", "s-" + string(bar.State)}, attr{"x", from}, attr{"y", y}, attr{"width", width}, attr{"height", ganttBar}, attr{"rx", 2.0})
	switch {
	case bar.State == Completed:
	case width >= 14:
		c.put("rect", "", attr{"class", "plate"}, attr{"x", from + 2}, attr{"y", y + 2}, attr{"width", 10.0}, attr{"height", 10.0}, attr{"rx", 1.0})
		c.shape(bar.State, from+7, y+ganttBar/2, 4)
	default: // no room in the bar: draw the shape above it
		c.shape(bar.State, from+width/2, y-1, 3.5)
	}
	c.end("g")
	end()
}

// mark draws a triangle that points down, with a dotted line for as long as starts were
// refused.
func (g Gantt) mark(c *canvas, mark Mark, y float64) {
	from, to := g.x(mark.From), g.x(mark.To)
	c.begin("g", attr{"class", "refused"})
	c.title(mark.Title)
	if to-from > 4 {
		c.put("line", "", attr{"class", "waits"}, attr{"x1", from}, attr{"x2", to}, attr{"y1", y}, attr{"y2", y})
	}
	c.put("path", "", attr{"class", "mark"}, attr{"d", fmt.Sprintf("M%s %sL%s %sL%s %sZ",
		number(from-5), number(y-7), number(from+5), number(y-7), number(from), number(y+1))})
	c.end("g")
}

func (g Gantt) ticks(c *canvas, height float64) {
	step, layout := tickStep(g.Until.Sub(g.Since))
	for _, at := range g.tickTimes(step) {
		x := g.x(at)
		c.put("line", "", attr{"class", "grid"}, attr{"x1", x}, attr{"x2", x}, attr{"y1", ganttTop - 6}, attr{"y2", height})
		if x > ganttLabel+ganttPlot-20 {
			continue
		}
		label := at.Format(layout)
		if at.Hour() == 0 && at.Minute() == 0 {
			label = at.Format("2 Jan")
		}
		c.text(x, 14, "tick", label, attr{"text-anchor", "middle"})
	}
}

// tickStep returns a step that results in at most twelve ticks.
func tickStep(length time.Duration) (step time.Duration, layout string) {
	for _, step := range []time.Duration{
		time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	} {
		if length <= 12*step {
			return step, "15:04"
		}
	}
	return max((length / 12).Round(24*time.Hour), 24*time.Hour), "2 Jan"
}

// tickTimes returns the times at which a clock in the zone shows a multiple of step. They
// are counted on that clock, as a day has 23 or 25 hours when the clock is changed.
func (g Gantt) tickTimes(step time.Duration) []time.Time {
	since := g.Since.In(g.Zone)
	_, offset := since.Zone()
	shown := since.Add(time.Duration(offset) * time.Second).UTC().Truncate(step) // what the clock shows, as if it were UTC
	var all []time.Time
	for {
		at := time.Date(shown.Year(), shown.Month(), shown.Day(), shown.Hour(), shown.Minute(), 0, 0, g.Zone)
		shown = shown.Add(step)
		switch {
		case !at.Before(g.Until):
			return all
		case at.Before(since), len(all) > 0 && !at.After(all[len(all)-1]): // a time that the clock skips is shown as one beside it
		default:
			all = append(all, at)
		}
	}
}
