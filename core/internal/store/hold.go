package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// The states of a process as the history names them. They are not run statuses; a
// user's own run status may have the same name.
const (
	held     = "held"
	released = "released"
)

// The values of a hold.
const (
	holdProcess slot = iota
	holdActor
	holdReason
)

// hold puts a process on hold, unless it already is.
func (q sql) hold(process, by int64, reason string) dialect.Stmt {
	return q.stmt("hold.set", func() squirrel.Sqlizer {
		return q.d.Update(tProcess).
			Set("held_at", squirrel.Expr(q.d.Now())).
			Set("held_by", holdActor).
			Set("hold_reason", holdReason).
			Where(squirrel.Eq{"id": holdProcess, "held_at": nil})
	}, process, by, reason)
}

// release ends a hold and resets the failures.
func (q sql) release(process int64) dialect.Stmt {
	return q.stmt("hold.release", func() squirrel.Sqlizer {
		return q.d.Update(tProcess).
			Set("held_at", fixed{nil}).
			Set("held_by", fixed{nil}).
			Set("hold_reason", fixed{nil}).
			Set("failures", fixed{0}).
			Where(squirrel.Eq{"id": slot(0)})
	}, process)
}

// holdHistory comes after a change of the hold that took effect.
func (q sql) holdHistory(process, by int64, from, to, reason string) dialect.Stmt {
	return q.stmt("hold.history", func() squirrel.Sqlizer {
		return squirrel.Insert(q.d.Table(tHistory)).Columns(holdHistoryColumns()...).
			Values(holdProcess, slot(3), slot(4), holdActor, holdReason, squirrel.Expr(q.d.Now()))
	}, process, by, reason, from, to)
}

// holdHistoryColumns name no run, which distinguishes a change of a process's hold from a
// change of a run's status.
func holdHistoryColumns() []string {
	return []string{"process_id", "from_status", "to_status", "actor_id", "reason", "changed_at"}
}

// Hold puts a process on hold, unless it already is. If there is no such process, the
// error is [ErrUnknown].
func (s *Store) Hold(ctx context.Context, process, actor, reason string) error {
	return s.changeProcess(ctx, process, actor, func(p lockedProcess) []*dialect.Step {
		if p.held {
			return nil
		}
		return s.holdSteps(p, reason)
	})
}

// HoldFailing puts a process on hold that has failed that often in a row, and is neither
// on hold nor active.
func (s *Store) HoldFailing(ctx context.Context, process, actor, reason string, failures int64) error {
	return s.changeProcess(ctx, process, actor, func(p lockedProcess) []*dialect.Step {
		if p.held || p.active || p.failures != failures {
			return nil
		}
		return s.holdSteps(p, reason)
	})
}

func (s *Store) holdSteps(p lockedProcess, reason string) []*dialect.Step {
	return []*dialect.Step{act(s.hold(p.id, p.by, reason)), act(s.holdHistory(p.id, p.by, released, held, reason))}
}

// Release ends a hold, or resets failures that would lead to one. If there is no such
// process, the error is [ErrUnknown].
func (s *Store) Release(ctx context.Context, process, actor, reason string) error {
	return s.changeProcess(ctx, process, actor, func(p lockedProcess) []*dialect.Step {
		from := released
		switch {
		case p.held:
			from = held
		case p.failures == 0:
			return nil
		}
		return []*dialect.Step{act(s.release(p.id)), act(s.holdHistory(p.id, p.by, from, released, reason))}
	})
}
