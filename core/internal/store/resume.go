package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func (q sql) resume(run int64) dialect.Stmt {
	return q.stmt("run.resume", squirrel.Select(runColumns...).Columns("run.token_digest", "lease.run_id").
		From(q.as(tRun, "run")).
		Join(q.as(tProcess, "p")+" ON p.id = run.process_id").
		Join(q.as(tRunStatus, "s")+" ON s.id = run.status_id").
		Join(q.as(tActor, "actor")+" ON actor.id = run.actor_id").
		LeftJoin(q.as(tRunLease, "lease")+" ON lease.run_id = run.id").
		Where(squirrel.Eq{"run.id": run}))
}

// Resume returns a run with the digest of its token, and whether it has a lease, or
// [ErrUnknown].
func (s *Store) Resume(ctx context.Context, id int64) (run Run, digest string, leased bool, err error) {
	var lease *int64
	err = s.query(ctx, s.resume(id), func(r dialect.Row) error { return run.scan(r, &digest, &lease) })
	if err == nil && run.ID == 0 {
		err = ErrUnknown
	}
	return run, digest, lease != nil, err
}
