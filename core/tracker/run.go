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
	OnHold    RunStatus = "on hold" // ended, and put its process on hold
)

// RunInfo is the stored data of a run.
type RunInfo struct {
	ID        int64
	Process   string
	Number    int64 // 1, 2, 3 … within the process
	Status    RunStatus
	Actor     string // the actor that started it
	StartedAt time.Time
	EndedAt   time.Time // zero while it is active
	Name      string    // its business key; empty if it has none
	Low, High time.Time // the range of its data (see [Run.ExtendRange]); zero if unknown
	Counts    Counts

	// LeaseUntil is when the run's lease expires unless it is renewed; zero if the run
	// has ended or has no lease.
	LeaseUntil time.Time
	// LeaseExpired is true if the run is active but its lease had expired when it was
	// read, by the database's clock: its program is dead or cut off from the database.
	// The next start of its process, or [Admin.Reap], ends the run.
	LeaseExpired bool
}

// Active reports whether the run is active.
func (i RunInfo) Active() bool { return i.EndedAt.IsZero() }

func runInfo(r store.Run) RunInfo {
	return RunInfo{
		ID: r.ID, Process: r.Process, Number: r.No, Status: RunStatus(r.Status), Actor: r.Actor,
		StartedAt: r.StartedAt.Time, EndedAt: r.EndedAt.Time,
		Name: r.Name, Low: r.Low.Time, High: r.High.Time, Counts: counts(r.Counts),
		LeaseUntil: r.LeaseUntil.Time, LeaseExpired: r.LeaseExpired,
	}
}

// A Run is a run that [Tracker.Start] started or [Tracker.Resume] took up, with the
// right to write to it. It is safe for concurrent use. Every call on a nil or zero Run
// returns [ErrInvalid].
type Run struct {
	tracker *Tracker
	info    RunInfo
	ref     store.RunRef
	token   string // whose digest is in ref
	soft    []Parent
	ended   atomic.Bool
	lease   *runLease
	length  time.Duration // of its lease; 0 if it has none

	of       *Run        // the original run, if this is its part in a transaction: [Run.In]
	endsInTx atomic.Bool // it was ended in a transaction; only the database knows whether that was committed
}

// ID identifies the run in its database.
func (r *Run) ID() int64 { return r.made().info.ID }

// Number is the run's number within its process: 1, 2, 3 …
func (r *Run) Number() int64 { return r.made().info.Number }

// Process is the name of the run's process.
func (r *Run) Process() string { return r.made().info.Process }

// StartedAt is when the run started.
func (r *Run) StartedAt() time.Time { return r.made().info.StartedAt }

// SoftDependencies are the [Soft] parents that would have blocked the run when it started,
// had they been [Hard].
func (r *Run) SoftDependencies() []Parent { return r.made().soft }

// EndOptions says how a run ends. The zero value and nil mean the defaults.
type EndOptions struct {
	// EndedAt is when the run ended; now if zero. If it is before the run's start, the
	// error is [ErrInvalid].
	EndedAt time.Time

	// Note is recorded in the same transaction as the run's end, as an error of the type
	// [ProcessError]. For a completed run, use it to note anything unusual. The history
	// keeps its beginning as the reason. If the run has already ended, the note is not
	// recorded.
	Note string
}

// Complete ends the run as completed, in one transaction with its note. If the run has
// already completed, Complete does nothing; if it has ended otherwise, the error is
// [ErrAlreadyEnded]. options may be nil.
func (r *Run) Complete(ctx context.Context, options *EndOptions) error {
	r = r.made()
	return r.end(ctx, Completed, store.StatusChange{To: store.Completed}, options)
}

// Fail ends the run as failed and records the errors in the same transaction. If the
// run has already failed, Fail does nothing and does not record the errors; if it has
// ended otherwise, the error is [ErrAlreadyEnded].
func (r *Run) Fail(ctx context.Context, records ...ErrorRecord) error {
	r = r.made()
	list, err := r.tracker.errorRecords(ctx, records)
	if err != nil {
		return err
	}
	return r.end(ctx, Failed, store.StatusChange{To: store.Failed, Errors: list}, nil)
}

// Hold ends the run as on hold: its process cannot start again until [Admin.Release]. A
// process that is already on hold keeps its reason. options may be nil.
func (r *Run) Hold(ctx context.Context, reason string, options *EndOptions) error {
	r = r.made()
	return r.end(ctx, OnHold, store.StatusChange{To: store.OnHold, Reason: r.tracker.prose(reason)}, options)
}

// SetStatus changes the run's status, also to one made with [Registry.AddRunStatus]. An
// ended status ends the run. If the status is active and options has an end time, the
// error is [ErrInvalid]. If the run has ended, it keeps its status and the error is
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
		// The end of a run must be recorded in any case. A server whose limit has been
		// lowered since hangs up on longer texts, without an error message.
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

// shortened returns the change with its texts cut, or false if they are already short.
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

// apply checks the options and adds them to the change.
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

// mayWrite is all that a call with nothing to write does. It also fails for a caller
// that has lost the run (rule S4.3).
func (r *Run) mayWrite(ctx context.Context) error {
	state, err := r.tracker.store.WhileActive(ctx, r.ref)
	if err != nil {
		return r.failed("check whether it may be written to", err)
	}
	return r.allowed(ctx, state)
}

// allowed turns a run's state into an error if it does not allow writing. If the run
// can never be written to again, its heartbeats stop. In a caller's transaction they do
// not, because the state may be the transaction's own change and be rolled back.
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
		return nil // it is active and already has the requested status
	}
}

func (r *Run) failed(doing string, err error) error {
	if r.info.ID == 0 {
		return r.tracker.failed(doing, err) // for a run that was never started, there is nothing to report
	}
	return r.tracker.failed(fmt.Sprintf("run %d of process %q: %s", r.info.Number, r.info.Process, doing), err)
}

// Close fails the run if it has not been ended through r. Defer it right after
// [Tracker.Start], so that no path out of a function leaves the run active. It waits at
// most 15 seconds for the database. If it cannot record the failure, it returns the error,
// logs it, and stops the run's heartbeats, so that the lease expires. If the run has ended,
// Close does nothing and returns nil. In a transaction, see [Run.In], it does nothing.
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
	err := r.Fail(ctx, ErrorRecord{Type: ProcessError, Description: "closed before it was completed"})
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
