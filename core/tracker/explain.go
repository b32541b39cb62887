package tracker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Now returns the time by the database's clock, which all stored times come from.
func (t *Tracker) Now(ctx context.Context) (time.Time, error) {
	now, err := t.made().store.Now(ctx)
	if err != nil {
		return time.Time{}, t.failed("read the database's clock", err)
	}
	return now.Time, nil
}

// MaxExplained bounds how many processes [Tracker.Explain] looks at.
const MaxExplained = 500

// An Explanation says whether a process could have started when it was read and, if
// not, which processes are the cause.
type Explanation struct {
	Process string
	// Refusal is the error that a start would have returned: a [BlockedError] or a
	// [DoneError], or nil if the run would have started.
	Refusal error
	// Roots are the processes that have to be dealt with first. There are none if Refusal
	// is nil.
	Roots []Root
	// More is true if there were more than [MaxExplained] processes to look at.
	More bool
}

// A RootKind says how a process blocks itself and the processes that depend on it.
type RootKind string

// The kinds of roots.
const (
	RootRunning    RootKind = "running"     // its run goes on
	RootExpired    RootKind = "expired"     // its run's lease has expired: its program is dead
	RootOnHold     RootKind = "on hold"     // an operator, or too many failures, put it on hold
	RootFailing    RootKind = "failing"     // its next start puts it on hold
	RootFailed     RootKind = "failed"      // its latest run failed, or ended on hold, and nothing keeps it from starting again
	RootNeverRan   RootKind = "never ran"   // and nothing keeps it from starting
	RootStale      RootKind = "stale"       // it has not completed since a process that waits for it last did
	RootNoCapacity RootKind = "no capacity" // one of its clusters has no room
	RootDone       RootKind = "done"        // the run of that name is completed
)

// A Root is a process that has to be dealt with first, and the reason.
type Root struct {
	Kind    RootKind
	Process string
	// Path leads from the process that you asked about to this one, along the processes
	// that wait for each other. It includes both.
	Path  []string
	Since time.Time // zero if it never ran
	// Run is the process's latest run; with RootDone, the completed one. It is nil if it
	// never ran.
	Run      *RunInfo
	Error    *RunError // the first error of that run, if it failed and recorded one
	Hold     *HoldInfo // RootOnHold
	Failures int64     // in a row, since the last release
	Clusters []ClusterUse
	Needs    Capacity
	Contacts []ContactInfo // the people to ask: its own contacts, then those of its sources
}

// Explain says whether a start of the process would be refused now and, if so, finds the
// cause: in a chain of processes that wait for each other, the one that has to be dealt
// with first. It writes nothing and waits for no lock, so the role reader is enough. Of
// options, which may be nil, it uses Name and Needs. If the process does not exist, the
// error is [ErrNotFound].
func (t *Tracker) Explain(ctx context.Context, process string, options *StartOptions) (Explanation, error) {
	definition, err := Process{Name: process}.definition()
	if err != nil {
		return Explanation{}, err
	}
	start, err := t.starting(definition, options)
	if err != nil {
		return Explanation{}, err
	}
	start.Definition = "" // the definition plays no part
	e := explaining{tracker: t.made(), seen: map[string]bool{}, left: MaxExplained}
	refusal, err := e.visit(ctx, start.Start, nil, nil)
	return Explanation{Process: definition.Process, Refusal: refusal, Roots: e.roots, More: e.left < 0}, err
}

// explaining is an explanation on its way up the chain of parents.
type explaining struct {
	tracker *Tracker
	seen    map[string]bool
	left    int // how many processes may still be looked at
	roots   []Root
}

