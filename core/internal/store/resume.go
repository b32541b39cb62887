package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func (q sql) resume(run int64) dialect.Stmt {
	return q.stmt("run.resume", squirrel.Select(runColumns...).Columns("run.token").
		From(q.as(tRun, "run")).
		Join(q.as(tProcess, "p")+" ON p.id = run.process_id").
		Join(q.as(tRunStatus, "s")+" ON s.id = run.status_id").
		Join(q.as(tActor, "actor")+" ON actor.id = run.actor_id").
		Where(squirrel.Eq{"run.id": run}))
}

// Resume returns a run with its token, or [ErrUnknown].
func (s *Store) Resume(ctx context.Context, id int64) (run Run, token string, err error) {
	err = s.query(ctx, s.resume(id), func(r dialect.Row) error { return run.scan(r, &token) })
	if err == nil && run.ID == 0 {
		err = ErrUnknown
	}
	return run, token, err
}
