package web

import (
	"net/http"
	"net/url"
	"time"
)

// setZone stores the viewer's time zone in a cookie, for browsers without scripts. It
// redirects to the first page.
func (d *dashboard) setZone(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("zone")
	if _, err := time.LoadLocation(name); err != nil || name == "Local" || len(name) > 64 {
		d.fail(w, r, Viewer{}, http.StatusBadRequest, "There is no such time zone; give one such as Europe/Berlin or UTC.")
		return
	}
	// Without a path attribute, a browser uses the directory of the request, which is
	// the dashboard's prefix.
	http.SetCookie(w, &http.Cookie{Name: zoneCookie, Value: url.QueryEscape(name), MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode}) //nolint:gosec // the script reads it, and it is no secret
	w.Header().Set("Location", "now")
	w.WriteHeader(http.StatusSeeOther)
}
