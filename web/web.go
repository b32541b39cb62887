package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// dashboard is the handler of the dashboard.
type dashboard struct {
	options Options
	now     func() time.Time
	assets  *assets
	cache   *cache
	origins *http.CrossOriginProtection
	clients *limiter // by address, before the viewer is known
	viewers *limiter

	mu     sync.Mutex
	source source // nil until it has been opened
}

// New returns a handler for the dashboard of a tracker. t may be nil if [Options.Open] is set.
func New(t *tracker.Tracker, options Options) (http.Handler, error) {
	if t == nil && options.Open == nil {
		return nil, errors.New("the dashboard has no tracker; give one, or set Open")
	}
	d, err := newDashboard(options, time.Now)
	if err != nil {
		return nil, err
	}
	if t != nil {
		d.source = tracked{t}
	}
	return d.handler(), nil
}

func newDashboard(options Options, now func() time.Time) (*dashboard, error) {
	o := options.withDefaults()
	d := &dashboard{
		options: o, now: now, cache: newCache(o.Fresh, o.QueryLimit, now), origins: http.NewCrossOriginProtection(),
		clients: newLimiter(o.PerMinute*4, now), viewers: newLimiter(o.PerMinute, now),
	}
	for _, origin := range o.TrustedOrigins {
		if err := d.origins.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trusted origin %q: %w; give one such as https://jobs.example.org", origin, err)
		}
	}
	var err error
	d.assets, err = loadAssets()
	return d, err
}

// The limits of one request.
const (
	mostBody = 16 << 10
	mostURL  = 8 << 10
)

func (d *dashboard) handler() http.Handler {
	return d.origins.Handler(http.HandlerFunc(d.serve))
}

// serve routes by the last part of the path only, and so works under any prefix.
func (d *dashboard) serve(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if !d.called(r.Host) {
		http.Error(w, "this server is not called "+strconv.Quote(r.Host), http.StatusMisdirectedRequest)
		return
	}
	if len(r.URL.RequestURI()) > mostURL {
		http.Error(w, "the address is too long", http.StatusRequestURITooLong)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	name := path.Base(r.URL.Path)
	if strings.HasSuffix(r.URL.Path, "/") || name == "." {
		name = ""
	}
	if d.limited(w, d.clients, clientKey(r)) {
		return
	}
	switch {
	case d.assets.serve(w, r, name):
	case name == "healthz":
		d.healthz(w, r)
	case name == "readyz":
		d.readyz(w, r)
	default:
		d.serveViewer(w, r, name)
	}
}

// called reports whether [Options.Hosts] allows the request's host.
func (d *dashboard) called(host string) bool {
	if len(d.options.Hosts) == 0 {
		return true
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	for _, allowed := range d.options.Hosts {
		if strings.EqualFold(host, strings.Trim(allowed, "[]")) {
			return true
		}
	}
	return false
}

func clientKey(r *http.Request) string {
	if from, ok := remote(r); ok {
		return from.String()
	}
	return r.RemoteAddr
}

func (d *dashboard) limited(w http.ResponseWriter, l *limiter, key string) bool {
	wait, ok := l.allow(key)
	if !ok {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		http.Error(w, "too many requests; try again later", http.StatusTooManyRequests)
	}
	return !ok
}

// secure sets headers that make browsers run only the dashboard's own files.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// serveViewer handles the request of a known viewer.
func (d *dashboard) serveViewer(w http.ResponseWriter, r *http.Request, name string) {
	who, err := d.options.Access(r)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	if who.Name != "" && d.limited(w, d.viewers, who.Name) {
		return
	}
	switch {
	case r.Method == http.MethodPost:
		d.act(w, r, who, Action(name))
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		d.fail(w, r, who, http.StatusMethodNotAllowed, "Pages are read with GET.")
	case isAction(Action(name)):
		w.Header().Set("Allow", "POST")
		d.fail(w, r, who, http.StatusMethodNotAllowed, "Actions are sent with POST, by the buttons of a page.")
	case name == "metrics":
		d.metrics(w, r)
	case name == "zone":
		d.setZone(w, r)
	default:
		d.servePage(w, r, who, name)
	}
}

// refuse responds to a viewer that may see nothing.
func (d *dashboard) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, text := http.StatusForbidden, "You may not see this."
	var challenge *ChallengeError
	if errors.As(err, &challenge) {
		w.Header().Set("WWW-Authenticate", challenge.Challenge)
	}
	if errors.Is(err, ErrUnknownViewer) {
		status, text = http.StatusUnauthorized, "Sign in to see this."
	} else {
		d.options.Logger.WarnContext(r.Context(), "request refused", "error", err)
	}
	http.Error(w, text, status)
}

// The formats of a page.
const (
	formatHTML = ""
	formatJSON = "json"
	formatCSV  = "csv"
)

func (d *dashboard) servePage(w http.ResponseWriter, r *http.Request, who Viewer, name string) {
	name, format := splitFormat(name)
	build, ok := pages()[name]
	if !ok {
		d.fail(w, r, who, http.StatusNotFound, "There is no such page.")
		return
	}
	v := d.view(r, who)
	v.query.Set("format", format)
	if format == formatHTML {
		v.query.Del("format")
	}
	ctx, cancel := context.WithTimeout(r.Context(), d.options.QueryLimit+time.Second)
	defer cancel()
	q := &request{dashboard: d, view: v}
	p, err := build(q, ctx)
	if err != nil {
		d.failed(w, r, who, err)
		return
	}
	var out bytes.Buffer
	contentType := "text/html; charset=utf-8"
	switch format {
	case formatJSON:
		contentType, err = "application/json", writeJSON(&out, p, q.read)
	case formatCSV:
		contentType = "text/csv; charset=utf-8"
		err = writeCSV(&out, p, v.query.Get("table"))
	default:
		err = d.assets.writePage(&out, d.frame(r, q, p))
	}
	if err != nil {
		d.failed(w, r, who, err)
		return
	}
	w.Header().Set("Content-Type", contentType)
	if q.stale != nil && format != formatHTML {
		w.Header().Set("Warning", `110 - "Response is Stale"`)
	}
	_, _ = w.Write(out.Bytes()) // the client may have disconnected
}

// splitFormat splits .json or .csv off a page's name.
func splitFormat(name string) (page, format string) {
	for _, format := range []string{formatJSON, formatCSV} {
		if page, ok := strings.CutSuffix(name, "."+format); ok {
			return page, format
		}
	}
	return name, formatHTML
}

func (d *dashboard) view(r *http.Request, who Viewer) view {
	return view{query: r.URL.Query(), zone: zoneOf(r, d.options.Zone), now: d.now(), viewer: who, links: true}
}

// errNotOpen is returned if the tracker has not been opened yet.
var errNotOpen = errors.New("the database could not be opened")

// open returns the source. It opens the source if that has not happened yet.
func (d *dashboard) open(ctx context.Context) (source, error) {
	d.mu.Lock()
	src := d.source
	d.mu.Unlock()
	if src != nil {
		return src, nil
	}
	opened, _, err := get(ctx, d.cache, "open", func(ctx context.Context) (source, error) {
		t, err := d.options.Open(ctx)
		if err != nil {
			return nil, errors.Join(errNotOpen, err)
		}
		return tracked{t}, nil
	})
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.source == nil {
		d.source = opened
	}
	return d.source, nil
}
