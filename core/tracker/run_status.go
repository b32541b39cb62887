package tracker

import (
	"context"
	"fmt"
)

// AddRunStatus adds a run status of your own, which is either active (the run goes on)
// or ended. Adding an existing status changes nothing. If the stored one is ended and
// yours active, or the reverse, the error is [ErrMismatch].
func (g *Registry) AddRunStatus(ctx context.Context, status RunStatus, active bool) error {
	t := g.of()
	s, err := name("run status", string(status))
	if err != nil {
		return err
	}
	stored, err := t.made().store.AddRunStatus(ctx, s, t.made().actor, active)
	if err != nil {
		return t.failed("add run status", err)
	}
	if stored != active {
		sort := map[bool]string{true: "active", false: "ended"}
		return &MismatchError{
			What: fmt.Sprintf("run status %q", s), Field: "sort", Stored: sort[stored], Given: sort[active],
			Remedy: "choose another name",
		}
	}
	return nil
}
