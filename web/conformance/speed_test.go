package conformance_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/bench"
	"github.com/processtracker/processtracker-go/web"
)

// budget is how long a page may take at the server.
const budget = 200 * time.Millisecond

// BenchmarkPages measures each page as the first viewer sees it, with an empty cache, on
// SQLite and on each server whose DSN is set, unless [bench.DatabasesVar] says which. The database has 2,000 processes, and as
// many runs and extracts as the variable ROWS says (10,000). The budget is for the
// shortest of a page's times, because other programs share the machine.
//
// With KEEP, a name, the databases are kept under that name, and the next benchmark with
// that name uses them.
func BenchmarkPages(b *testing.B) {
	rows := 10_000
	if text := os.Getenv("ROWS"); text != "" {
		var err error
		if rows, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	for _, p := range places() {
		bench.Measure(b, p.name, func(b *testing.B) {
			dsn := p.filled(b, rows, os.Getenv("KEEP"))
			for name, page := range measuredPages(rows) {
				b.Run(name, func(b *testing.B) { measurePage(b, p, dsn, page) })
			}
		})
	}
}

// measuredPages returns a page of each kind, by name.
func measuredPages(rows int) map[string]string {
	const layout = "2006-01-02T15:04"
	middle := time.Now().Add(-12 * time.Hour).UTC()
	night := url.Values{"from": {middle.Add(-6 * time.Hour).Format(layout)}, "to": {middle.Add(6 * time.Hour).Format(layout)}}
	number := strconv.Itoa(rows / 2)
	return map[string]string{
		"now": "now", "night": "night?" + night.Encode(), "process": "process?name=process+7", "graph": "graph", "graph around": "graph?process=process+7",
		"files": "files", "ready files": "files?status=ready", "files of a location": "files?location=place+3", "file": "file?id=" + number,
		"run": "run?id=" + number, "processes": "processes", "search": "search?q=file+77", "search for a run": "search?q=" + number,
		"runs": "runs", "runs of a process": "runs?process=process+7", "runs that failed": "runs?status=failed", "errors": "errors",
		"errors of a process": "errors?process=process+0", "refusals": "refusals", "history": "history", "history of a process": "history?process=process+7", "metrics": "metrics",
	}
}

// measurePage asks for a page again and again, each time with an empty cache.
func measurePage(b *testing.B, p place, dsn, page string) {
	b.Helper()
	t := p.tracker(b, dsn)
	shortest := time.Hour
	for b.Loop() {
		handler, err := web.New(t, web.Options{Fresh: time.Hour})
		if err != nil {
			b.Fatal(err)
		}
		w := httptest.NewRecorder()
		began := time.Now()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/"+page, nil))
		shortest = min(shortest, time.Since(began))
		if w.Code != http.StatusOK {
			b.Fatalf("%s: %d\n%.500s", page, w.Code, w.Body)
		}
	}
	b.ReportMetric(float64(shortest.Microseconds())/1000, "ms")
	b.ReportMetric(float64(shortest)/float64(budget), "x/budget")
	if shortest > budget {
		b.Errorf("%s takes %v at least, and may take %v", page, shortest.Round(time.Millisecond), budget)
	}
}
