package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web/internal/chart"
)

// view is the context of a page: a viewer, a zone and a time.
type view struct {
	query  url.Values
	zone   *time.Location
	now    time.Time
	viewer Viewer
	links  bool // false in a report, which has no other pages
}

// page is the content of a page, for any format.
type page struct {
	Name     string // of its navigation entry and its address
	Title    string
	Subject  string // the name of the object that the page is about
	State    chart.State
	Word     string
	Lead     string
	Tiles    []tile
	Forms    []filterForm
	Sections []section
	Acts     []actForm
	Refresh  bool // the script refreshes the page
}

// tile is a number at the top of a page.
type tile struct {
	Count int
	Word  string
	State chart.State
	Href  string
}

// section is a part of a page.
type section struct {
	ID      string
	Title   string
	Note    string
	Links   []link
	Facts   []fact
	Chart   template.HTML
	Table   *table
	Compact bool
}

type link struct {
	Text, Href string
	Current    bool
}

// fact is a property and its value.
type fact struct {
	Key   string
	Term  string
	Value cell
}

// filterForm filters a list. It sends a GET request.
type filterForm struct {
	Action string
	Fields []field
	Submit string
}

type field struct {
	Name, Label, Value, Type string
	Options                  []option
	Hint                     string
}

type option struct {
	Value, Text string
	Selected    bool
}

// actForm takes an action. It sends a POST request.
type actForm struct {
	Action  Action
	Process string
	Run     int64
	Title   string
	Explain string
	Confirm string // label of a checkbox that has to be ticked
	Danger  bool
}

// address returns a link to a page with parameters, given as pairs. It omits parameters
// with empty values.
func (v view) address(page string, pairs ...string) string {
	if !v.links {
		return ""
	}
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	if len(values) == 0 {
		return page
	}
	return page + "?" + values.Encode()
}

func (v view) process(name string) string { return v.address("process", "name", name) }
func (v view) run(id int64) string        { return v.address("run", "id", strconv.FormatInt(id, 10)) }
func (v view) file(id int64) string       { return v.address("file", "id", strconv.FormatInt(id, 10)) }

func (v view) processCell(name string) cell { return linkCell(name, v.process(name)) }

func (v view) runCell(run tracker.RunInfo) cell {
	c := cell{Value: run.Number, Text: strconv.FormatInt(run.Number, 10), Href: v.run(run.ID), Hint: run.Name}
	return c
}

// timeCell shows a time in the viewer's zone, with UTC in its tooltip.
func (v view) timeCell(at time.Time) cell {
	if at.IsZero() {
		return nothing()
	}
	return cell{
		Value: at.UTC().Format(time.RFC3339Nano), Text: v.stamp(at),
		Time: at.UTC().Format(time.RFC3339), Hint: at.UTC().Format("2006-01-02 15:04:05.000 UTC"),
	}
}

// stamp formats a time in the viewer's zone, without the date if it is today.
func (v view) stamp(at time.Time) string {
	local, now := at.In(v.zone), v.now.In(v.zone)
	if local.Year() == now.Year() && local.YearDay() == now.YearDay() {
		return local.Format("15:04:05")
	}
	return local.Format("2006-01-02 15:04:05")
}

// since formats a time and how long ago it was.
func (v view) since(at time.Time) cell {
	c := v.timeCell(at)
	if c.Text != "" {
		c.Text += " (" + duration(v.now.Sub(at).Truncate(time.Second)) + ")"
	}
	return c
}

// contactsCell shows the people to ask.
func contactsCell(contacts []tracker.ContactOf) cell {
	var all []cell
	names := make([]string, 0, len(contacts))
	for _, c := range contacts {
		one := textCell(c.Name)
		one.Mail = c.Email
		if c.System != "" {
			one.Hint = "contact of the source " + c.System
		}
		all = append(all, one)
		names = append(names, strings.TrimSpace(c.Name+" "+c.Email))
	}
	return cell{Value: names, More: all}
}

// zoneCookie contains the viewer's zone. The script or the form in the footer sets it.
const zoneCookie = "processtracker_zone"

// zoneOf returns the viewer's zone, or else the one in the options. It ignores a name
// that the system does not know.
func zoneOf(r *http.Request, other *time.Location) *time.Location {
	cookie, err := r.Cookie(zoneCookie)
	if err != nil {
		return other
	}
	name, err := url.QueryUnescape(cookie.Value)
	if err != nil || name == "" || name == "Local" || len(name) > 64 {
		return other
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return other
	}
	return zone
}
