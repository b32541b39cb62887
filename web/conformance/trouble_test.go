package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
	"github.com/processtracker/processtracker-go/web/conformance/sample"
)

var errGone = errors.New("the test has taken the database away")

// leaving is a backend whose database goes away and comes back.
type leaving struct {
	dialect.Backend

	gone *atomic.Bool
}

func (l leaving) Conn() dialect.Conn { return leavingConn{l.Backend.Conn(), l.gone} }

func (l leaving) Classify(err error) dialect.Class {
	if errors.Is(err, errGone) {
		return dialect.Disconnected
	}
	return l.Backend.Classify(err)
}

type leavingConn struct {
	dialect.Conn

	gone *atomic.Bool
}

func (l leavingConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	if l.gone.Load() {
		return errGone
	}
	return l.Conn.Query(ctx, s, row)
}

// TestOpenPageOutlivesTheDatabase takes the database away while a page is open, and looks
// at the same page without loading it again.
func TestOpenPageOutlivesTheDatabase(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	_, dsn, err := sample.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b, err := sqlite.Open(t.Context(), dsn, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() }) // only reads were done
	gone := new(atomic.Bool)
	tr, err := tracker.New(t.Context(), leaving{b, gone}, &tracker.Config{Retry: tracker.RetryPolicy{Tries: 1}})
	if err != nil {
		t.Fatal(err)
	}
	s := serving(t, tr, web.Options{Fresh: 10 * time.Millisecond, QueryLimit: 5 * time.Minute})
	tab := tab(t, chromium, 1440, true)
	run(t, tab, chromedp.Navigate(s.url), has(sample.Failed))
	gone.Store(true)
	run(t, tab, chromedp.WaitVisible(`//main//*[contains(., "This is the state of")]`), has(sample.Failed))
	gone.Store(false)
	run(t, tab, chromedp.WaitNotPresent(`//main//*[contains(., "This is the state of")]`), has(sample.Failed))
}

// TestOpenPageSaysThatTheSessionHasEnded ends a viewer's session while a page is open. The
// page stays, asks no more, and goes on after the viewer has signed in again.
func TestOpenPageSaysThatTheSessionHasEnded(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	ended := new(atomic.Bool)
	s := newSite(t, web.Options{Fresh: 10 * time.Millisecond, Access: func(*http.Request) (web.Viewer, error) {
		if ended.Load() {
			return web.Viewer{}, web.ErrUnknownViewer
		}
		return web.Viewer{Name: "Ada Reyes"}, nil
	}})
	tab := tab(t, chromium, 1440, true, "401 (Unauthorized)")
	run(t, tab, chromedp.Navigate(s.url), has(sample.Failed))
	ended.Store(true)
	run(t, tab, chromedp.WaitVisible(`//*[@id="status"][contains(., "You are signed out")]`), chromedp.WaitVisible(`#pause[aria-pressed=true]`), has(sample.Failed))
	ended.Store(false)
	run(t, tab, chromedp.Click("#pause"), chromedp.WaitVisible(`//*[@id="status"][contains(., "Updated")]`))
}

// TestOddNamesFit shows names with markup, right-to-left text and 250 characters in every
// width. A name that ran as a script would write to the console, which fails the test.
func TestOddNamesFit(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	s := newSite(t, web.Options{Access: asAda, Fresh: time.Minute})
	for _, name := range []string{
		"<script>console.error('ran')</script><img src=x onerror=console.error('ran')>", "\u202eעברית \u2067& \"quoted\" 'it'",
		strings.Repeat("é", tracker.MaxName), strings.TrimSpace(strings.Repeat("many words ", 22)),
	} {
		started, err := s.tracker.Start(t.Context(), tracker.Process{Name: name, Type: name, Tool: name}, &tracker.StartOptions{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := started.RegisterExtract(t.Context(), tracker.File{Location: "/odd/" + name, Name: name, Status: tracker.Ready}); err != nil {
			t.Fatal(err)
		}
		if err := started.Fail(t.Context(), tracker.ErrorRecord{Type: tracker.DataError, Description: strings.Repeat(name, 20)}); err != nil {
			t.Fatal(err)
		}
		if err := s.tracker.Registry().AddDependency(t.Context(), sample.Blocked, name, tracker.DependencyOptions{}); err != nil {
			t.Fatal(err)
		}
		pages := []string{
			s.url, s.url + "night", s.process(name), s.url + "processes", s.url + "runs", s.url + "errors", s.url + "history", s.url + "files?status=ready",
			s.url + "run?id=" + s.latest(t, name), s.url + "graph?process=Revenue+Mart", s.url + "search?q=" + "many",
		}
		for _, width := range widths() {
			t.Run(fmt.Sprintf("%.20q at %d pixels", name, width), func(t *testing.T) {
				tab := tab(t, chromium, width, true)
				for _, page := range pages {
					run(t, tab, chromedp.Navigate(page), chromedp.WaitVisible("h1"), chromedp.WaitReady("footer"))
					if wide := value(t, tab, chromedp.Evaluate[int64]("document.documentElement.scrollWidth")); wide > width {
						t.Errorf("%s is %d pixels wide", page, wide)
					}
				}
			})
		}
	}
}
