package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed static templates
var embedded embed.FS

// assets are the dashboard's static files and templates.
type assets struct {
	static    map[string][]byte
	tags      map[string]string // a digest of each file, the key of browsers' caches
	templates *template.Template
}

func loadAssets() (*assets, error) {
	a := &assets{static: map[string][]byte{}, tags: map[string]string{}}
	err := fs.WalkDir(embedded, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := embedded.ReadFile(name)
		sum := sha256.Sum256(content)
		a.static[path.Base(name)], a.tags[path.Base(name)] = content, hex.EncodeToString(sum[:8])
		return err
	})
	if err != nil {
		return nil, err
	}
	a.templates, err = template.New("").Funcs(template.FuncMap{
		"icon":  icon,
		"asset": func(name string) string { return name + "?v=" + a.tags[name] },
		"row":   columnCells,
	}).ParseFS(embedded, "templates/*.html")
	return a, err
}

// columnCell is a cell with the properties of its column.
type columnCell struct {
	cell

	Right bool
	Label string
}

func columnCells(cells []cell, columns []column) []columnCell {
	all := make([]columnCell, len(cells))
	for i, c := range cells {
		all[i] = columnCell{c, columns[i].Right, columns[i].Title}
	}
	return all
}

// serve sends a static file, and reports whether there is one with that name.
func (a *assets) serve(w http.ResponseWriter, r *http.Request, name string) bool {
	content, ok := a.static[name]
	if !ok {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if r.URL.Query().Get("v") != a.tags[name] {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("ETag", `"`+a.tags[name]+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	return true
}

// navigation lists the pages in the order in which people need them.
func navigation() []link {
	return []link{
		{Text: "Now", Href: "now"}, {Text: "Last night", Href: "night"}, {Text: "Processes", Href: "processes"},
		{Text: "Graph", Href: "graph"}, {Text: "Files", Href: "files"}, {Text: "Errors", Href: "errors"},
	}
}

// frame is a page with everything that surrounds it.
type frame struct {
	*page

	Site    string
	Nav     []link
	Viewer  string
	MayAct  bool
	Zone    string
	Read    cell
	Stale   string // why the page shows old data
	Flash   string
	Problem string // why the page cannot be shown
	Query   string
	Every   int // seconds between refreshes; 0 for none
	Formats []link
	Version string
	Style   template.CSS // in a report, which is a single file
}

func (d *dashboard) frame(r *http.Request, q *request, p *page) frame {
	f := frame{
		page: p, Site: d.options.Title, Nav: navigation(), Viewer: q.viewer.Name, MayAct: len(q.viewer.May) > 0, Zone: q.zone.String(),
		Read: q.timeCell(q.read), Query: q.query.Get("q"), Version: d.options.Version, Flash: flashes()[q.query.Get("done")],
	}
	for i := range f.Nav {
		f.Nav[i].Current = f.Nav[i].Href == p.Name
	}
	if p.Refresh {
		f.Every = max(int(d.options.Fresh.Seconds()), 1)
	}
	if q.stale != nil {
		f.Stale = describe(q.stale)
		d.options.Logger.WarnContext(r.Context(), "the page shows older data", "error", q.stale)
	}
	if p.Name != "" {
		for _, format := range []string{formatJSON, formatCSV} {
			values := q.query.Encode()
			if values != "" {
				values = "?" + values
			}
			f.Formats = append(f.Formats, link{Text: strings.ToUpper(format), Href: p.Name + "." + format + values})
		}
	}
	return f
}

func (a *assets) writePage(w io.Writer, f frame) error {
	return a.templates.ExecuteTemplate(w, "page.html", f)
}
