package tracker

import (
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// RetryPolicy says how often the tracker retries an operation that the database aborted
// because of concurrent transactions, or that was lost with its connection and is safe
// to repeat. Zero fields take their values from [DefaultRetryPolicy]. If a field is
// negative, or Wait is longer than MaxWait, the error is [ErrInvalid].
//
// When a connection is lost, so may be the reply to a commit. Most operations recognize
// their own work and do not do it twice. Recording errors and adding counts cannot do
// that, so they are not retried in this case, and the error is [ErrDisconnected].
type RetryPolicy struct {
	// Tries is the number of attempts, including the first; 1 means no retries.
	Tries int
	// Wait bounds the first wait, which is a random duration. The bound doubles with
	// each wait, up to MaxWait.
	Wait    time.Duration
	MaxWait time.Duration
}

// DefaultRetryPolicy returns the default policy: up to 20 tries, with random waits of
// up to 10 milliseconds at first and a second at most. If all tries fail, the waits
// take seven seconds on average.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{Tries: 20, Wait: 10 * time.Millisecond, MaxWait: time.Second}
}

// check refuses an invalid policy and fills in the defaults.
func (p *RetryPolicy) check() error {
	standard := DefaultRetryPolicy()
	switch {
	case p.Tries < 0:
		return invalid("tries", strconv.Itoa(p.Tries), "negative", "give 1 for no retry")
	case p.Wait < 0:
		return invalid("wait between tries", p.Wait.String(), "negative", "give a time such as "+standard.Wait.String())
	case p.MaxWait < 0:
		return invalid("longest wait between tries", p.MaxWait.String(), "negative", "give a time such as "+standard.MaxWait.String())
	case p.MaxWait != 0 && p.Wait > p.MaxWait:
		return invalid("wait between tries", p.Wait.String(), "longer than the longest wait, "+p.MaxWait.String(), "give a shorter wait, or a longer longest wait")
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

// retry converts a policy to the store's form.
func (t *Tracker) retry(p RetryPolicy) store.Retry {
	return store.Retry{Tries: p.Tries, Wait: p.Wait, MaxWait: p.MaxWait, OnRetry: t.events.retried}
}
