package tracker

import (
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// RetryPolicy says how often the tracker tries what the database gave up because
// of others, and what was lost with its connection and is safe to repeat. Zero fields
// take their values from [DefaultRetryPolicy]. A policy with a negative field, or with
// waits that are longer than the longest, is [ErrInvalid].
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

// retry is the store's form of a policy.
func (t *Tracker) retry(p RetryPolicy) store.Retry {
	return store.Retry{Tries: p.Tries, Wait: p.Wait, MaxWait: p.MaxWait, OnRetry: t.events.retried}
}
