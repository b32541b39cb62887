package tracker

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// SetMaxFailures sets how many failed runs in a row put this process on hold. It
// overrides [Config].MaxFailures: [NeverHold] means never, and 0 returns to the
// trackers' setting. If the process does not exist, the error is [ErrNotFound].
func (a *Admin) SetMaxFailures(ctx context.Context, process string, n int) error {
	t := a.of()
	process, err := name("process name", process)
	if err != nil {
		return err
	}
	if n < 0 {
		return invalid("maximum of failures", strconv.Itoa(n), "negative", "give NeverHold for never, or 0 for the tracker's setting")
	}
	var limit *int64
	if n != 0 {
		stored := storedFailures(n)
		limit = &stored
	}
	err = t.made().store.SetMaxFailures(ctx, process, t.made().actor, limit)
	return t.ofProcess("set maximum of failures of", process, err)
}

// holdFailing puts a process on hold whose latest runs all failed.
func (t *Tracker) holdFailing(ctx context.Context, process string, failures int64) error {
	reason := fmt.Sprintf("its latest %d runs failed", failures)
	err := t.made().store.HoldFailing(ctx, process, t.made().actor, reason, failures)
	if err != nil && !errors.Is(err, store.ErrUnknown) { // renamed meanwhile: the start looks again
		return t.failed(fmt.Sprintf("hold process %q", process), err)
	}
	return nil
}
