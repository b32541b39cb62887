package tracker

import (
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// StartOptions is how a run starts. The zero value, and nil, are the defaults.
type StartOptions struct {
	// Name names the run by its business key, such as the day that it loads: up to 250
	// characters; empty for none. Within a process at most one run of a name is active
	// or completed: another start of it is [ErrAlreadyRunning] or [ErrAlreadyDone],
	// which makes a scheduler's retry harmless. After a failed run, another attempt may
	// follow.
	Name string

	// FromWatermark sets the low of the run's data to the process's watermark, the
	// highest high of its completed runs: [Run.Low] is where to go on. It is zero if
	// there is none yet.
	FromWatermark bool

	// DependsOn are processes on which this one depends from now on, as
	// [Registry.AddDependency] does without options, if the run starts. This start
	// waits for them, too, and a start that is refused leaves the dependencies as they
	// are. Unknown processes are registered.
	DependsOn []string

	// Dependencies are others on which it depends from now on, as DependsOn, with
	// options of their own, as [Registry.AddDependency] has them: one that exists gets
	// what is not empty. Until the run starts, those that are stored hold, too.
	Dependencies []DependencyOn

	// Redefine gives the process the type, tool and frequency named even if others are
	// stored, as [Registry.Redefine] does, if the run starts. A start that is refused
	// leaves them as they are.
	Redefine bool

	// Needs is what the run takes of the clusters of its process while it is active,
	// in the units in which their maxima are given.
	Needs Capacity

	// Lease is how long the run holds its lease between two heartbeats; 0 is the
	// tracker's, [Config].Lease.
	Lease time.Duration

	// NoLease starts the run without a lease, for a job that cannot send heartbeats. No
	// start ends it, however long it takes; if it dies, an operator has to, with
	// [Admin.Reap] and Force.
	NoLease bool

	// HoldExpired puts the process on hold if the start finds a run whose lease
	// expired, instead of starting: that run fails all the same, and the start is
	// [ErrOnHold]. It is for processes whose half-done work an operator has to look at
	// first.
	HoldExpired bool

	// Wait is how long to wait for what refuses the start, instead of returning a
	// [BlockedError] at once: for the end of a run, a release, a parent, room in a
	// cluster, and then also for a database that is away. The start looks again after
	// random pauses that grow up to 15 seconds. When the time is up, the error matches
	// what it last waited for. The end of the context ends the waiting, but no try that is
	// under way: a run that starts at that moment is returned. 0 does not wait. In a
	// transaction ([Tracker.In]) it is [ErrInvalid].
	Wait time.Duration

	// OnWait is called when the start begins to wait, and when what it waits for
	// changes.
	OnWait func(WaitEvent)

	// OnLeaseLost is called, in a goroutine of its own, when the run loses its lease,
	// with the [LeaseLostError]. It is called once at most. See also [Run.Context].
	OnLeaseLost func(error)
}

// DependencyOn is a process on which another depends, and how.
type DependencyOn struct {
	Parent string // the process to wait for
	DependencyOptions
}

// starting is a start with what its caller chose.
type starting struct {
	store.Start

	token       string             // of the run
	redefine    bool               // the type, tool and frequency may replace those that are stored
	parents     []store.Dependency // processes that it depends on
	holdExpired bool               // an expired run puts the process on hold
	lost        func(error)        // called when the lease is lost
	wait        time.Duration
	onWait      func(WaitEvent)
	quiet       bool // a refusal is not kept: it was already
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
		return invalid("wait", wait.String(), "given in a transaction, which would stay open for so long", "start outside of it, or leave Wait out")
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

// parentsOf checks the processes that a start makes its own depend on.
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
