package web

import (
	"context"
	"net/http"
)

// healthz reports that the server answers.
func (d *dashboard) healthz(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") }

// readyz reports whether the database answers as well. It shares the pages' cached
// data, so it adds no queries.
func (d *dashboard) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), d.options.QueryLimit)
	defer cancel()
	q := &request{dashboard: d, view: d.view(r, Viewer{})}
	_, err := q.snapshot(ctx)
	if err == nil {
		err = q.stale
	}
	if err != nil {
		d.options.Logger.WarnContext(r.Context(), "not ready", "error", err)
		plain(w, http.StatusServiceUnavailable, "not ready\n")
		return
	}
	plain(w, http.StatusOK, "ok\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the client may have disconnected
}
