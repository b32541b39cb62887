package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/processtracker/processtracker-go/core/tracker"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// site is a dashboard under test.
type site struct {
	t         testing.TB
	dashboard *dashboard
	source    *fake
	handler   http.Handler
	clock     time.Time
}

func newSite(tb testing.TB, options Options) *site {
	tb.Helper()
	s := &site{t: tb, source: newFake(), clock: noon()}
	d, err := newDashboard(options, func() time.Time { return s.clock })
	if err != nil {
		tb.Fatal(err)
	}
	d.source, s.dashboard, s.handler = s.source, d, d.handler()
	return s
}

// do applies changes to a request and sends it.
func (s *site) do(method, target string, body string, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, target, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, change := range changes {
		change(r)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// get requests a page and checks the status.
func (s *site) get(target string, status int) string {
	s.t.Helper()
	w := s.do(http.MethodGet, target, "")
	if w.Code != status {
		s.t.Fatalf("%s: status %d, want %d\n%s", target, w.Code, status, w.Body)
	}
	return w.Body.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; read the difference that this makes: go test ./web -update", file)
	}
}

func pagesOfTests() map[string]string {
	return map[string]string{
		"now": "/now", "night": "/night", "process": "/process?name=Orders+Load", "process_never": "/process?name=Report", "run": "/run?id=2", "run_active": "/run?id=5",
		"graph": "/graph", "graph_around": "/graph?process=Sales+Mart&depth=1", "graph_trouble": "/graph?state=trouble", "files": "/files?location=orders", "file": "/file?id=1",
		"processes": "/processes", "search": "/search?q=orders", "runs": "/runs", "errors": "/errors", "refusals": "/refusals", "history": "/history?process=Orders+Load",
	}
}

func TestPagesMatchTheGoldenFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t, Options{Access: Anyone(AllActions()...), Version: "v1"})
	for name, target := range pagesOfTests() {
		golden(t, name+".html", s.get(target, http.StatusOK))
	}
	golden(t, "now.json", s.get("/now.json", http.StatusOK))
	golden(t, "night.csv", s.get("/night.csv", http.StatusOK))
	golden(t, "metrics.txt", s.get("/metrics", http.StatusOK))
}

func TestReportIsOneFile(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := writeReport(t.Context(), &b, newFake(), Options{Version: "v1"}.withDefaults(), noon()); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.html", b.String())
	for _, part := range []string{"<script", "<link", "<form", "src=", "<nav"} {
		if strings.Contains(b.String(), part) {
			t.Errorf("the report has %s", part)
		}
	}
	for href := range strings.SplitSeq(b.String(), `href="`) {
		if !strings.HasPrefix(href, "#") && !strings.HasPrefix(href, "mailto:") && !strings.HasPrefix(href, "<!DOCTYPE") {
			t.Errorf("the report has a link to %.40s", href)
		}
	}
}

func TestNamesOfAnyKindAreText(t *testing.T) {
	t.Parallel()
	if n := utf8.RuneCountInString(odd); n != tracker.MaxName {
		t.Fatalf("the name has %d characters", n)
	}
	s := newSite(t, Options{Access: Anyone(AllActions()...)})
	targets := []string{"/files?status=ready", "/process?" + encode("name", odd), "/run?id=4"}
	for _, target := range pagesOfTests() {
		targets = append(targets, target)
	}
	for _, target := range targets {
		page := s.get(target, http.StatusOK)
		for _, part := range []string{"<script>alert", "<i>type", "<b>.csv", ` style="`, "javascript:", " onclick"} {
			if strings.Contains(page, part) {
				t.Errorf("%s has %s", target, part)
			}
		}
		// Right-to-left text is isolated: in a bdi, a title, an attribute, or between isolates.
		for i, piece := range strings.Split(page, "\u202e") {
			if i == 0 {
				continue
			}
			before, _, _ := strings.Cut(page, piece)
			if !strings.Contains(before, "<bdi>") && !strings.Contains(before, "\u2068") && !strings.Contains(before, "<title>") {
				t.Errorf("%s shows a right-to-left name that is not isolated", target)
			}
		}
	}
}

func TestListsAreJSONAndCSV(t *testing.T) {
	t.Parallel()
	s := newSite(t, Options{})
	for name, target := range pagesOfTests() {
		page, query, _ := strings.Cut(target, "?")
		var document map[string]any
		if err := json.Unmarshal([]byte(s.get(page+".json?"+query, http.StatusOK)), &document); err != nil {
			t.Errorf("%s.json: %v", name, err)
		}
		if document["page"] != strings.TrimPrefix(page, "/") {
			t.Errorf("%s.json is of the page %v", name, document["page"])
		}
		if _, err := csv.NewReader(strings.NewReader(s.get(page+".csv?"+query, http.StatusOK))).ReadAll(); err != nil {
			t.Errorf("%s.csv: %v", name, err)
		}
	}
	ready := s.get("/files.csv?status=ready", http.StatusOK)
	if !strings.Contains(ready, "'=cmd()|<b>.csv") {
		t.Errorf("a name that a spreadsheet takes for a formula is written as one:\n%s", ready)
	}
	if text := s.get("/now.csv?table=running", http.StatusOK); !strings.HasPrefix(text, "process,run,started_at,duration,") {
		t.Errorf("the list that was named: %s", text)
	}
	s.get("/now.csv?table=none", http.StatusBadRequest)
	if text := s.get("/run.json?id=99", http.StatusNotFound); !strings.Contains(text, `"status":404`) {
		t.Errorf("a problem as JSON: %s", text)
	}
}

