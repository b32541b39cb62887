package rpc

import (
	"context"
	"slices"
	"time"
)

// Hello is what a client says first.
type Hello struct {
	// Protocols are the versions of the protocol that the client speaks.
	Protocols []int64
	// Client is its name and version, such as processtracker-python/0.1.0.
	Client string
	// Actor is who or what starts runs; the user of the operating system if empty.
	Actor string
	// Lease is for how long runs hold their leases between two heartbeats; a minute if 0.
	Lease time.Duration
	// NoLease gives runs no lease: they never expire.
	NoLease bool
	// HeartbeatInterval is how often leases are renewed; a third of the lease if 0.
	HeartbeatInterval time.Duration
	// MaxFailures is how many failed runs in a row put a process on hold: 3 if 0,
	// and never if 2147483647.
	MaxFailures int
}

// Greeting is the answer to it.
type Greeting struct {
	Protocol      int64    // the version that is spoken from now on
	Version       string   // of the tool
	SchemaVersion int64    // of the database's tables
	Database      string   // "sqlite", "postgres", "mysql" or "sqlserver"
	Actor         string   // who starts runs; empty if it is the user of the operating system
	MaxMessage    int64    // how many bytes a request may have
	Methods       []string // what there is
}

// About is what a program says of itself in each greeting.
type About struct {
	Version       string
	SchemaVersion int64
	Database      string
}

// Greet answers a hello, if there is a version of the protocol that both speak.
func (w *Wire) Greet(p Hello, about About, session bool) (Greeting, error) {
	if !slices.Contains(p.Protocols, Version) {
		return Greeting{}, w.Errorf(UnsupportedProtocol, struct {
			Protocols []int64
			Version   string
		}{[]int64{Version}, about.Version},
			"protocols %v: processtracker %s speaks version %d; install the client and processtracker of the same release", p.Protocols, about.Version, Version)
	}
	g := Greeting{
		Protocol: Version, Version: about.Version, SchemaVersion: about.SchemaVersion, Database: about.Database,
		Actor: p.Actor, MaxMessage: MaxMessage,
	}
	for _, m := range Methods() {
		if session || !m.Session {
			g.Methods = append(g.Methods, m.Name)
		}
	}
	return g, nil
}

// Left are the runs that a session leaves.
type Left struct {
	Left []int64 // the ids of its active runs
}

func sessionMethods() []Method {
	goodbye := entry("session.goodbye", "ends the session and leaves its active runs to their leases, for another program to resume.",
		func(ctx context.Context, c Caller, _ Nothing) (Left, error) {
			left, err := c.Goodbye(ctx)
			return Left{left}, err
		})
	goodbye.Session = true
	return []Method{
		entry("session.hello", "begins a session: negotiates the version of the protocol, and opens the database.",
			func(ctx context.Context, c Caller, p Hello) (Greeting, error) { return c.Hello(ctx, p) }),
		goodbye,
	}
}
