package chart

import "html/template"

// State is the displayed state of a run or a process. It names a class of the style sheet.
type State string

// The states with a colour and a shape of their own. Any other state is drawn as Other.
const (
	Completed State = "completed"
	Failed    State = "failed"
	Running   State = "running"
	Held      State = "held"
	Expired   State = "expired" // running, but its lease has expired
	Blocked   State = "blocked"
	Never     State = "never" // it never ran
	Other     State = "other"
)

// Icon draws the shape of a state, for use beside its name.
func Icon(s State) template.HTML {
	c := &canvas{}
	c.begin("svg", attr{"class", "icon"}, attr{"viewBox", "0 0 12 12"}, attr{"width", 12.0}, attr{"height", 12.0}, attr{"aria-hidden", "true"})
	c.shape(s, 6, 6, 5)
	return c.done()
}

// shape draws the shape of a state around a point.
func (c *canvas) shape(s State, x, y, r float64) {
	class := attr{"class", "s-" + string(s)}
	path := func(d string) { c.put("path", "", class, attr{"d", d}) }
	at := func(dx, dy float64) string { return number(x+dx*r) + " " + number(y+dy*r) }
	switch s {
	case Completed:
		c.put("circle", "", class, attr{"cx", x}, attr{"cy", y}, attr{"r", r})
	case Never:
		c.put("circle", "", attr{"class", "s-never hollow"}, attr{"cx", x}, attr{"cy", y}, attr{"r", r - 1})
	case Failed: // a cross
		path("M" + at(-1, -.6) + "L" + at(-.6, -1) + "L" + at(0, -.4) + "L" + at(.6, -1) + "L" + at(1, -.6) + "L" + at(.4, 0) +
			"L" + at(1, .6) + "L" + at(.6, 1) + "L" + at(0, .4) + "L" + at(-.6, 1) + "L" + at(-1, .6) + "L" + at(-.4, 0) + "Z")
	case Running: // a triangle that points forward
		path("M" + at(-.8, -1) + "L" + at(1, 0) + "L" + at(-.8, 1) + "Z")
	case Held: // two bars
		path("M" + at(-.9, -1) + "L" + at(-.2, -1) + "L" + at(-.2, 1) + "L" + at(-.9, 1) + "Z" +
			"M" + at(.2, -1) + "L" + at(.9, -1) + "L" + at(.9, 1) + "L" + at(.2, 1) + "Z")
	case Expired: // an hourglass
		path("M" + at(-.9, -1) + "L" + at(.9, -1) + "L" + at(-.9, 1) + "L" + at(.9, 1) + "Z")
	case Blocked: // a hollow square
		c.put("rect", "", attr{"class", "s-blocked hollow"}, attr{"x", x - r + 1}, attr{"y", y - r + 1}, attr{"width", 2*r - 2}, attr{"height", 2*r - 2})
	default: // a diamond
		c.put("path", "", attr{"class", "s-other"}, attr{"d", "M" + at(0, -1) + "L" + at(1, 0) + "L" + at(0, 1) + "L" + at(-1, 0) + "Z"})
	}
}
