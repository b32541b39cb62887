// Package chart draws the dashboard's charts as SVG, on the server.
//
// Colours come from the style sheet by class, as a page's policy forbids inline styles.
// A state has a shape besides its colour. Names are isolated, so that a right-to-left one
// leaves its neighbours alone.
package chart

import (
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"
	"unicode/utf8"
)

// canvas writes elements. Its methods escape their arguments.
type canvas struct{ b strings.Builder }

// attr is an attribute and its value, which is a number or a string.
type attr struct {
	name  string
	value any
}

// begin opens an element.
func (c *canvas) begin(tag string, attrs ...attr) {
	c.b.WriteByte('<')
	c.b.WriteString(tag)
	for _, a := range attrs {
		if a.value == "" {
			continue
		}
		c.b.WriteByte(' ')
		c.b.WriteString(a.name)
		c.b.WriteString(`="`)
		switch v := a.value.(type) {
		case float64:
			c.b.WriteString(number(v))
		default:
			c.b.WriteString(html.EscapeString(fmt.Sprint(v)))
		}
		c.b.WriteByte('"')
	}
	c.b.WriteByte('>')
}

// end closes an element.
func (c *canvas) end(tag string) { c.b.WriteString("</" + tag + ">") }

// put writes an element whose only content is an optional title.
func (c *canvas) put(tag, title string, attrs ...attr) {
	c.begin(tag, attrs...)
	c.title(title)
	c.end(tag)
}

// title writes the text for tooltips and screen readers.
func (c *canvas) title(title string) {
	if title != "" {
		c.b.WriteString("<title>" + html.EscapeString(title) + "</title>")
	}
}

// text writes text at a position.
func (c *canvas) text(x, y float64, class, text string, attrs ...attr) {
	c.begin("text", append([]attr{{"x", x}, {"y", y}, {"class", class}}, attrs...)...)
	c.b.WriteString(html.EscapeString(text))
	c.end("text")
}

// link opens a link, unless the address is empty. The returned function closes the link.
func (c *canvas) link(href string) (end func()) {
	if href == "" {
		return func() {}
	}
	c.begin("a", attr{"href", href})
	return func() { c.end("a") }
}

// picture opens the drawing as one image with a title and a description.
func (c *canvas) picture(class string, width, height float64, title, description string) {
	c.begin("svg", attr{"class", class}, attr{"viewBox", fmt.Sprintf("0 0 %s %s", number(width), number(height))},
		attr{"width", width}, attr{"height", height}, attr{"role", "group"}, attr{"aria-label", title})
	c.title(title)
	if description != "" {
		c.b.WriteString("<desc>" + html.EscapeString(description) + "</desc>")
	}
}

// done returns the finished drawing.
func (c *canvas) done() template.HTML {
	c.end("svg")
	return template.HTML(c.b.String()) //nolint:gosec // every text went through EscapeString
}

// number formats a number with at most one decimal place.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'f', 1, 64)
	return strings.TrimSuffix(text, ".0")
}

// isolate keeps the text direction of a name from affecting the text around it.
func isolate(name string) string { return "\u2068" + name + "\u2069" }

// short cuts a name to the given number of characters.
func short(name string, most int) string {
	if utf8.RuneCountInString(name) <= most {
		return name
	}
	return string([]rune(name)[:most-1]) + "…"
}
