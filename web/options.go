package web

import (
	"context"
	"log/slog"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Options are the settings of a dashboard. The zero value is a read-only one, for
// everybody who reaches it.
type Options struct {
	// Title stands above every page; "ProcessTracker" if empty.
	Title string

	// Zone is in which times are shown to a viewer whose browser does not say its own; UTC
	// if nil.
	Zone *time.Location

	// Access says who a request is from, and which actions they may take. If it is nil,
	// everybody may look and nobody may act.
	Access Access

	// TrustedOrigins may send forms besides the dashboard itself, such as
	// "https://jobs.example.org": for a proxy that changes the request's host in front of
	// browsers that do not send Sec-Fetch-Site.
	TrustedOrigins []string

	// Hosts, if set, are the names by which the dashboard may be called, with or without a
	// port. A server without authentication sets them, so that a page of another site
	// cannot reach it by a name that it points to this machine.
	Hosts []string

	// Fresh is for how long what was read is shown to all viewers before it is read again;
	// 5 seconds if zero.
	Fresh time.Duration

	// QueryLimit is how long one page's queries may take; 10 seconds if zero.
	QueryLimit time.Duration

	// PerMinute is how many requests of a viewer are answered in a minute; 600 if zero.
	PerMinute int

	// Version stands in the footer and in the metrics.
	Version string

	// Logger gets errors that a viewer is shown only a part of; nil is silent.
	Logger *slog.Logger

	// Open opens the tracker if [New] was given none: it is called until it succeeds, once
	// per request at most, so that a dashboard can start before its database does. A page
	// shows its error, which must have no password.
	Open func(context.Context) (*tracker.Tracker, error)
}

const (
	defaultFresh      = 5 * time.Second
	defaultQueryLimit = 10 * time.Second
	defaultPerMinute  = 600
)

// withDefaults fills in what is zero.
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
