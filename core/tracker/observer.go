package tracker

import (
	"context"
	"time"
)

// An Observer gets what a tracker does as plain values, for metrics and tracing.
// Functions that are nil are not called. The others are called by several goroutines at once; except for
// OnLeaseLost, they are called by the one that made the call, so that they must be quick.
// A panic is the caller's.
//
// The context is that of the call which brought it about, and carries the caller's
// values, such as a span.
type Observer struct {
	// OnStart is called when a run has started.
	OnStart func(context.Context, StartEvent)
	// OnRefusal is called when a start was refused: with a [BlockedError] or a
	// [DoneError]. Other errors of a start are its caller's alone.
	OnRefusal func(context.Context, RefusalEvent)
	// OnEnd is called when a run was ended through a [Run] of this tracker.
	OnEnd func(context.Context, EndEvent)
	// OnRetry is called before each wait of an operation that is tried again. What is
	// given up in the end is the call's error, and no event.
	OnRetry func(context.Context, RetryEvent)
	// OnExpiry is called when this tracker has ended a run of another program's: one
	// whose lease had expired, found by a start or by [Admin.Reap], or one whose end an
	// operator forced.
	OnExpiry func(context.Context, ExpiryEvent)
	// OnLeaseLost is called, in a goroutine of its own, when a run of this tracker's has
	// lost its lease.
	OnLeaseLost func(context.Context, LeaseLostEvent)
}

// StartEvent is the start of a run.
type StartEvent struct {
	Run RunInfo
	// Duration is how long the start took.
	Duration time.Duration
}

// RefusalEvent is a start that was refused.
type RefusalEvent struct {
	Process string
	RunName string // that the run was to get; empty if none
	Err     error  // matches one of the reasons, such as ErrAlreadyRunning
	// Duration is how long it took to find out.
	Duration time.Duration
}

// Reason is what Err matches: [ErrAlreadyRunning], [ErrOnHold], [ErrDependency],
// [ErrNoCapacity] or [ErrAlreadyDone]. Its text fits a metric's label.
func (e RefusalEvent) Reason() error {
	reason, _, _ := refusalOf(e.Err)
	return reason
}

// EndEvent is the end of a run.
type EndEvent struct {
	// Run is the run as it started, with the status and the time of its end.
	Run RunInfo
	// Duration is how long the run took, by the database's clock.
	Duration time.Duration
	// InTransaction is true for an end that becomes valid with the commit of the
	// caller's transaction; see [Run.In].
	InTransaction bool
}

// RetryEvent is an operation that is about to be tried again.
type RetryEvent struct {
	// Operation is the name of the operation's first statement, such as start.turn
	// or end.process: there are some hundred. It is "begin" where the transaction
	// itself could not begin. On SQL Server a start is start.lock_clusters.
	Operation string
	Try       int // the one that failed: 1 for the first
	Reason    RetryReason
	Wait      time.Duration // until the next
	Err       error         // with the driver's in reach
}

// A RetryReason is why an operation is tried again. Its text fits a metric's label.
type RetryReason string

const (
	// RetryConflict is that the database gave the operation up because of others.
	RetryConflict RetryReason = "conflict"
	// RetryDisconnected is that the connection was lost, and then perhaps could not
	// be made again at once; or that it was dropped, as its server has become read-only.
	RetryDisconnected RetryReason = "disconnected"
)

// ExpiryEvent is the end of a run whose program is dead.
type ExpiryEvent struct {
	Run    RunInfo // as it was before
	Forced bool    // by an operator, whether or not its lease had expired
	Held   bool    // its process was put on hold
}

// LeaseLostEvent is a run that has lost its lease.
type LeaseLostEvent struct {
	Run RunInfo // as it started
	Err error   // a LeaseLostError
}
