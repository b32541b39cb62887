package cli

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const (
	endPatience = time.Minute      // for recording an end, unless the environment says another
	endTry      = 20 * time.Second // for one try of it
	longestWait = 5 * time.Second  // between two tries
)

// recordEnd completes or fails the run. The command may have run for hours, and
// the database may just be restarting, so that it goes on trying for a while:
// ending a run twice in the same way is harmless. Signals do not stop it.
func (a *app) recordEnd(ctx context.Context, run *tracker.Run, out outcome) error {
	end := func(ctx context.Context) error { return run.Complete(ctx) }
	if out.failure != "" {
		end = func(ctx context.Context) error {
			return run.Fail(ctx, tracker.Problem{Type: tracker.ProcessError, Description: out.failure})
		}
	}
	patience := cmp.Or(a.env.Patience, endPatience)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	said := false
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, longestWait) {
		err := try(ctx, end)
		if err == nil || isFinal(err) {
			return err
		}
		if !said {
			a.sayf("cannot record the end of run %d of process %q, trying for %s: %v", run.Number(), run.Process(), patience, err)
			said = true
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}

func try(ctx context.Context, end func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, endTry)
	defer cancel()
	return end(ctx)
}

// isFinal reports whether trying again cannot help.
func isFinal(err error) bool {
	for _, final := range []error{tracker.ErrAlreadyEnded, tracker.ErrLeaseLost, tracker.ErrNotOwner, tracker.ErrNotFound, tracker.ErrInvalid, tracker.ErrDenied} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}
