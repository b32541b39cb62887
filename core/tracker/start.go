package tracker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Start starts a run of the process, or refuses with a [BlockedError] and leaves
// no trace of a run. It checks, in this order:
//
//   - [ErrAlreadyRunning]: another run of the process is active;
//   - [ErrOnHold]: the process is on hold;
//   - [ErrDependency]: the latest run of a process that it depends on is active, has
//     failed or is on hold, or the dependency is [Hard] and that process has never run;
//   - [ErrNoCapacity]: a cluster of the process has no room for it.
//
// Before all of these, it returns [ErrAlreadyDone] if a run with the given name
// ([StartOptions].Name) has completed. It puts a process on hold whose latest
// [Config].MaxFailures runs all failed.
//
// If many callers start a process at once, exactly one gets the run. The start
// registers names in p that the database does not know yet, in the same transaction. If
// a type, tool or frequency differs from the stored one, the error is [ErrMismatch]. A
// refused start changes no stored values, though names that it was the first to use may
// stay. Two changes are committed even if the start then fails: the hold of a process
// that has failed too often and, if a cluster has no room, the ends of expired runs of
// the processes that share it. [Tracker.Refusals] lists the refusals. options may be
// nil.
//
// The run is active until it is completed or failed: defer [Run.Close]. It holds a
// lease, which the tracker's heartbeats renew for as long as your program refers to the
// Run, or to a context of [Run.Context]. If a program is killed or loses the database,
// its run expires within one lease ([Config].Lease) and no longer blocks starts. The
// next start fails the expired run with the error "lease expired", in the transaction
// that starts the new run, unless something else refuses the new run. After
// [Tracker.Close] the error is [ErrClosed].
func (t *Tracker) Start(ctx context.Context, p Process, options *StartOptions) (*Run, error) {
	definition, err := p.definition()
	if err != nil {
		return nil, err
	}
	if err := t.open(fmt.Sprintf("start process %q", definition.Process)); err != nil {
		return nil, err
	}
	s, err := t.starting(definition, options)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	run, err := t.startOrWait(ctx, s, func(ctx context.Context, s starting) (*Run, error) { return t.start(ctx, s, definition) })
	t.made().events.started(ctx, s, time.Since(began), run, err)
	return run, err
}

func (t *Tracker) start(ctx context.Context, start starting, definition store.Definition) (*Run, error) {
	t = t.made()
	defines := store.Defining{Definition: definition, Change: start.redefine, Parents: start.parents}
	begin, lacks, err := t.firstTry(ctx, start)
	if err != nil {
		return nil, err
	}
	// Normally there are at most three turns: start, start with registration, and once
	// more if the cause of a refusal had gone when it was read. The bound is for many
	// callers that constantly start and end runs of this process.
	for range 100 {
		asked := time.Now()
		out, err := begin(ctx, start.Start)
		if err = cmp.Or(err, t.tooNew(out)); err != nil {
			return nil, t.failed(fmt.Sprintf("start process %q", start.Process), t.orNewer(ctx, err))
		}
		if out.Started {
			return t.started(start, out, asked) //nolint:contextcheck // renewing goes on after this call
		}
		if err := undefined(start.Process, out.Undefined); err != nil {
			return nil, err
		}
		if out.Spent {
			start.drawToken() // no caller has got that run, and it has lost its lease meanwhile
			continue
		}
		if out.Expired == nil || out.Done != nil {
			if err := t.refusal(ctx, start.Start, out); err != nil {
				if !start.quiet {
					t.keepRefusal(ctx, start.Start, out.ProcessID, err)
				}
				return nil, err
			}
		}
		begin = t.nextTry(start, defines, out, lacks)
	}
	return nil, fmt.Errorf("start process %q: %w: its state changed during each of 100 attempts", start.Process, ErrBusy)
}

// tooNew returns an error if a start was refused by a schema that the tracker does not
// know.
func (t *Tracker) tooNew(out store.StartOutcome) error {
	if known := len(t.backend.Dialect().Migrations()); out.Schema > known && !out.Started {
		return &store.NewerError{Have: out.Schema, Want: known}
	}
	return nil
}

// orNewer checks, for an unknown error, whether the schema has a version that the
// tracker does not know, and says so in the error: that alone can make a statement
// fail.
func (t *Tracker) orNewer(ctx context.Context, err error) error {
	t = t.made()
	if t.backend.Classify(err) != dialect.Other || ctx.Err() != nil || t.heart == nil {
		return err
	}
	newer := t.store.Newer(ctx)
	if errors.As(newer, new(*store.NewerError)) {
		return errors.Join(newer, err)
	}
	return err
}

// A startTry is one turn of a start.
type startTry func(context.Context, store.Start) (store.StartOutcome, error)

// firstTry starts as if everything were registered, which the same round trip finds
// out. If the process lacks a dependency that the start adds, it only looks whether the
// start is already refused.
func (t *Tracker) firstTry(ctx context.Context, start starting) (begin startTry, lacks bool, err error) {
	if len(start.parents) == 0 {
		return t.made().store.Start, false, nil
	}
	lacks, err = t.made().store.LacksParents(ctx, start.Process, start.parents)
	if err != nil {
		return nil, false, t.failed(fmt.Sprintf("look up dependencies of process %q", start.Process), err)
	}
	if !lacks {
		return t.made().store.Start, false, nil
	}
	return t.made().store.Look, true, nil
}

