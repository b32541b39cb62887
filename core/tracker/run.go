package tracker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// RunStatus is a status of a run: one of the constants, or one made with
// [Registry.AddRunStatus].
type RunStatus string

// The statuses of runs that every database has.
const (
	Running   RunStatus = "running"
	Completed RunStatus = "completed"
	Failed    RunStatus = "failed"
	OnHold    RunStatus = "on hold" // ended, and its process put on hold
)

// RunInfo is what is stored of a run.
type RunInfo struct {
	ID        int64
	Process   string
	Number    int64 // 1, 2, 3 … within the process
	Status    RunStatus
	Actor     string // who started it
	StartedAt time.Time
	EndedAt   time.Time // zero while it is active
	Name      string    // its business key; empty if it has none
	Low, High time.Time // of its data, as far as it said; zero if not
	Counts    Counts

	// LeaseUntil is when the run's lease expires, unless it is renewed; zero if the
	// run has ended, or was started without a lease.
	LeaseUntil time.Time
	// LeaseExpired is true if the run is active, but its lease expired before it was
	// read, by the database's clock: its program is dead or without the database, and
	// the next start of its process, or [Admin.Reap], ends it.
	LeaseExpired bool
}

// Active reports whether the run goes on.
func (i RunInfo) Active() bool { return i.EndedAt.IsZero() }

func runInfo(r store.Run) RunInfo {
	return RunInfo{
		ID: r.ID, Process: r.Process, Number: r.No, Status: RunStatus(r.Status), Actor: r.Actor,
		StartedAt: r.StartedAt.Time, EndedAt: r.EndedAt.Time,
		Name: r.Name, Low: r.Low.Time, High: r.High.Time, Counts: counts(r.Counts),
		LeaseUntil: r.LeaseUntil.Time, LeaseExpired: r.LeaseExpired,
	}
}

// A Run is a run that [Tracker.Start] started or [Tracker.Resume] took up, and
// the right to write to it. It is safe for concurrent use. Every call on a nil or a
// zero Run is [ErrInvalid].
type Run struct {
	tracker *Tracker
	info    RunInfo
	ref     store.RunRef
	token   string // whose digest is in ref
	soft    []Parent
	ended   atomic.Bool
	lease   *runLease
	length  time.Duration // of its lease; 0 if it has none

	of       *Run        // the run of which this is a part, in a transaction: [Run.In]
	endsInTx atomic.Bool // it was ended in one, and whether that holds, the database knows
}

// ID identifies the run in its database.
func (r *Run) ID() int64 { return r.made().info.ID }

// Number is the run's number within its process: 1, 2, 3 …
func (r *Run) Number() int64 { return r.made().info.Number }

// Process is the name of the run's process.
func (r *Run) Process() string { return r.made().info.Process }

// StartedAt is when the run started.
func (r *Run) StartedAt() time.Time { return r.made().info.StartedAt }

// SoftDependencies are the [Soft] parents that would have blocked the run, had
// they been hard.
func (r *Run) SoftDependencies() []Parent { return r.made().soft }

// EndOptions is how a run ends. The zero value, and nil, are the defaults.
type EndOptions struct {
	// EndedAt is when the run ended; now if zero. A time before the run's start is
	// [ErrInvalid].
	EndedAt time.Time

	// Note is recorded with the run's end, all or nothing, as an error of the type
	// [ProcessError]: of a run that completes, what was out of the ordinary. The history
	// has its beginning as the reason. If the run has ended already, it is not recorded.
	Note string
}

// Complete ends the run as completed, in one transaction with its note. If it has
// ended already, that is harmless if it was completed, and [ErrAlreadyEnded]
// otherwise. options may be nil.
func (r *Run) Complete(ctx context.Context, options *EndOptions) error {
	r = r.made()
	return r.end(ctx, Completed, store.StatusChange{To: store.Completed}, options)
}

// Fail ends the run as failed and records the errors with it, all or nothing. If
// the run has ended already, that is harmless if it failed, and
// [ErrAlreadyEnded] otherwise; the errors are not recorded then.
func (r *Run) Fail(ctx context.Context, records ...ErrorRecord) error {
	r = r.made()
	list, err := r.tracker.errorRecords(ctx, records)
	if err != nil {
		return err
	}
	return r.end(ctx, Failed, store.StatusChange{To: store.Failed, Errors: list}, nil)
}

// Hold ends the run as on hold: its process cannot start again until
// [Admin.Release]. A process that is on hold already keeps its reason. options may be
// nil.
func (r *Run) Hold(ctx context.Context, reason string, options *EndOptions) error {
	r = r.made()
	return r.end(ctx, OnHold, store.StatusChange{To: store.OnHold, Reason: r.tracker.prose(reason)}, options)
}

// SetStatus gives the run another status, which may be one made with
// [Registry.AddRunStatus]. An ended status ends the run; with an active one,
// an end time is [ErrInvalid]. A run that has ended keeps its status:
// [ErrAlreadyEnded].
func (r *Run) SetStatus(ctx context.Context, status RunStatus, options *EndOptions) error {
	r = r.made()
	to, err := name("run status", string(status))
	if err != nil {
		return err
	}
	var checked store.StatusChange
	if err := r.apply(&checked, options); err != nil {
		return err // before the database is asked
	}
	id, active, err := r.tracker.store.RunStatus(ctx, to)
	if errors.Is(err, store.ErrUnknown) {
		return &NotFoundError{What: "run status", Name: to}
	} else if err != nil {
		return r.failed("look up run status", err)
	}
	if active && !checked.At.IsZero() {
		return invalid("end time", stamp(checked.At), "given with the status "+to+", in which the run goes on", "leave it out")
	}
	return r.end(ctx, RunStatus(to), store.StatusChange{To: id, Active: active}, options)
}

