package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const (
	endPatience = time.Hour        // for recording an end, unless the user sets another limit
	endTry      = 20 * time.Second // for one attempt
	longestWait = 5 * time.Second  // between two attempts
	reminder    = time.Minute      // between two lines about it, unless the environment sets another interval
)

// endings records the end of a run, which may take long.
type endings struct {
	*app

	run   *tracker.Run
	out   outcome
	ended time.Time // when the command ended
	limit time.Duration
	first error // the first error that kept the end from being recorded; nil so far
}

// recordEnd completes or fails the run. The command may have run for hours and the
// database may only be away, so recordEnd retries. Retrying is safe: a run that another
// start has taken over rejects the end, and ending a run twice in the same way does
// nothing. A signal stops recordEnd between two attempts, unless it is one that was
// sent to the command.
func (a *app) recordEnd(ctx context.Context, run *tracker.Run, out outcome, limit time.Duration, signals <-chan os.Signal) error {
	e := &endings{app: a, run: run, out: out, ended: time.Now(), limit: limit}
	for len(signals) > 0 {
		<-signals
	}
	over, remind := time.After(limit), time.Time{}
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, longestWait) {
		err := e.try(context.WithoutCancel(ctx))
		if err == nil || isFinal(err) {
			return err
		}
		e.first = cmp.Or(e.first, err)
		if now := time.Now(); !now.Before(remind) {
			e.say(err)
			remind = now.Add(cmp.Or(a.env.Reminder, reminder))
		}
		select {
		case <-time.After(wait):
		case <-over:
			return err
		case s := <-signals:
			if slices.Contains(stopSignals(), s) {
				return fmt.Errorf("given up because of the signal %q: %w", s, err)
			}
		}
	}
}

func (e *endings) say(err error) {
	left := (e.limit - time.Since(e.ended)).Round(time.Second)
	e.sayf("cannot record the end of run %d of process %q, trying for %s more (send a signal to give up): %v", e.run.Number(), e.run.Process(), left, err)
}

func (e *endings) try(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, endTry)
	defer cancel()
	notes := e.notes()
	if e.out.failure == "" {
		return e.run.Complete(ctx, &tracker.EndOptions{Note: strings.Join(notes, "; ")})
	}
	problems := []tracker.ErrorRecord{{Type: tracker.ProcessError, Description: e.out.failure}}
	for _, note := range notes {
		problems = append(problems, tracker.ErrorRecord{Type: tracker.ProcessError, Description: note})
	}
	return e.run.Fail(ctx, problems...)
}

// notes returns facts that the run's end does not record by itself: that it is recorded
// late, or that a command that succeeded had been told to end.
func (e *endings) notes() (all []string) {
	if e.out.failure == "" && e.out.told != "" {
		all = append(all, "the command succeeded, but "+e.out.told)
	}
	if e.first != nil {
		all = append(all, fmt.Sprintf("this end was recorded %s late; the command ended at %s: %v",
			time.Since(e.ended).Round(time.Millisecond), e.ended.UTC().Format(time.RFC3339), e.first))
	}
	return all
}

// isFinal reports whether a retry cannot help.
func isFinal(err error) bool {
	for _, final := range []error{tracker.ErrAlreadyEnded, tracker.ErrLeaseLost, tracker.ErrNotOwner, tracker.ErrNotFound, tracker.ErrInvalid, tracker.ErrDenied} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}
