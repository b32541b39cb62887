package conformance_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/web"
)

// TestReaderIsEnough shows every page to a database user with the role reader, on each
// server whose DSN is set. Actions of that user fail and say what is missing.
func TestReaderIsEnough(t *testing.T) {
	t.Parallel()
	for _, p := range places() {
		if p.server == "" {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			dsn := p.filled(t, benchProcesses, "")
			handler, err := web.New(p.tracker(t, p.as(t, setup.Reader, dsn)), web.Options{Access: asAda, QueryLimit: 10 * time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			for name, page := range measuredPages(benchProcesses) {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+page, nil))
				if w.Code != http.StatusOK {
					t.Errorf("%s: %d\n%.500s", name, w.Code, w.Body)
				}
			}
			for action, form := range map[string]string{"hold": "process=process+7&reason=why", "release": "process=process+7&reason=why", "reap": "run=40&reason=why&confirm=yes"} {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/"+action, strings.NewReader(form))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "lacks a right") {
					t.Errorf("%s: %d\n%.500s", action, w.Code, w.Body)
				}
			}
		})
	}
}
