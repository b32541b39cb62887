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

func (q sql) actorID(name any) squirrel.Sqlizer {
	return squirrel.Expr("(?)", squirrel.Select("id").From(q.d.Table(tActor)).Where(squirrel.Eq{"name": name}))
}

func (q sql) hold(process, actor, reason string) dialect.Stmt {
	return q.stmt("hold.set", func() squirrel.Sqlizer {
		return q.setHold().Where(squirrel.Eq{"name": holdProcess, "held_at": nil})
	}, process, actor, reason)
}

// holdFailing is hold for a process that still has that many failures.
func (q sql) holdFailing(process, actor, reason string, failures int64) dialect.Stmt {
	return q.stmt("hold.failing", func() squirrel.Sqlizer {
		return q.setHold().Where(squirrel.Eq{"name": holdProcess, "held_at": nil, "active": fixed{false}, "failures": holdReason + 1})
	}, process, actor, reason, failures)
}

// The values of a hold.
const (
	holdProcess slot = iota
	holdActor
	holdReason
)

func (q sql) setHold() squirrel.UpdateBuilder {
	return q.d.Update(tProcess).
		Set("held_at", squirrel.Expr(q.d.Now())).
		Set("held_by", q.actorID(holdActor)).
		Set("hold_reason", holdReason)
}

func (q sql) release(process string) dialect.Stmt {
	return q.stmt("hold.release", func() squirrel.Sqlizer {
		return q.d.Update(tProcess).
			Set("held_at", fixed{nil}).
			Set("held_by", fixed{nil}).
			Set("hold_reason", fixed{nil}).
			Set("failures", fixed{0}).
			Where(squirrel.Eq{"name": slot(0)}).
			Where("held_at IS NOT NULL")
	}, process)
}

// forget resets the failures of a process that is not on hold yet.
func (q sql) forget(process string) dialect.Stmt {
	return q.stmt("hold.forget", func() squirrel.Sqlizer {
		return q.d.Update(tProcess).
			Set("failures", fixed{0}).
			Where(squirrel.Eq{"name": slot(0), "held_at": nil}).
			Where("failures > 0")
	}, process)
}

// holdHistory comes after a change of the hold that took effect.
func (q sql) holdHistory(process, actor, from, to, reason string) dialect.Stmt {
	return q.stmt("hold.history", func() squirrel.Sqlizer {
		return q.insertHold(squirrel.Select("p.id").
			Column(squirrel.Expr("?", slot(3))).Column(squirrel.Expr("?", slot(4))).
			Column(q.actorID(holdActor)).Column(squirrel.Expr("?", holdReason)).Column(q.d.Now()).
			From(q.as(tProcess, "p")).
			Where(squirrel.Eq{"p.name": holdProcess}))
	}, process, actor, reason, from, to)
}

// insertHold adds a change of a process's hold to the history. It names no run, which
// distinguishes it from a change of a run's status.
func (q sql) insertHold(from squirrel.SelectBuilder) squirrel.InsertBuilder {
	return squirrel.Insert(q.d.Table(tHistory)).
		Columns("process_id", "from_status", "to_status", "actor_id", "reason", "changed_at").Select(from)
}

// Hold puts a process on hold. It returns false if the process already was.
func (s *Store) Hold(ctx context.Context, process, actor, reason string) (bool, error) {
	return s.changeHold(ctx, s.hold(process, actor, reason), s.holdHistory(process, actor, released, held, reason), actor)
}

// HoldFailing puts a process on hold that has failed that often in a row.
func (s *Store) HoldFailing(ctx context.Context, process, actor, reason string, failures int64) (bool, error) {
	return s.changeHold(ctx, s.holdFailing(process, actor, reason, failures), s.holdHistory(process, actor, released, held, reason), actor)
}

// Release ends a hold, or resets failures that would lead to one, and reports whether
// there was either.
func (s *Store) Release(ctx context.Context, process, actor, reason string) (bool, error) {
	for _, step := range []struct {
		change dialect.Stmt
		from   string
	}{
		{s.release(process), held},
		{s.forget(process), released},
		{s.release(process), held}, // a start may have put it on hold in between, for the same failures
	} {
		changed, err := s.changeHold(ctx, step.change, s.holdHistory(process, actor, step.from, released, reason), actor)
		if err != nil || changed {
			return changed, err
		}
	}
	return false, nil
}

func (s *Store) changeHold(ctx context.Context, change, history dialect.Stmt, actor string) (changed bool, err error) {
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		if err := inOrder(ctx, c, []*dialect.Step{s.known(), exec(s.names(tActor, actor, actor))}); err != nil {
			return err
		}
		n, err := c.Exec(ctx, change)
		if changed = n == 1; err != nil || !changed {
			return err
		}
		_, err = c.Exec(ctx, history)
		return err
	}})
	return changed, err
}

func (q sql) processKnown(process string) dialect.Stmt {
	return q.stmt("process.known", func() squirrel.Sqlizer { return q.processID(slot(0)) }, process)
}

// ProcessKnown reports whether there is a process of that name.
func (s *Store) ProcessKnown(ctx context.Context, process string) (known bool, err error) {
	err = s.query(ctx, s.processKnown(process), func(dialect.Row) error {
		known = true
		return nil
	})
	return known, err
}
