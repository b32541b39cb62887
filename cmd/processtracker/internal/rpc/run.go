package rpc

import (
	"context"
	"errors"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// OfRun names the run.
type OfRun struct {
	RunID int64 // the run's
}

func (o OfRun) run() int64 { return o.RunID }

// Heartbeat is the state of a run's lease.
type Heartbeat struct {
	LeaseUntil time.Time // when it expires, unless it is renewed; null if the run has none
}

// Ends says how a run ends.
type Ends struct {
	OfRun
	tracker.EndOptions
}

// Held says why a run ends as on hold.
type Held struct {
	OfRun
	Reason string // why the process is on hold
	tracker.EndOptions
}

// Status is a status to give to a run.
type Status struct {
	OfRun
	Status tracker.RunStatus // "running", "completed", "failed", "on hold", or one of your own
	tracker.EndOptions
}

// Records are errors to record on a run.
type Records struct {
	OfRun
	Errors []tracker.ErrorRecord // what went wrong
}

// CountsOf are the counts of a run.
type CountsOf struct {
	OfRun
	tracker.Counts
}

// Range is what the data of a run covers.
type Range struct {
	OfRun
	Low, High time.Time // null says nothing
}

// Extension is how long a lease is to last.
type Extension struct {
	OfRun
	Length time.Duration // from now on, at least
}

// probe is a lease that extends none: asking for it shows whether the run is still held.
const probe = 10 * time.Millisecond

func runMethods() []Method {
	return []Method{
		entry("run.heartbeat", "checks that the caller still holds the run, and returns the end of its lease. Over HTTP it also renews the lease; a session renews leases itself.", heartbeat),
		on("run.extend_lease", "makes the lease last for at least length from now on, once. Heartbeats do not shorten it.",
			func(ctx context.Context, run *tracker.Run, p Extension) (Nothing, error) {
				return nothing(run.ExtendLease(ctx, p.Length))
			}),
		ends("run.complete", "completes the run. Completing it again is harmless.",
			func(Ends) tracker.RunStatus { return tracker.Completed },
			func(ctx context.Context, run *tracker.Run, p Ends) error { return run.Complete(ctx, &p.EndOptions) }),
		ends("run.fail", "fails the run and records why, all or nothing. Failing it again is harmless, and records nothing.",
			func(Records) tracker.RunStatus { return tracker.Failed },
			func(ctx context.Context, run *tracker.Run, p Records) error { return run.Fail(ctx, p.Errors...) }),
		ends("run.hold", "ends the run as on hold: its process cannot start again until admin.release.",
			func(Held) tracker.RunStatus { return tracker.OnHold },
			func(ctx context.Context, run *tracker.Run, p Held) error {
				return run.Hold(ctx, p.Reason, &p.EndOptions)
			}),
		on("run.set_status", "sets the status of the run. A status that is not active ends it.",
			func(ctx context.Context, run *tracker.Run, p Status) (Nothing, error) {
				return nothing(run.SetStatus(ctx, p.Status, &p.EndOptions))
			}),
		entry("run.detach", "leaves the run to another program, which resumes it with tracker.resume. The run stays active; its lease is not renewed until then.",
			func(ctx context.Context, c Caller, p OfRun) (Nothing, error) {
				run, err := c.Run(ctx, p.RunID)
				if err != nil {
					return Nothing{}, err
				}
				run.Detach()
				c.Leave(p.RunID)
				return Nothing{}, nil
			}),
		on("run.record_errors", "records errors on the run. The run goes on.",
			func(ctx context.Context, run *tracker.Run, p Records) (Nothing, error) {
				return nothing(run.RecordError(ctx, p.Errors...))
			}),
		on("run.set_counts", "sets all counts of the run.",
			func(ctx context.Context, run *tracker.Run, p CountsOf) (Nothing, error) {
				return nothing(run.SetCounts(ctx, p.Counts))
			}),
		on("run.add_counts", "adds to the counts of the run.",
			func(ctx context.Context, run *tracker.Run, p CountsOf) (Nothing, error) {
				return nothing(run.AddCounts(ctx, p.Counts))
			}),
		on("run.extend_range", "extends the time range of the run's data to low and high. The run keeps the lowest low and the highest high.",
			func(ctx context.Context, run *tracker.Run, p Range) (Nothing, error) {
				return nothing(run.ExtendRange(ctx, p.Low, p.High))
			}),
	}
}

// ends makes a method of an end. A caller that resumes a run for each call cannot resume
// one that has ended already, which is harmless if it ended as is asked for.
func ends[P interface{ run() int64 }](name, summary string, wanted func(P) tracker.RunStatus, do func(context.Context, *tracker.Run, P) error) Method {
	return entry(name, summary, func(ctx context.Context, c Caller, p P) (Nothing, error) {
		run, err := c.Run(ctx, p.run())
		var ended *tracker.EndedError
		if errors.As(err, &ended) && ended.Status == wanted(p) {
			return Nothing{}, nil
		}
		if err != nil {
			return Nothing{}, err
		}
		return nothing(do(ctx, run, p))
	})
}

// heartbeat asks the database about the run, because the session may not have noticed yet that the lease was lost.
func heartbeat(ctx context.Context, c Caller, p OfRun) (Heartbeat, error) {
	run, err := c.Run(ctx, p.RunID)
	if err != nil {
		return Heartbeat{}, err
	}
	if err := run.ExtendLease(ctx, probe); err != nil && !errors.Is(err, tracker.ErrInvalid) { // which it is without a lease
		return Heartbeat{}, err
	}
	t, err := c.Tracker()
	if err != nil {
		return Heartbeat{}, err
	}
	info, err := t.RunByID(ctx, p.RunID)
	return Heartbeat{LeaseUntil: info.LeaseUntil}, err
}
