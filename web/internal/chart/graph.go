package chart

import (
	"fmt"
	"html/template"
	"strings"
)

// Graph shows processes and their dependencies, from left to right.
type Graph struct {
	Title       string
	Description string
	Nodes       []Node
	Edges       []Edge
}

// Node is a process.
type Node struct {
	Name  string
	State State
	Title string
	Href  string
	Focus bool // the process in question
}

// Edge connects a parent to the child that waits for it.
type Edge struct {
	Parent, Child string
	Kind          string // normal, hard or soft
	Blocks        bool   // the child cannot start because of it
	Title         string
}

const (
	nodeWidth  = 190.0
	nodeHeight = 30.0
	layerGap   = 70.0
	nodeGap    = 12.0
	nodeLabel  = 23 // maximum length of a name in characters
)

// Draw lays the graph out and returns it.
func (g Graph) Draw() template.HTML {
	l := newLayout(g)
	c := &canvas{}
	width := float64(len(l.layers))*(nodeWidth+layerGap) - layerGap + 8
	var height float64
	for _, layer := range l.layers {
		height = max(height, float64(len(layer))*(nodeHeight+nodeGap)-nodeGap+8)
	}
	l.place(height)
	c.picture("graph", max(width, nodeWidth+8), max(height, nodeHeight+8), g.Title, g.Description)
	for _, e := range g.Edges {
		l.edge(c, e)
	}
	for _, n := range g.Nodes {
		l.node(c, n)
	}
	return c.done()
}

func (l *layout) node(c *canvas, n Node) {
	v, ok := l.vertices[n.Name]
	if !ok {
		return
	}
	end := c.link(n.Href)
	class := "node"
	if n.Focus {
		class = "node focus"
	}
	c.begin("g", attr{"class", class})
	c.title(n.Title)
	c.put("rect", "", attr{"class", "box b-" + string(n.State)}, attr{"x", v.x}, attr{"y", v.y}, attr{"width", nodeWidth}, attr{"height", nodeHeight}, attr{"rx", 5.0})
	c.shape(n.State, v.x+14, v.y+nodeHeight/2, 6)
	c.text(v.x+28, v.y+nodeHeight/2+4.5, "label", isolate(short(n.Name, nodeLabel)))
	c.end("g")
	end()
}

// edge draws a curve through the positions that the layout reserves for it in the
// layers between.
func (l *layout) edge(c *canvas, e Edge) {
	way := l.ways[[2]string{e.Parent, e.Child}]
	if len(way) < 2 {
		return
	}
	var d strings.Builder
	x, y := way[0].x+nodeWidth, way[0].y+nodeHeight/2
	fmt.Fprintf(&d, "M%s %s", number(x), number(y))
	for i, v := range way[1:] {
		toX, toY := v.x, v.y+nodeHeight/2
		half := (toX - x) / 2
		fmt.Fprintf(&d, "C%s %s %s %s %s %s", number(x+half), number(y), number(toX-half), number(toY), number(toX), number(toY))
		x, y = toX, toY
		if i < len(way)-2 {
			x += nodeWidth
			fmt.Fprintf(&d, "L%s %s", number(x), number(y))
		}
	}
	class := "edge e-" + e.Kind
	if e.Blocks {
		class += " blocks"
	}
	c.begin("g", attr{"class", class})
	c.title(e.Title)
	c.put("path", "", attr{"class", "way"}, attr{"d", d.String()})
	c.put("path", "", attr{"class", "tip"}, attr{"d", fmt.Sprintf("M%s %sL%s %sL%s %sZ",
		number(x-7), number(y-4), number(x), number(y), number(x-7), number(y+4))})
	c.end("g")
}
