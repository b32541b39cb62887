package tracker

import (
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/internal/store"
)

// RetryPolicy says how often the tracker tries what the database gave up because
// of others, and what was lost with its connection and is safe to repeat. A field
// that is zero is as in [DefaultRetryPolicy].
//
// With a connection, the answer to a commit may have been lost: the tracker finds
// out, as each operation recognizes its own work and does not do it twice. Recorded
// errors and added counts cannot be recognized; those are not tried again then, and
// the error is [ErrDisconnected].
type RetryPolicy struct {
	// Tries is how often in all, with the first time; 1 is never again.
	Tries int
	// Wait bounds the first wait, which is a random part of it. The bound doubles
	// with each wait, up to MaxWait.
	Wait    time.Duration
	MaxWait time.Duration
}

// DefaultRetryPolicy returns the policy of a tracker that was given none: up to 20
// tries, after random waits of up to 10 milliseconds at first and a second at most.
// They take seven seconds on average if all fail.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{Tries: 20, Wait: 10 * time.Millisecond, MaxWait: time.Second}
}

// Retries sets how often the tracker tries again; a policy with a negative field,
// or with waits that are longer than the longest, is [ErrInvalid]. The end of a
// call's context ends its tries at once. In a transaction given to [Run.In] nothing
// is tried again, whatever the policy.
func Retries(p RetryPolicy) Option { return func(t *Tracker) { t.retries = p } }

// Retried is what happened to an operation that is about to be tried again.
type Retried struct {
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

// OnRetry has the tracker call told before each wait: for metrics and logs. It is
// called by the goroutine that made the call, so it must be quick, and by several
// at once. What is given up in the end is not told again: that is the call's error.
func OnRetry(told func(Retried)) Option { return func(t *Tracker) { t.onRetry = told } }

// check refuses what makes no sense, and fills in what was not given.
func (p *RetryPolicy) check() error {
	standard := DefaultRetryPolicy()
	switch {
	case p.Tries < 0:
		return invalid("tries", strconv.Itoa(p.Tries), "negative", "give 1 for never again")
	case p.Wait < 0:
		return invalid("wait between tries", p.Wait.String(), "negative", "give a time such as "+standard.Wait.String())
	case p.MaxWait < 0:
		return invalid("longest wait between tries", p.MaxWait.String(), "negative", "give a time such as "+standard.MaxWait.String())
	case p.MaxWait != 0 && p.Wait > p.MaxWait:
		return invalid("wait between tries", p.Wait.String(), "longer than the longest, "+p.MaxWait.String(), "give a shorter one, or a longer longest")
	}
	if p.Tries == 0 {
		p.Tries = standard.Tries
	}
	if p.MaxWait == 0 {
		p.MaxWait = max(standard.MaxWait, p.Wait)
	}
	if p.Wait == 0 {
		p.Wait = min(standard.Wait, p.MaxWait)
	}
	return nil
}

// retry is the store's form of what the options said.
func (t *Tracker) retry() store.Retry {
	r := store.Retry{Tries: t.retries.Tries, Wait: t.retries.Wait, MaxWait: t.retries.MaxWait}
	if told := t.onRetry; told != nil {
		r.Told = func(again store.Retried) {
			reason := RetryDisconnected
			if again.Class == dialect.Conflict {
				reason = RetryConflict
			}
			told(Retried{Operation: again.Operation, Try: again.Try, Reason: reason, Wait: again.Wait, Err: again.Err})
		}
	}
	return r
}
