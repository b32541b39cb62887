package store

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// movedWatermark marks a watermark in the history that was set by hand. Its times have their own columns.
const movedWatermark = "watermark"

func (q sql) setWatermark(process int64, to time.Time) dialect.Stmt {
	return q.stmt("watermark.set", func() squirrel.Sqlizer {
		return q.d.Update(tProcess).
			Set("watermark", slot(1)).
			Where(squirrel.Eq{"id": slot(0)})
	}, process, q.perhaps(to))
}

func (q sql) watermarkHistory(process, by int64, from, to time.Time, reason string) dialect.Stmt {
	return q.stmt("watermark.history", func() squirrel.Sqlizer {
		return squirrel.Insert(q.d.Table(tHistory)).
			Columns("process_id", "to_status", "actor_id", "reason", "from_at", "to_at", "changed_at").
			Values(slot(0), fixed{movedWatermark}, slot(1), slot(2), slot(3), slot(4), squirrel.Expr(q.d.Now()))
	}, process, by, reason, q.perhaps(from), q.perhaps(to))
}

// perhaps is the argument for a time that is NULL if it is zero.
func (q sql) perhaps(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return q.d.Time(at)
}

// SetWatermark moves a process's watermark, or removes it if the time is zero, and
// records the change in the history. If the process does not exist, the error is
// [ErrUnknown].
func (s *Store) SetWatermark(ctx context.Context, process, actor, reason string, to time.Time) error {
	return s.changeProcess(ctx, process, actor, func(p lockedProcess) []*dialect.Step {
		if p.watermark.Equal(to.Truncate(time.Microsecond)) {
			return nil // perhaps already set by an earlier attempt
		}
		return []*dialect.Step{act(s.setWatermark(p.id, to)), act(s.watermarkHistory(p.id, p.by, p.watermark.Time, to, reason))}
	})
}