func TestPagesHoldUnderAnyPrefix(t *testing.T) {
	t.Parallel()
	s := newSite(t, Options{})
	bare := s.get("/night", http.StatusOK)
	for _, target := range []string{"/jobs/night", "/a/b/night"} {
		if s.get(target, http.StatusOK) != bare {
			t.Errorf("%s differs from /night", target)
		}
	}
	if strings.Contains(bare, `href="/`) || strings.Contains(bare, `src="/`) || strings.Contains(bare, `action="/`) {
		t.Error("a link is not relative")
	}
	if s.get("/jobs/", http.StatusOK) != s.get("/", http.StatusOK) {
		t.Error("the first page differs under a prefix")
	}
	s.get("/jobs/style.css", http.StatusOK)
	s.get("/nothing", http.StatusNotFound)
}

func TestTimesAreInTheViewersZone(t *testing.T) {
	t.Parallel()
	s := newSite(t, Options{})
	in := func(zone string) string {
		return s.do(http.MethodGet, "/run?id=2", "", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: zoneCookie, Value: zone}) }).Body.String()
	}
	for zone, want := range map[string]string{
		"":                 `title="2026-11-29 02:00:00.000 UTC">02:00:00<`,
		"America%2FHavana": `title="2026-11-29 02:00:00.000 UTC">2026-11-28 21:00:00<`,
		"Mars%2FOlympus":   `title="2026-11-29 02:00:00.000 UTC">02:00:00<`,
		"..%2F..%2Fetc":    `title="2026-11-29 02:00:00.000 UTC">02:00:00<`,
	} {
		if page := in(zone); !strings.Contains(page, want) {
			t.Errorf("in the zone %q there is no %s", zone, want)
		}
	}
	w := s.do(http.MethodGet, "/zone?zone=Europe/Berlin", "")
	if w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Set-Cookie"), zoneCookie+"=Europe%2FBerlin") {
		t.Errorf("setting the zone: %d, %v", w.Code, w.Header())
	}
	s.get("/zone?zone=Nowhere/None", http.StatusBadRequest)
}

func TestWindowsOfTimeAreBounded(t *testing.T) {
	t.Parallel()
	s := newSite(t, Options{})
	if page := s.get("/night?from=2026-11-29T01:00&to=2026-11-29T02:30", http.StatusOK); !strings.Contains(page, "run?id=1") || strings.Contains(page, "run?id=4\"") {
		t.Error("the window does not show what was in it")
	}
	for _, query := range []string{"from=x&to=2026-11-29T02:30", "from=2026-11-29T02:30&to=2026-11-29T02:30", "from=2026-11-29T02:30", "from=2020-01-01&to=2026-01-01"} {
		s.get("/night?"+query, http.StatusBadRequest)
	}
}

func TestLastNightIsReadFromTheViewersClock(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, now, since, until string }{
		{"UTC", "2026-11-29 12:00", "2026-11-28 18:00", "2026-11-29 10:00"},
		{"UTC", "2026-11-29 00:00", "2026-11-28 18:00", "2026-11-29 01:00"},
		{"Asia/Kathmandu", "2026-11-29 08:10", "2026-11-28 18:00", "2026-11-29 09:00"}, // 5:45 from UTC
		{"Europe/Berlin", "2027-03-28 12:00", "2027-03-27 18:00", "2027-03-28 10:00"},  // 23 hours long
		{"Europe/Berlin", "2027-10-31 12:00", "2027-10-30 18:00", "2027-10-31 10:00"},  // 25 hours long
		{"Europe/Berlin", "2027-11-01 00:30", "2027-10-31 18:00", "2027-11-01 01:00"},
	} {
		zone, err := time.LoadLocation(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.ParseInLocation("2006-01-02 15:04", test.now, zone)
		if err != nil {
			t.Fatal(err)
		}
		w := lastNight(now)
		if since, until := w.since.Format("2006-01-02 15:04"), w.until.Format("2006-01-02 15:04"); since != test.since || until != test.until {
			t.Errorf("at %s in %s, last night was from %s to %s, want %s to %s", test.now, test.zone, since, until, test.since, test.until)
		}
	}
}
