package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func isAction(a Action) bool { return slices.Contains(AllActions(), a) }

// flashes are the messages that a page shows after an action.
func flashes() map[string]string {
	return map[string]string{
		string(ActHold): "The process is on hold.", string(ActRelease): "The process is released.", string(ActReap): "The run was ended as failed.",
	}
}

// mostReason is the maximum length of a reason in bytes.
const mostReason = 4000

// act takes an action, if the viewer may. Forms of other sites were rejected before:
// the browser has already been checked.
func (d *dashboard) act(w http.ResponseWriter, r *http.Request, who Viewer, a Action) {
	if !isAction(a) {
		w.Header().Set("Allow", "GET, HEAD")
		d.fail(w, r, who, http.StatusMethodNotAllowed, "Pages are read with GET.")
		return
	}
	if !who.may(a) {
		d.options.Logger.WarnContext(r.Context(), "action refused", "viewer", who.Name, "action", string(a))
		d.fail(w, r, who, http.StatusForbidden, "You may look, but not "+string(a)+".")
		return
	}
	if err := r.ParseForm(); err != nil {
		d.fail(w, r, who, http.StatusBadRequest, "The form could not be read, or is too large.")
		return
	}
	o := order{process: r.PostForm.Get("process"), reason: strings.TrimSpace(r.PostForm.Get("reason"))}
	if o.reason == "" || len(o.reason) > mostReason {
		d.fail(w, r, who, http.StatusUnprocessableEntity, "Give a reason of 1 to 4000 bytes. The history keeps it, with your name.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), d.options.QueryLimit)
	defer cancel()
	to, err := d.take(ctx, who, a, o, r.PostForm)
	d.cache.forget()
	if err != nil {
		d.failed(w, r, who, err)
		return
	}
	d.options.Logger.InfoContext(r.Context(), "action taken", "viewer", who.Name, "action", string(a), "process", o.process, "page", to)
	w.Header().Set("Location", to+"&done="+string(a)) // relative, so that it works under any prefix
	w.WriteHeader(http.StatusSeeOther)
}

// take executes the action, and returns the address of the page that shows its result.
func (d *dashboard) take(ctx context.Context, who Viewer, a Action, o order, form url.Values) (string, error) {
	src, err := d.open(ctx)
	if err != nil {
		return "", err
	}
	if a != ActReap {
		return "process?" + url.Values{"name": {o.process}}.Encode(), src.Act(ctx, who.Name, a, o)
	}
	if o.run, err = strconv.ParseInt(form.Get("run"), 10, 64); err != nil || o.run <= 0 {
		return "", &badRequestError{"the run is missing; use the button of its page"}
	}
	run, err := src.RunByID(ctx, o.run)
	if err != nil {
		return "", err
	}
	switch {
	case !run.Active():
		return "", errEndedAlready
	case !run.LeaseExpired && form.Get("confirm") != "yes":
		return "", &badRequestError{"the run's lease has not expired: its program may still be working; to end the run anyway, tick the box"}
	}
	return "run?id=" + strconv.FormatInt(o.run, 10), src.Act(ctx, who.Name, a, o)
}

// failed sends the page for an action's error.
func (d *dashboard) failed(w http.ResponseWriter, r *http.Request, who Viewer, err error) {
	status := http.StatusInternalServerError
	var invalid *tracker.InvalidError
	var bad *badRequestError
	if errors.As(err, &bad) {
		d.fail(w, r, who, http.StatusBadRequest, sentence(bad.text))
		return
	}
	switch {
	case errors.As(err, &invalid):
		d.fail(w, r, who, http.StatusBadRequest, sentence(invalid.Error()))
		return
	case errors.Is(err, errNoSuch), errors.Is(err, tracker.ErrNotFound):
		d.fail(w, r, who, http.StatusNotFound, "It does not exist, or it was purged.")
		return
	case errors.Is(err, errEndedAlready), errors.Is(err, tracker.ErrAlreadyEnded):
		d.fail(w, r, who, http.StatusConflict, "The run has already ended.")
		return
	case errors.Is(err, tracker.ErrDenied):
		status = http.StatusForbidden
	case unavailable(err):
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "5")
	case errors.Is(err, context.Canceled):
		return // the client has disconnected
	}
	d.options.Logger.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "error", err)
	d.fail(w, r, who, status, describe(err))
}

// unavailable reports whether an error is temporary: it passes when the database works again.
func unavailable(err error) bool {
	for _, known := range []error{
		errNotOpen, dialect.ErrNoDatabase, tracker.ErrDisconnected, tracker.ErrBusy, tracker.ErrNotSetUp, tracker.ErrSchemaVersion, tracker.ErrCredentials, tracker.ErrServer,
		tracker.ErrSetting, tracker.ErrDrift, tracker.ErrReadOnly, context.DeadlineExceeded,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// describe explains an error in words of our own, because a driver's message may
// contain hosts and users.
func describe(err error) string {
	var schema *tracker.SchemaError
	switch {
	case errors.As(err, &schema):
		return sentence(schema.Error())
	case errors.Is(err, dialect.ErrNoDatabase):
		return "The database does not exist yet. To create it, run: processtracker setup."
	case errors.Is(err, tracker.ErrDenied):
		return "The database's user lacks a right for this. To see how to grant it, run: processtracker grants --role reader --to USER."
	case errors.Is(err, tracker.ErrReadOnly):
		return "The database accepts no changes now: it is a replica, or it is set to read-only."
	case errors.Is(err, tracker.ErrCredentials):
		return "The database refused the dashboard's login."
	case errors.Is(err, tracker.ErrDrift):
		return "The tracker's tables are not as they should be. To see what to do, run: processtracker status."
	case errors.Is(err, tracker.ErrDisconnected):
		return "The database cannot be reached."
	case errors.Is(err, context.DeadlineExceeded):
		return "The database did not answer in time."
	case errors.Is(err, tracker.ErrBusy):
		return "The database is busy."
	case errors.Is(err, errNotOpen):
		return "The database cannot be opened; the server's log says why."
	default:
		return "The database cannot answer; the server's log says why."
	}
}

// sentence turns an error's text into a sentence.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// fail sends a page with the reason why the requested one cannot be shown.
func (d *dashboard) fail(w http.ResponseWriter, r *http.Request, who Viewer, status int, text string) {
	_, format := splitFormat(r.URL.Path)
	switch format {
	case formatJSON:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = writeProblem(w, status, text) // the client may have disconnected
		return
	case formatCSV:
		http.Error(w, text, status)
		return
	}
	q := &request{dashboard: d, view: d.view(r, who)}
	f := d.frame(r, q, &page{Title: http.StatusText(status)})
	f.Problem, f.Formats, f.Flash = text, nil, ""
	if status == http.StatusServiceUnavailable && r.Method != http.MethodPost {
		f.Every = max(int(d.options.Fresh/time.Second), 1) // so that the page recovers by itself
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = d.assets.writePage(w, f) // as above
}
