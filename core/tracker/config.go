package tracker

import (
	"cmp"
	"log/slog"
	"math"
	"strconv"
	"time"
)

// Config configures a [Tracker]. The zero value and nil mean the defaults.
type Config struct {
	// Actor names the person or program that starts runs with this tracker: a person, a
	// service account, a scheduler. The default is the name of the operating system's
	// user.
	Actor string

	// Lease is how long a run's lease lasts after each heartbeat: 10 milliseconds to 24
	// days. 0 is [DefaultLease]. If a program dies, its run expires within one lease,
	// and the next start of the process ends that run. So the lease bounds how long a
	// killed program can block its process. It has to be longer than the longest time
	// that a program may be cut off from the database.
	//
	// A run keeps the lease that it was started with, even if a tracker with another
	// lease resumes it. See [Run.ExtendLease].
	Lease time.Duration

	// NoLease gives runs no lease: they never expire, and only their holder or an
	// operator ends them.
	NoLease bool

	// HeartbeatInterval is how often leases are renewed. 0 is a third of the lease. If
	// a lease is not longer than the interval, the error is [ErrInvalid]. A run that
	// another program started with such a lease gets a heartbeat every third of its
	// lease.
	//
	// A heartbeat takes a connection of the backend's pool for a moment. If your own
	// transactions may use up the pool, allow one more connection.
	HeartbeatInterval time.Duration

	// MaxFailures is how many failed runs in a row put a process on hold, unless the
	// process has its own setting ([Admin.SetMaxFailures]). 0 means
	// [DefaultMaxFailures]; [NeverHold] means never.
	MaxFailures int

	// Retry says how often the tracker retries an operation. The zero value is
	// [DefaultRetryPolicy]. When a call's context ends, so do its retries. Nothing is
	// retried in a transaction given to [Run.In].
	Retry RetryPolicy

	// Logger gets the tracker's events. Lost leases, and ends of runs that [Run.Close]
	// could not record, have the level error; expired runs that the tracker ended, failed
	// heartbeats and lost connections, warn; refused starts, info; starts, ends and other
	// retries, debug. nil discards all of them.
	Logger *slog.Logger

	// Observer gets the same events as plain values, for metrics and tracing.
	Observer Observer
}

// DefaultMaxFailures is how many failed runs in a row put a process on hold, unless
// the tracker or the process says otherwise.
const DefaultMaxFailures = 3

// NeverHold is a maximum of failures that means: failed runs never put the process on
// hold.
const NeverHold = math.MaxInt32

// checked returns the configuration with the defaults filled in, and the terms of
// its leases.
func (c *Config) checked() (Config, leaseTerms, error) {
	var given Config
	if c != nil {
		given = *c
	}
	var err error
	if given.Actor, err = name("actor", cmp.Or(given.Actor, currentUser())); err != nil {
		return given, leaseTerms{}, err
	}
	if given.MaxFailures < 0 {
		return given, leaseTerms{}, invalid("maximum of failures", strconv.Itoa(given.MaxFailures), "negative",
			"give 0 for the default, or NeverHold for never")
	}
	given.MaxFailures = cmp.Or(given.MaxFailures, DefaultMaxFailures)
	if err := given.Retry.check(); err != nil {
		return given, leaseTerms{}, err
	}
	if given.Logger == nil {
		given.Logger = slog.New(slog.DiscardHandler)
	}
	terms, err := given.lease()
	return given, terms, err
}

func (c *Config) lease() (leaseTerms, error) {
	terms := leaseTerms{length: cmp.Or(c.Lease, DefaultLease), every: c.HeartbeatInterval, everySet: c.HeartbeatInterval != 0}
	if c.NoLease {
		terms.length = 0
		if c.Lease != 0 {
			return terms, invalid("lease", c.Lease.String(), "given together with NoLease", "leave one of them out")
		}
	}
	return terms, terms.check()
}

// storedFailures is a maximum of failures as the database stores it: 0 for never.
func storedFailures(most int) int64 {
	if most >= NeverHold {
		return 0
	}
	return int64(most)
}

// maxFailures is the opposite of storedFailures; 0 for nil.
func maxFailures(stored *int64) int {
	switch {
	case stored == nil:
		return 0
	case *stored == 0:
		return NeverHold
	default:
		return int(*stored)
	}
}
