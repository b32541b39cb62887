package tracker

import (
	"context"
	"strings"
	"time"
)

// SetWatermark moves the watermark of a process, back or forth, for the given reason:
// for example to backfill data that was loaded wrongly. The zero time clears it. The
// next completed run with a later high advances it.
//
// The history records the actor, the time, the old and the new watermark and the
// reason, as a [Change] with To "watermark". If the process does not exist, the error
// is [ErrNotFound]; if the reason is empty, [ErrInvalid]. Setting the same watermark
// again changes nothing.
func (a *Admin) SetWatermark(ctx context.Context, process string, at time.Time, reason string) error {
	t := a.of()
	process, err := name("process name", process)
	if err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return invalid("reason", reason, "empty", "give the reason for moving the watermark; the history keeps it")
	}
	if err := storable("watermark", at); err != nil {
		return err
	}
	err = t.made().store.SetWatermark(ctx, process, t.made().actor, t.prose(reason), at)
	return t.ofProcess("set watermark of", process, err)
}
