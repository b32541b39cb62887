package tracker

import (
	"cmp"
	"log/slog"
	"math"
	"strconv"
	"time"
)

// Config is how a [Tracker] works. The zero value, and nil, are the defaults.
type Config struct {
	// Actor is who or what starts runs with this tracker: a person, a service
	// account, a scheduler. The default is the name of the operating system's user.
	Actor string

	// Lease is how long the tracker's runs hold their leases between two heartbeats:
	// 10 milliseconds to 24 days. 0 is [DefaultLease]. If a program dies, its run
	// expires within one lease, and the next start of the process ends that run. So the
	// lease bounds how long a killed program can block its process; it has to be longer
	// than a program may be without the database.
	//
	// A run keeps the lease that it was started with: another tracker that resumes it
	// sends heartbeats for that length, whatever its own is. See [Run.ExtendLease].
	Lease time.Duration

	// NoLease gives runs no lease: they never expire, and only their holder or an
	// operator ends them.
	NoLease bool

	// HeartbeatInterval is how often leases are renewed. 0 is a third of the lease. A
	// lease that is not longer is [ErrInvalid]; a run that was started with such a
	// lease elsewhere gets a heartbeat every third of that.
	//
	// A heartbeat takes a connection of the backend's pool for a moment. If your own
	// transactions may take all of them, allow one more.
	HeartbeatInterval time.Duration

	// MaxFailures is how many failed runs in a row put a process on hold, for
	// processes without a setting of their own ([Admin.SetMaxFailures]). 0 is
	// [DefaultMaxFailures], [NeverHold] is never.
	MaxFailures int

	// Retry says how often the tracker retries an operation. The zero value is
	// [DefaultRetryPolicy]. The end of a call's context ends its retries at once. In a
	// transaction given to [Run.In] nothing is retried.
	Retry RetryPolicy

	// Logger gets what the tracker does: at the level error lost leases, and ends of runs
	// that [Run.Close] could not record; warn for expired runs that it ended, failed
	// heartbeats and lost connections; info for refused starts; debug for starts, ends
	// and other retries. nil discards all of it.
	Logger *slog.Logger

	// Observer gets the same as plain values, for metrics and tracing.
	Observer Observer
}

// DefaultMaxFailures is how many failed runs in a row put a process on hold, unless
// the tracker or the process says otherwise.
const DefaultMaxFailures = 3

// NeverHold is a maximum of failures that no process reaches: failed runs do not put
// it on hold.
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

// storedFailures is a maximum of failures as the database has it: 0 for never.
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
