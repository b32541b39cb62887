package store

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func (q sql) resume(run int64) dialect.Stmt {
	return q.stmt("run.resume", func() squirrel.Sqlizer {
		return squirrel.Select(runColumns...).Columns(q.leaseColumns()...).Columns("run.token_digest", "lease.length_ms").
			From(q.as(tRun, "run")).
			Join(q.as(tProcess, "p") + " ON p.id = run.process_id").
			Join(q.as(tRunStatus, "s") + " ON s.id = run.status_id").
			Join(q.as(tActor, "actor") + " ON actor.id = run.actor_id").
			LeftJoin(q.as(tRunLease, "lease") + " ON lease.run_id = run.id").
			Where(squirrel.Eq{"run.id": slot(0)})
	}, run)
}

// Resume returns a run with the digest of its token and the length of its lease, 0 if it has
// none, or [ErrUnknown].
func (s *Store) Resume(ctx context.Context, id int64) (run Run, digest string, lease time.Duration, err error) {
	var ms *int64
	err = s.query(ctx, s.resume(id), func(r dialect.Row) error { return run.scanLeased(r, &digest, &ms) })
	if err == nil && run.ID == 0 {
		err = ErrUnknown
	}
	if ms != nil {
		lease = time.Duration(*ms) * time.Millisecond
	}
	return run, digest, lease, err
}