// nextTry follows a turn that nothing refused, or only an expired run. It registers in
// the start's transaction, so that nothing is registered if the start fails (rule
// S2.12).
func (t *Tracker) nextTry(start starting, d store.Defining, out store.StartOutcome, lacks bool) startTry {
	switch {
	case lacks || !out.Known || !out.Registered:
		return func(ctx context.Context, s store.Start) (store.StartOutcome, error) {
			if out.Expired == nil {
				return t.made().store.StartDefined(ctx, s, d, nil, store.Expiry{})
			}
			ending := t.expiry(runInfo(*out.Latest), ReapOptions{Hold: start.holdExpired})
			next, err := t.made().store.StartDefined(ctx, s, d, out.Expired, ending)
			t.endedExpired(ctx, next, *out.Latest, ending, err)
			return next, err
		}
	case out.Expired != nil:
		return t.startAfterExpired(*out.Expired, start, *out.Latest)
	default:
		return t.made().store.Start
	}
}

// undefined returns the error of a start whose definition conflicts with the stored one.
func undefined(process string, u store.Undefined) error {
	if u.Cycle != "" {
		return dependsAlready(process, u.Cycle)
	}
	return mismatches(process, u.Mismatches)
}

// started returns the run that a start has created. asked is when the start was sent;
// the lease cannot have begun earlier.
func (t *Tracker) started(start starting, out store.StartOutcome, asked time.Time) (*Run, error) {
	r := &Run{
		tracker: t,
		info:    runInfo(*out.Latest),
		ref:     store.RunRef{ID: out.Latest.ID, ProcessID: out.Latest.ProcessID, TokenDigest: start.TokenDigest},
		token:   start.token,
		soft:    parents(out.Parents, true),
		lease:   &runLease{lost: t.events.leaseLost(runInfo(*out.Latest), start.lost)},
		length:  start.Lease,
	}
	if !t.heart.add(r, start.Lease, asked) { // the tracker was closed meanwhile, and no caller has got the run
		return nil, errors.Join(t.open(fmt.Sprintf("start process %q", start.Process)), r.Close())
	}
	return r, nil
}

// refusal returns the error that refused a start, or nil if the start may be tried
// again: because nothing refuses it any more, or because the process has just been put
// on hold, which will refuse it.
func (t *Tracker) refusal(ctx context.Context, start store.Start, out store.StartOutcome) error {
	if out.Done != nil {
		return &DoneError{Run: runInfo(*out.Done)}
	}
	if blocked := blockedBy(start, out); blocked != nil {
		if errors.Is(blocked, ErrNoCapacity) {
			return t.madeRoom(ctx, start.Process, blocked)
		}
		return blocked
	}
	if out.Failing() {
		return t.holdFailing(ctx, start.Process, out.Failures)
	}
	return nil
}

// blockedBy returns the error that refused a start, or nil if nothing refuses it any more.
func blockedBy(start store.Start, out store.StartOutcome) error {
	e := &BlockedError{Process: start.Process}
	switch hard := parents(out.Parents, false); {
	case out.Latest != nil && out.Latest.EndedAt.IsZero():
		info := runInfo(*out.Latest)
		e.Reason, e.Run, e.LeaseUntil = ErrAlreadyRunning, &info, info.LeaseUntil
	case out.Held != nil:
		e.Reason, e.Hold = ErrOnHold, &HoldInfo{Since: out.Held.Since.Time, By: out.Held.Actor, Reason: out.Held.Note}
	case out.Failing():
		return nil // it is put on hold now, and the next turn is refused
	case len(hard) > 0:
		e.Reason, e.Parents = ErrDependency, hard
	case len(out.Clusters) > 0:
		e.Reason, e.Clusters = ErrNoCapacity, clusters(out.Clusters)
		e.Needs = Capacity{Memory: start.Memory, Processing: start.Processing}
	default:
		return nil
	}
	return e
}

// A Parent is a process that another depends on, with the state of its latest
// run.
type Parent struct {
	Process   string
	Kind      DependencyKind
	Fresh     bool      // it must have completed since the process itself last did
	RunNumber int64     // 0: it never ran
	Status    RunStatus // its latest run's status; empty if it never ran
	Since     time.Time // when the run started
	Actor     string    // the actor that started the run
	// LeaseExpired is true if the run is active and its lease has expired: its
	// program is dead, and the parent's next start, or [Admin.Reap], ends it.
	LeaseExpired bool
}

// String describes the parent in a sentence.
func (p Parent) String() string {
	if p.RunNumber == 0 {
		return fmt.Sprintf("%q never ran", p.Process)
	}
	text := fmt.Sprintf("%q: run %d is %s, started by %s at %s", p.Process, p.RunNumber, p.Status, p.Actor, stamp(p.Since))
	if p.LeaseExpired {
		text += ", and its lease has expired (to end it, run: processtracker reap)"
	}
	return text
}

func parents(rows []store.Parent, soft bool) []Parent {
	var all []Parent
	for _, r := range rows {
		if p := parent(r); (p.Kind == Soft) == soft {
			all = append(all, p)
		}
	}
	return all
}

func parent(r store.Parent) Parent {
	return Parent{
		Process: r.Process, Kind: DependencyKind(r.Kind), Fresh: r.Fresh, RunNumber: r.RunNo,
		Status: RunStatus(r.Status), Since: r.Since.Time, Actor: r.Actor, LeaseExpired: r.LeaseExpired,
	}
}