// visit looks at a process and at the parents that block it. blocking says how the
// process blocks its child; it is nil for the process that was asked about.
func (e *explaining) visit(ctx context.Context, start store.Start, below []string, blocking *store.Parent) (refusal, err error) {
	e.seen[start.Process] = true
	if e.left--; e.left < 0 {
		return nil, nil
	}
	out, err := e.tracker.store.Outcome(ctx, start)
	if err != nil {
		return nil, e.tracker.failed(fmt.Sprintf("explain process %q", start.Process), err)
	}
	if !out.Known {
		if blocking != nil { // it was deleted a moment ago
			return nil, nil
		}
		return nil, &NotFoundError{What: "process", Name: start.Process}
	}
	refusal = wouldRefuse(start, out)
	path := append(slices.Clone(below), start.Process)
	if errors.Is(refusal, ErrDependency) {
		for _, p := range out.Parents {
			if p.Kind == string(Soft) || e.seen[p.Process] {
				continue
			}
			next := store.Start{Process: p.Process, Actor: start.Actor, MaxFailures: start.MaxFailures, TokenDigest: start.TokenDigest}
			if _, err := e.visit(ctx, next, path, &p); err != nil {
				return refusal, err
			}
		}
		return refusal, nil
	}
	if refusal != nil || blocking != nil {
		root := Root{Process: start.Process, Path: path, Failures: out.Failures}
		root.of(out, refusal, blocking)
		if err := e.describe(ctx, &root); err != nil {
			return refusal, err
		}
		e.roots = append(e.roots, root)
	}
	return refusal, nil
}

// wouldRefuse returns the error that a start would return, or nil. A start ends an
// expired run first, which counts as one more failure.
func wouldRefuse(start store.Start, out store.StartOutcome) error {
	if out.Done != nil {
		return &DoneError{Run: runInfo(*out.Done)}
	}
	latest := out.Latest
	if out.Expired != nil {
		out.Latest = nil
		out.Failures++
	}
	if blocked := blockedBy(start, out); blocked != nil {
		return blocked
	}
	if !out.Failing() {
		return nil
	}
	hold := &HoldInfo{Reason: fmt.Sprintf("the latest %d runs failed; the next start puts the process on hold", out.Failures)}
	if latest != nil {
		hold.Since, hold.By = latest.EndedAt.Time, latest.Actor
		if latest.EndedAt.IsZero() {
			hold.Since = latest.LeaseUntil.Time
		}
	}
	return &BlockedError{Process: start.Process, Reason: ErrOnHold, Hold: hold}
}

// of fills in the kind of the root, and since when it has blocked.
func (r *Root) of(out store.StartOutcome, refusal error, blocking *store.Parent) {
	if out.Latest != nil {
		info := runInfo(*out.Latest)
		r.Run, r.Since = &info, info.StartedAt
		if !info.Active() {
			r.Since = info.EndedAt
		}
	}
	var done *DoneError
	var blocked *BlockedError
	if errors.As(refusal, &done) {
		r.Kind, r.Run, r.Since = RootDone, &done.Run, done.Run.EndedAt
		return
	}
	if errors.As(refusal, &blocked) {
		r.blocked(out, blocked)
		return
	}
	switch {
	case out.Expired != nil:
		r.Kind, r.Since = RootExpired, r.Run.LeaseUntil
	case r.Run == nil:
		r.Kind = RootNeverRan
	case blocking.Status == string(Failed) || blocking.Status == string(OnHold):
		r.Kind = RootFailed
	default:
		r.Kind = RootStale
	}
}

// blocked is like of, for an error that refuses a start of the root itself.
func (r *Root) blocked(out store.StartOutcome, e *BlockedError) {
	switch {
	case e.Run != nil:
		r.Kind = RootRunning
	case e.Hold != nil && out.Held != nil:
		r.Kind, r.Hold, r.Since = RootOnHold, e.Hold, e.Hold.Since
	case e.Hold != nil:
		r.Kind, r.Since = RootFailing, e.Hold.Since
	default:
		r.Kind, r.Clusters, r.Needs = RootNoCapacity, e.Clusters, e.Needs
	}
}

// describe adds the answers to an operator's next questions: the error, and the people to ask.
func (e *explaining) describe(ctx context.Context, r *Root) (err error) {
	if r.Run != nil && !r.Run.Active() && r.Run.Status != Completed {
		for first, err := range e.tracker.Errors(ctx, ErrorFilter{RunID: r.Run.ID, Order: OldestFirst, Limit: 1}) {
			if err != nil {
				return err
			}
			r.Error = &first
		}
	}
	r.Contacts, err = e.tracker.Registry().Contacts(ctx, r.Process)
	if errors.Is(err, ErrNotFound) { // it was deleted a moment ago
		err = nil
	}
	return err
}
