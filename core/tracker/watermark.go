package tracker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// SetWatermark moves the watermark of a process, back or forth, for the reason given:
// to load again what was loaded wrongly, say. The zero time clears it. The next
// completed run with a later high moves it on.
//
// The history keeps who moved it, when, from where, where to and why: a [Change] with
// To "watermark". A process that does not exist is [ErrNotFound], an empty reason is
// [ErrInvalid]. Setting the watermark that there is changes nothing.
func (a *Admin) SetWatermark(ctx context.Context, process string, at time.Time, reason string) error {
	t := a.of()
	process, err := name("process name", process)
	if err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return invalid("reason", reason, "empty", "say why the watermark is moved; the history keeps it")
	}
	if err := storable("watermark", at); err != nil {
		return err
	}
	err = t.made().store.SetWatermark(ctx, process, t.made().actor, t.prose(reason), at)
	if errors.Is(err, store.ErrUnknown) {
		return &NotFoundError{What: "process", Name: process}
	} else if err != nil {
		return t.failed(fmt.Sprintf("set watermark of process %q", process), err)
	}
	return nil
}
