package tracker

import (
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// StartOptions says how a run starts. The zero value and nil mean the defaults.
type StartOptions struct {
	// Name names the run by its business key, such as the day that it loads: up to 250
	// characters; empty for none. Within a process, at most one run with a given name
	// is active or completed. Another start with that name returns [ErrAlreadyRunning]
	// or [ErrAlreadyDone], which makes a scheduler's retry harmless. After a failed run
	// you can start the name again.
	Name string

	// FromWatermark sets the low of the run's data to the process's watermark, the
	// highest high of its completed runs. [Run.Low] returns it; it is zero if there is
	// no watermark yet.
	FromWatermark bool

	// DependsOn are processes that this one depends on from now on, if the run starts,
	// as with [Registry.AddDependency] without options. They can already refuse this
	// start. A refused start leaves the dependencies unchanged. Unknown processes are
	// registered.
	DependsOn []string

	// Dependencies are like DependsOn, with options as for [Registry.AddDependency]: an
	// existing dependency gets the options that are not empty. Until the run starts,
	// the stored dependencies apply, too.
	Dependencies []DependencyOn

	// Redefine replaces the process's stored type, tool and frequency, as
	// [Registry.Redefine] does, if the run starts. A refused start leaves them
	// unchanged.
	Redefine bool

	// Needs is the capacity that the run uses of its process's clusters while it is
	// active, in the units of their maxima.
	Needs Capacity

	// Lease is how long the run's lease lasts after each heartbeat; 0 means the
	// tracker's [Config].Lease.
	Lease time.Duration

	// NoLease starts the run without a lease, for a job that cannot send heartbeats. No
	// start ends it, however long it takes. If its program dies, an operator has to end
	// it, with [Admin.Reap] and Force.
	NoLease bool

	// HoldExpired puts the process on hold, instead of starting, if the start finds a
	// run whose lease has expired. The expired run fails all the same, and the start
	// returns [ErrOnHold]. Use it for processes whose unfinished work an operator has
	// to look at first.
	HoldExpired bool

	// Wait is how long a blocked start waits, instead of returning a [BlockedError] at
	// once: for the end of a run, a release, a parent or room in a cluster and, once it is
	// waiting, also for a database that cannot be reached. The start looks again after
	// random pauses that grow up to 15 seconds. When the time is up, it returns the last
	// error. If the context ends, so does the waiting, but not an attempt that is under
	// way: if that starts a run, the run is returned. 0 does not wait. In a transaction
	// ([Tracker.In]), Wait is [ErrInvalid].
	Wait time.Duration

	// OnWait is called when the start begins to wait, and when the reason for waiting
	// changes.
	OnWait func(WaitEvent)

	// OnLeaseLost is called at most once, in its own goroutine, with the
	// [LeaseLostError] when the run loses its lease. See also [Run.Context].
	OnLeaseLost func(error)
}

// DependencyOn is a process that another depends on, and how.
type DependencyOn struct {
	Parent string // the process to wait for
	DependencyOptions
}

// starting is a start with its caller's options.
type starting struct {
	store.Start

	token       string             // of the run
	redefine    bool               // the type, tool and frequency may replace those that are stored
	parents     []store.Dependency // processes that it depends on
	holdExpired bool               // an expired run puts the process on hold
	lost        func(error)        // called when the lease is lost
	wait        time.Duration
	onWait      func(WaitEvent)
	quiet       bool // a refusal is not recorded: it already was
}

// drawToken gives the run a token that no other run has.
func (s *starting) drawToken() {
	s.token = newToken()
	s.TokenDigest = tokenDigest(s.token)
}

// starting checks the options and adds them to the tracker's settings.
func (t *Tracker) starting(definition store.Definition, options *StartOptions) (starting, error) {
	var given StartOptions
	if options != nil {
		given = *options
	}
	s := starting{
		Start: store.Start{
			Process: definition.Process, Definition: definition.Fingerprint, Actor: t.made().actor,
			MaxFailures: t.made().maxFailures, Lease: t.made().lease.length,
			FromWatermark: given.FromWatermark, Memory: given.Needs.Memory, Processing: given.Needs.Processing,
		},
		redefine: given.Redefine, holdExpired: given.HoldExpired, lost: given.OnLeaseLost,
		wait: given.Wait, onWait: given.OnWait,
	}
	var err error
	if s.Name, err = optionalName("run name", given.Name); err != nil {
		return s, err
	}
	if err := given.Needs.check(); err != nil {
		return s, err
	}
	if err := t.checkWait(given.Wait); err != nil {
		return s, err
	}
	if s.parents, err = parentsOf(s.Process, given.DependsOn, given.Dependencies); err != nil {
		return s, err
	}
	switch {
	case given.Lease != 0 && given.NoLease:
		return s, invalid("lease", given.Lease.String(), "given together with NoLease", "leave one of them out")
	case given.NoLease:
		s.Lease = 0
	case given.Lease != 0:
		if err := checkLease(given.Lease); err != nil {
			return s, err
		}
		s.Lease = given.Lease
	}
	s.drawToken()
	return s, nil
}

func (t *Tracker) checkWait(wait time.Duration) error {
	switch {
	case wait < 0:
		return invalid("wait", wait.String(), "negative", "give 0 to be refused at once, or a time such as 30m")
	case wait > 0 && t.made().heart == nil:
		return invalid("wait", wait.String(), "given in a transaction, which would stay open during the wait", "start outside of the transaction, or leave Wait out")
	}
	return nil
}

func (c Capacity) check() error {
	for _, f := range []struct {
		field string
		n     int64
	}{{"memory", c.Memory}, {"processing", c.Processing}} {
		if f.n < 0 {
			return invalid(f.field, strconv.FormatInt(f.n, 10), "negative", "give 0 or more")
		}
	}
	return nil
}

// parentsOf checks the dependencies that a start adds.
func parentsOf(process string, names []string, given []DependencyOn) ([]store.Dependency, error) {
	all := make([]DependencyOn, 0, len(names)+len(given))
	for _, parent := range names {
		all = append(all, DependencyOn{Parent: parent})
	}
	var parents []store.Dependency
	for _, on := range append(all, given...) {
		d, err := dependency(process, on.Parent, on.DependencyOptions)
		if err != nil {
			return nil, err
		}
		parents = append(parents, d)
	}
	return parents, nil
}
