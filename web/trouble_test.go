package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// gone is a driver's error that contains details which no page may show.
func gone() error {
	return fmt.Errorf("list processes: %w: dial tcp db.internal:5432: user=svc_load password=hunter2", tracker.ErrDisconnected)
}

func TestDatabaseThatGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, Options{Fresh: 5 * time.Second})
	before := s.get("/now", http.StatusOK)
	s.source.failing(gone())
	if s.get("/now", http.StatusOK) != before {
		t.Error("the data that was just read is no longer shown")
	}
	s.clock = s.clock.Add(6 * time.Second)
	stale := s.get("/now", http.StatusOK)
	for _, part := range []string{"The database cannot be reached.", "This is the state of <time datetime=\"2026-11-29T09:30:00Z\"", "Orders Load"} {
		if !strings.Contains(stale, part) {
			t.Errorf("the page that is old has no %q", part)
		}
	}
	if w := s.do(http.MethodGet, "/now.json", ""); w.Code != http.StatusOK || w.Header().Get("Warning") == "" {
		t.Errorf("old JSON: %d, %v", w.Code, w.Header())
	}
	s.get("/readyz", http.StatusServiceUnavailable)
	s.get("/healthz", http.StatusOK)
	if page := s.get("/errors", http.StatusServiceUnavailable); !strings.Contains(page, `data-every="5"`) {
		t.Error("a page that was not read before does not try again by itself")
	}
	metrics := s.get("/metrics", http.StatusOK)
	if !strings.Contains(metrics, "\nprocesstracker_scrape_error 1\n") || strings.Contains(metrics, "processtracker_process_running{") {
		t.Errorf("metrics while it is away:\n%s", metrics)
	}
	for _, page := range []string{stale, metrics, s.get("/now.json", http.StatusOK), s.get("/errors.json", http.StatusServiceUnavailable), s.get("/errors", http.StatusServiceUnavailable)} {
		for _, secret := range []string{"hunter2", "db.internal", "svc_load"} {
			if strings.Contains(page, secret) {
				t.Errorf("a page shows %q", secret)
			}
		}
	}
	s.source.failing(nil)
	s.clock = s.clock.Add(6 * time.Second)
	if page := s.get("/now", http.StatusOK); strings.Contains(page, "cannot be reached") {
		t.Error("the page has not recovered")
	}
	s.get("/readyz", http.StatusOK)
	s.get("/errors", http.StatusOK)
}

func TestErrorPagesSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error
		status int
		part   string
	}{
		"no tables":        {&tracker.SchemaError{Want: 3}, 503, "run: processtracker setup"},
		"an older schema":  {&tracker.SchemaError{Have: 1, Want: 3}, 503, "run: processtracker upgrade"},
		"a newer schema":   {&tracker.SchemaError{Have: 4, Want: 3}, 503, "use a newer processtracker"},
		"a missing right":  {fmt.Errorf("list: %w", tracker.ErrDenied), 403, "processtracker grants --role reader"},
		"a wrong password": {fmt.Errorf("list: %w", tracker.ErrCredentials), 503, "refused the dashboard"},
		"a slow database":  {context.DeadlineExceeded, 503, "did not answer in time"},
		"something else":   {errors.New("a driver's words: password=x"), 500, "the server&#39;s log says why"},
	} {
		s := newSite(t, Options{})
		s.source.failing(c.err)
		page := s.get("/now", c.status)
		if !strings.Contains(page, c.part) || strings.Contains(page, "password=x") {
			t.Errorf("%s: the page has no %q, or too much:\n%s", name, c.part, page)
		}
	}
}

func TestTrackerIsOpenedWhenItCanBe(t *testing.T) {
	t.Parallel()
	var err error = &tracker.SchemaError{Want: 3}
	opened := 0
	clock := noon()
	d, failed := newDashboard(Options{Open: func(context.Context) (*tracker.Tracker, error) {
		opened++
		return new(tracker.Tracker), err
	}}, func() time.Time { return clock })
	if failed != nil {
		t.Fatal(failed)
	}
	s := &site{t: t, dashboard: d, handler: d.handler()}
	for range 3 {
		if page := s.get("/now", http.StatusServiceUnavailable); !strings.Contains(page, "processtracker setup") {
			t.Fatal(page)
		}
	}
	if opened != 1 {
		t.Errorf("it was tried to open %d times within a moment", opened)
	}
	err = nil
	clock = clock.Add(6 * time.Second)
	s.get("/now", http.StatusBadRequest) // a zero tracker returns that error
	if opened != 2 {
		t.Errorf("it was opened %d times", opened)
	}
	if _, err := New(nil, Options{}); err == nil {
		t.Error("a dashboard without a tracker is made")
	}
}

func TestFiftyViewersCostOneViewersQueries(t *testing.T) {
	t.Parallel()
	one := newSite(t, Options{})
	for _, target := range pagesOfTests() {
		one.get(target, http.StatusOK)
	}
	want := one.source.queries.Load()

	s := newSite(t, Options{PerMinute: 10_000})
	s.source.asked = make(chan struct{})
	var viewers sync.WaitGroup
	for range 50 {
		viewers.Go(func() {
			for _, target := range pagesOfTests() {
				if w := s.do(http.MethodGet, target, ""); w.Code != http.StatusOK {
					t.Errorf("%s: %d", target, w.Code)
				}
			}
		})
	}
	close(s.source.asked)
	viewers.Wait()
	if got := s.source.queries.Load(); got != want {
		t.Errorf("50 viewers cost %d queries, and one %d", got, want)
	}
}

func TestAViewerThatLeavesInterruptsNoQuery(t *testing.T) {
	t.Parallel()
	s := newSite(t, Options{})
	s.source.asked, s.source.began = make(chan struct{}), make(chan struct{}, 100)
	gone, leave := context.WithCancel(t.Context())
	var viewers sync.WaitGroup
	viewers.Go(func() {
		s.do(http.MethodGet, "/now", "", func(r *http.Request) { *r = *r.WithContext(gone) }) //nolint:contextcheck // that is how a request gets one
	})
	<-s.source.began
	viewers.Go(func() {
		if w := s.do(http.MethodGet, "/now", ""); w.Code != http.StatusOK {
			t.Errorf("the second viewer: %d", w.Code)
		}
	})
	leave()
	close(s.source.asked)
	viewers.Wait()
}

func TestBlockedHasItsRoot(t *testing.T) {
	t.Parallel()
	s, err := readSnapshot(t.Context(), newFake())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]cause{
		"Board":       {{"Orders Load", "Sales Mart"}}, // through the parent from which it needs fresh data
		"Sales Mart":  {{"Orders Load", "Orders Load"}},
		"Forecast":    nil, // a soft dependency blocks no process
		"Orders Load": nil,
	} {
		if got := s.blocked[name]; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
