package conformance_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
	"github.com/processtracker/processtracker-go/web/conformance/axe"
	"github.com/processtracker/processtracker-go/web/conformance/browser"
	"github.com/processtracker/processtracker-go/web/conformance/sample"
)

// site is a dashboard on the sample's data, served under a prefix.
type site struct {
	tracker *tracker.Tracker
	url     string // with a slash at its end
}

func newSite(t *testing.T, options web.Options) *site {
	t.Helper()
	tr, _, err := sample.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return serving(t, tr, options)
}

func serving(t *testing.T, tr *tracker.Tracker, options web.Options) *site {
	t.Helper()
	handler, err := web.New(tr, options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &site{tracker: tr, url: server.URL + "/jobs/"}
}

// latest returns the id of the latest run of a process.
func (s *site) latest(t *testing.T, process string) string {
	t.Helper()
	for run, err := range s.tracker.Runs(t.Context(), tracker.RunFilter{Process: process, Limit: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		return strconv.FormatInt(run.ID, 10)
	}
	t.Fatalf("%s has no run", process)
	return ""
}

func (s *site) process(name string) string {
	return s.url + "process?" + url.Values{"name": {name}}.Encode()
}

// pages returns all pages, by their subjects.
func (s *site) pages(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"now": s.url, "night": s.url + "night", "failed process": s.process(sample.Failed), "held process": s.process(sample.HeldOne), "active process": s.process(sample.Dead),
		"graph": s.url + "graph", "graph around": s.url + "graph?" + url.Values{"process": {sample.Blocked}}.Encode(), "files": s.url + "files?status=loading", "file": s.url + "file?id=21",
		"run": s.url + "run?id=" + s.latest(t, sample.Failed), "active run": s.url + "run?id=" + s.latest(t, sample.Dead), "processes": s.url + "processes", "search": s.url + "search?q=orders",
		"runs": s.url + "runs", "errors": s.url + "errors", "refusals": s.url + "refusals", "history": s.url + "history", "not found": s.url + "run?id=999999",
	}
}

// chromium starts a browser. It skips the test if no browser is installed, unless one
// is required.
func chromium(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes a minute")
	}
	ctx, stop, err := browser.Start(context.WithoutCancel(t.Context()))
	if err != nil {
		missing(t, err)
	}
	t.Cleanup(stop)
	return ctx
}

// missing skips a test because a program is missing, unless
// PROCESSTRACKER_REQUIRE_BROWSER is set.
func missing(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("PROCESSTRACKER_REQUIRE_BROWSER") != "" && !errors.Is(err, axe.ErrNone) {
		t.Fatal(err)
	}
	t.Skip(err)
}

// tab opens a tab. It fails the test if the page writes to its console: a script's
// error, or a violation of the page's policy. Messages that contain one of the expected
// texts are those of answers that the test wants.
func tab(t *testing.T, chromium context.Context, width int64, scripts bool, expected ...string) context.Context {
	t.Helper()
	ctx, end := chromedp.NewContext(chromium)
	t.Cleanup(end)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), browser.Scripts(scripts)); err != nil {
		t.Fatal(err)
	}
	listening, stop := context.WithCancel(ctx)
	t.Cleanup(stop)
	messages := chromedp.Console(listening)
	go func() {
		for m, err := range messages {
			if err != nil || listening.Err() != nil {
				return
			}
			if slices.ContainsFunc(append(expected, "404 (Not Found)"), func(part string) bool { return strings.Contains(m.Text, part) }) {
				continue // the page that does not exist
			}
			t.Errorf("the page %s writes to its console: %s", m.URL, m.Text)
		}
	}()
	return ctx
}

// stepTime is the time that a step in a browser may take.
const stepTime = 5 * time.Minute

// run runs the steps.
func run(t *testing.T, tab context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for i, step := range steps {
		ctx, cancel := context.WithTimeout(tab, stepTime)
		err := chromedp.Do(ctx, step)
		cancel()
		if err != nil {
			t.Fatalf("step %d: %v", i+1, err)
		}
	}
}

// value returns the result of an action.
func value[T any](t *testing.T, tab context.Context, action chromedp.Action[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab, stepTime)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// media shows the page in light or dark mode.
func media(scheme string) chromedp.Action[chromedp.Void] {
	return browser.Media("prefers-color-scheme", scheme)
}
