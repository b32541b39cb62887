package web

import (
	"context"
	"log/slog"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Options configures a dashboard. The zero value is a read-only dashboard for every
// viewer that reaches it.
type Options struct {
	// Title is shown above every page; "ProcessTracker" if empty.
	Title string

	// Zone is the time zone for viewers whose browsers do not send their own; UTC if nil.
	Zone *time.Location

	// Access identifies the viewer behind a request, and the actions that the viewer may
	// take. If it is nil, every viewer may look and none may act.
	Access Access

	// TrustedOrigins lists origins that may send forms in addition to the dashboard
	// itself, such as "https://jobs.example.org". You need it if a proxy changes the
	// Host header and browsers do not send Sec-Fetch-Site.
	TrustedOrigins []string

	// Hosts lists the host names by which the dashboard may be called, with or without a
	// port; any, if it is empty. Set it on a server without authentication, so that a
	// page of another site cannot reach it through a name that resolves to this machine.
	Hosts []string

	// Fresh is how long data is shown to all viewers before it is read again; 5 seconds if zero.
	Fresh time.Duration

	// QueryLimit is the time limit for the queries of one page; 10 seconds if zero.
	QueryLimit time.Duration

	// PerMinute is how many requests of a viewer are answered per minute; 600 if zero.
	PerMinute int

	// Version is shown in the footer and in the metrics.
	Version string

	// Logger receives the full errors, of which viewers see only a part; nil disables logging.
	Logger *slog.Logger

	// Open opens the tracker if [New] was given none. It is called at most once per
	// request until it succeeds, so that a dashboard can start before its database. A
	// page shows its error, which must not contain a password.
	Open func(context.Context) (*tracker.Tracker, error)
}

const (
	defaultFresh      = 5 * time.Second
	defaultQueryLimit = 10 * time.Second
	defaultPerMinute  = 600
)

// withDefaults replaces zero fields by their defaults.
func (o Options) withDefaults() Options {
	if o.Title == "" {
		o.Title = "ProcessTracker"
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Access == nil {
		o.Access = Anyone()
	}
	if o.Fresh <= 0 {
		o.Fresh = defaultFresh
	}
	if o.QueryLimit <= 0 {
		o.QueryLimit = defaultQueryLimit
	}
	if o.PerMinute <= 0 {
		o.PerMinute = defaultPerMinute
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
