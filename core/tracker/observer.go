package tracker

import (
	"context"
	"time"
)

// An Observer gets a tracker's events as plain values, for metrics and tracing. Nil functions are
// not called. The others may be called from several goroutines at once. Except for OnLeaseLost,
// they run in the goroutine that called the tracker, so they must be quick, and a panic reaches
// that caller.
//
// Each gets the context of the call that caused the event, with the caller's values,
// such as a span.
type Observer struct {
	// OnStart is called when a run has started.
	OnStart func(context.Context, StartEvent)
	// OnRefusal is called when a start was refused: with a [BlockedError] or a
	// [DoneError]. Other errors of a start only go to its caller.
	OnRefusal func(context.Context, RefusalEvent)
	// OnEnd is called when a run was ended through a [Run] of this tracker.
	OnEnd func(context.Context, EndEvent)
	// OnRetry is called before each wait of an operation that is retried. If the
	// operation finally fails, its caller gets the error; there is no event for that.
	OnRetry func(context.Context, RetryEvent)
	// OnExpiry is called when this tracker has ended another program's run: because a
	// start or [Admin.Reap] found its lease expired, or because an operator forced its
	// end.
	OnExpiry func(context.Context, ExpiryEvent)
	// OnLeaseLost is called, in its own goroutine, when one of this tracker's runs has
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
	RunName string // the name asked for; empty if none
	Err     error  // matches one of the reasons, such as [ErrAlreadyRunning]
	// Duration is how long the refused start took.
	Duration time.Duration
}

// Reason is the sentinel that Err matches: [ErrAlreadyRunning], [ErrOnHold],
// [ErrDependency], [ErrNoCapacity] or [ErrAlreadyDone]. Its text fits a metric's label.
func (e RefusalEvent) Reason() error {
	reason, _, _ := refusalOf(e.Err)
	return reason
}

// EndEvent is the end of a run.
type EndEvent struct {
	// Run is the run as it started, with its final status and end time.
	Run RunInfo
	// Duration is how long the run took, by the database's clock.
	Duration time.Duration
	// InTransaction is true if the end takes effect with the commit of the caller's
	// transaction; see [Run.In].
	InTransaction bool
}

// RetryEvent is an operation that is about to be retried.
type RetryEvent struct {
	// Operation is the name of the operation's first statement: start.turn for a start
	// (start.lock_clusters on SQL Server), end.process for an end, and so on, or "begin"
	// if the transaction could not begin. There are about a hundred names, few enough for
	// a metric's label.
	Operation string
	Try       int // the attempt that failed; 1 is the first
	Reason    RetryReason
	Wait      time.Duration // until the next
	Err       error         // wraps the driver's error
}

// A RetryReason is the reason why an operation is retried. Its text fits a metric's label.
type RetryReason string

const (
	// RetryConflict means that the database aborted the operation because of concurrent
	// transactions.
	RetryConflict RetryReason = "conflict"
	// RetryDisconnected means that the connection was lost or could not be made again at
	// once, or that it was dropped because its server has become read-only.
	RetryDisconnected RetryReason = "disconnected"
)

// ExpiryEvent is the end of a run whose program is dead.
type ExpiryEvent struct {
	Run    RunInfo // as it was before its end
	Forced bool    // by an operator, whether or not its lease had expired
	Held   bool    // its process was put on hold
}

// LeaseLostEvent is a run that has lost its lease.
type LeaseLostEvent struct {
	Run RunInfo // as it started
	Err error   // a LeaseLostError
}