func (r *Run) end(ctx context.Context, status RunStatus, change store.StatusChange, options *EndOptions) error {
	change.Run = r.ref
	if err := r.apply(&change, options); err != nil {
		return err
	}
	state, err := r.tracker.store.ChangeRun(ctx, change)
	if err != nil {
		err = r.failed("set status "+string(status), err)
		shorter, ok := shortened(change)
		if !ok || !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrDisconnected) {
			return err
		}
		// The end of a run is recorded in any case. A server that was set to take less
		// since hangs up on more, and says nothing.
		var again error
		if state, again = r.tracker.store.ChangeRun(ctx, shorter); again != nil {
			return err
		}
	}
	if state.Changed && !state.EndedAt.IsZero() {
		r.tracker.events.ended(ctx, r, status, state.EndedAt.Time)
	}
	if r.of != nil {
		return r.endedInTx(ctx, state, change.To)
	}
	if state.Found && state.Owned && !state.EndedAt.IsZero() {
		r.hasEnded()
		if state.Changed {
			return nil
		}
		err := r.allowed(ctx, state)
		if state.Status == change.To && !errors.Is(err, ErrLeaseLost) {
			return nil // by an earlier call
		}
		return err
	}
	return r.allowed(ctx, state)
}

// shortened is a change with little of its texts, and false if they are short.
func shortened(change store.StatusChange) (store.StatusChange, bool) {
	long := len(change.Reason) > littleProse
	change.Reason = kept(change.Reason, littleProse)
	change.Errors = slices.Clone(change.Errors)
	for i, e := range change.Errors {
		long = long || len(e.Description) > littleProse
		change.Errors[i].Description = kept(e.Description, littleProse)
	}
	return change, long
}

// hasEnded is called when the run has ended.
func (r *Run) hasEnded() {
	r.ended.Store(true)
	r.tracker.heart.ended(r.ref.ID)
}

// apply sets and checks what the options say.
func (r *Run) apply(change *store.StatusChange, options *EndOptions) error {
	if options == nil {
		return nil
	}
	change.At = options.EndedAt
	if options.Note != "" {
		change.Errors = append(change.Errors, store.NewError{Type: processError, Description: r.tracker.prose(options.Note)})
	}
	if !change.At.IsZero() && change.At.Before(r.info.StartedAt) {
		return invalid("end time", stamp(change.At), "before the run's start, "+stamp(r.info.StartedAt), "give a later time or none")
	}
	return storable("end time", change.At)
}

// mayWrite is all of a call that has nothing to write. It fails, too, for a caller that
// has lost the run (rule S4.3).
func (r *Run) mayWrite(ctx context.Context) error {
	state, err := r.tracker.store.WhileActive(ctx, r.ref)
	if err != nil {
		return r.failed("look whether it may be written to", err)
	}
	return r.allowed(ctx, state)
}

// allowed turns a run's state into an error if it does not allow writing. A run
// that can never be written to again has no lease to renew; what a transaction of
// the caller's sees may be its own doing, and rolled back.
func (r *Run) allowed(ctx context.Context, state store.RunState) error {
	switch {
	case state.Changed:
		return nil
	case !state.Found:
		r.tracker.heart.ended(r.ref.ID)
		return noRun(r.info.ID)
	case !state.Owned:
		r.tracker.heart.remove(r)
		return r.notOwner()
	case !state.EndedAt.IsZero():
		r.tracker.heart.ended(r.ref.ID)
		if lost, err := r.lostLease(ctx, state.Status == store.Failed); lost || err != nil {
			return err
		}
		return &EndedError{Process: r.info.Process, Number: r.info.Number, Status: RunStatus(state.Name), EndedAt: state.EndedAt.Time}
	default:
		return nil // it is active: the status that it was to get is the one that it has
	}
}

func (r *Run) failed(doing string, err error) error {
	if r.info.ID == 0 {
		return r.tracker.failed(doing, err) // of a run that was never started, there is nothing to tell
	}
	return r.tracker.failed(fmt.Sprintf("run %d of process %q: %s", r.info.Number, r.info.Process, doing), err)
}

// Close fails the run if it has not been ended through r. Meant to be deferred
// right after [Tracker.Start], it makes sure that no path out of a function
// leaves the run active. It waits at most 15 seconds for the database; if that
// cannot be reached, the run's lease is not renewed any more. In a transaction,
// see [Run.In], it does nothing.
func (r *Run) Close() error {
	r = r.made()
	if r.of != nil {
		return r.tracker.absent
	}
	defer r.Detach()
	if r.ended.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), endLimit)
	defer cancel()
	err := r.Fail(ctx, ErrorRecord{Type: ProcessError, Description: "closed without having been completed"})
	if errors.Is(err, ErrAlreadyEnded) {
		return nil // by another call
	}
	if err != nil {
		r.tracker.events.unrecorded(ctx, r, err) // the error of a deferred Close is often dropped
	}
	return err
}

// Detach leaves the run to another program, which takes it up with
// [Tracker.Resume]. It writes nothing: the run stays active, but r no longer renews
// its lease. If no program takes the run up before the lease expires, the next start
// ends it. A run without a lease stays active until a program or an operator ends it.
func (r *Run) Detach() {
	r = r.made()
	r.tracker.heart.remove(r)
}
