package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A lockedProcess is what a change of a process by its name depends on. Its row is locked
// until the end of the transaction, so it stays as it is, and keeps its name.
type lockedProcess struct {
	id           int64
	held, active bool
	failures     int64
	maxFailures  *int64 // nil: the trackers' setting
	watermark    dialect.Time
	by           int64 // the actor that changes it
}

// lockNamed reads a process by its name, and locks its row.
func (q sql) lockNamed(process string) dialect.Stmt {
	return q.stmt("process.lock_named", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tProcess, "p", false)
		return locking(squirrel.Select("p.id", "p.held_at", "p.active", "p.failures", "p.max_failures", "p.watermark").From(from).
			Where(squirrel.Eq{"p.name": slot(0)}).Suffix(lock))
	}, process)
}

func (p *lockedProcess) scan(r dialect.Row) error {
	var heldAt dialect.Time
	err := r.Scan(&p.id, &heldAt, &p.active, &p.failures, &p.maxFailures, &p.watermark)
	p.held = !heldAt.IsZero()
	return err
}

// changeProcess makes the changes that changes asks for after a look at the process, whose
// row is locked. An update by name, and a look at the process if it changed nothing, would
// not do: another caller may have registered the process in between. If there is no such
// process, the error is [ErrUnknown].
func (s *Store) changeProcess(ctx context.Context, process, actor string, changes func(lockedProcess) []*dialect.Step) error {
	return s.run(ctx, work{in: func(c dialect.Conn) error {
		var p lockedProcess
		err := inOrder(ctx, c, []*dialect.Step{
			s.known(), exec(s.names(tActor, actor, actor)), s.actor(actor, &p.by), read(s.lockNamed(process), p.scan),
		})
		switch {
		case err != nil:
			return err
		case p.id == 0:
			return ErrUnknown
		case p.by == 0:
			return errUnsettled
		}
		if steps := changes(p); len(steps) > 0 {
			return finish(ctx, c, steps)
		}
		return nil
	}, settle: true})
}

func (q sql) setMaxFailures(process, by int64, n *int64) dialect.Stmt {
	return q.stmt("process.set_max_failures", func() squirrel.Sqlizer {
		return q.d.Update(tProcess).
			Set("max_failures", slot(2)).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", slot(1)).
			Where(squirrel.Eq{"id": slot(0)})
	}, process, by, n)
}

// SetMaxFailures sets how many failures in a row put a process on hold; nil means the
// trackers' setting. If there is no such process, the error is [ErrUnknown].
func (s *Store) SetMaxFailures(ctx context.Context, process, actor string, n *int64) error {
	return s.changeProcess(ctx, process, actor, func(p lockedProcess) []*dialect.Step {
		if equal(p.maxFailures, n) {
			return nil
		}
		return []*dialect.Step{act(s.setMaxFailures(p.id, p.by, n))}
	})
}
