package conformance_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
	"github.com/processtracker/processtracker-go/web/conformance/sample"
)

func TestPrometheusReadsTheMetrics(t *testing.T) {
	t.Parallel()
	tr, _, err := sample.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := web.WriteMetrics(t.Context(), &text, tr, `v1 "quoted"`); err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, text.String())
	}
	for name, want := range map[string]int{
		"processtracker_process_running": 20, "processtracker_process_records_total": 20, "processtracker_process_last_completed_timestamp_seconds": 20,
		"processtracker_leases_expired": 1, "processtracker_extracts": 3, "processtracker_scrape_error": 1, "processtracker_build_info": 1,
	} {
		family := families[name]
		if got := len(family.GetMetric()); got != want {
			t.Errorf("%s has %d series, want %d", name, got, want)
		}
		if family.GetHelp() == "" {
			t.Errorf("%s has no help", name)
		}
	}
	if got := families["processtracker_leases_expired"].GetMetric()[0].GetGauge().GetValue(); got != 1 {
		t.Errorf("expired leases: %v", got)
	}
}

// counting is a backend that counts its queries.
type counting struct {
	dialect.Backend

	queries *atomic.Int64
}

func (c counting) Conn() dialect.Conn { return countingConn{c.Backend.Conn(), c.queries} }

type countingConn struct {
	dialect.Conn

	queries *atomic.Int64
}

func (c countingConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	c.queries.Add(1)
	return c.Conn.Query(ctx, s, row)
}

// TestViewersShareReads has fifty viewers open the pages at once.
func TestViewersShareReads(t *testing.T) {
	t.Parallel()
	_, dsn, err := sample.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	cost := func(viewers int) int64 {
		b, err := sqlite.Open(t.Context(), dsn, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = b.Close() }() // nothing was written
		queries := new(atomic.Int64)
		tr, err := tracker.New(t.Context(), counting{b, queries}, nil)
		if err != nil {
			t.Fatal(err)
		}
		handler, err := web.New(tr, web.Options{Fresh: time.Hour, QueryLimit: 10 * time.Minute, PerMinute: 100_000})
		if err != nil {
			t.Fatal(err)
		}
		queries.Store(0)
		var all sync.WaitGroup
		for range viewers {
			all.Go(func() {
				for _, page := range []string{"now", "night", "files", "graph", "process?name=Sales+Fact", "run?id=7", "errors", "metrics"} {
					w := httptest.NewRecorder()
					handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+page, nil))
					if w.Code != http.StatusOK {
						t.Errorf("%s: %d %s", page, w.Code, w.Body)
					}
				}
			})
		}
		all.Wait()
		return queries.Load()
	}
	one, fifty := cost(1), cost(50)
	if one == 0 || one > 40 || fifty != one {
		t.Errorf("one viewer costs %d queries, and fifty %d", one, fifty)
	}
	t.Logf("%d queries for eight pages", one)
}
