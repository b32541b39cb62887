package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

type idRow struct {
	ID int64 `json:"id"`
}

// lockExtracts locks the extracts in the order of their ids, so that two bulk
// changes wait for each other instead of blocking each other.
func (q sql) lockExtracts(json string) dialect.Stmt {
	from, lock := q.d.Lock(tExtract, "e")
	ids := q.fromRows(squirrel.Select("r.id"), json, "id")
	return q.stmt("extract.lock", squirrel.Select("e.id").From(from).
		Where(squirrel.Expr("e.id IN (?)", ids)).OrderBy("e.id").Suffix(lock))
}

// moveHistory comes before the change, when the old status is still there.
func (q sql) moveHistory(run RunRef, json string, to ExtractStatus) dialect.Stmt {
	from := q.fromIDs(run, json, "run.process_id", "run.id", "e.id", "old.name", "new.name", "run.actor_id", q.d.Now()).
		Join(q.as(tExtractStatus, "old")+" ON old.id = e.status_id").
		Join(q.as(tExtractStatus, "new")+" ON new.id = ?", int64(to)).
		Where("old.id <> new.id").
		OrderBy("e.id")
	return q.stmt("extract.move_history", squirrel.Insert(q.d.Table(tHistory)).
		Columns("process_id", "run_id", "extract_id", "from_status", "to_status", "actor_id", "changed_at").Select(from))
}

func (q sql) fromIDs(run RunRef, json string, columns ...string) squirrel.SelectBuilder {
	return q.fromRows(squirrel.Select(columns...), json, "id").
		Join(q.as(tExtract, "e")+" ON e.id = r.id").
		Join(q.as(tRun, "run")+" ON run.id = ?", run.ID)
}

func (q sql) moveExtracts(json string, to ExtractStatus) dialect.Stmt {
	ids := q.fromRows(squirrel.Select("r.id"), json, "id")
	return q.stmt("extract.move", squirrel.Update(q.d.Table(tExtract)).
		Set("status_id", int64(to)).
		Set("status_changed_at", squirrel.Expr(q.d.Now())).
		Where(squirrel.Expr("id IN (?)", ids)).
		Where(squirrel.NotEq{"status_id": int64(to)}))
}

func (q sql) linkMoved(run RunRef, json string) dialect.Stmt {
	from := q.fromIDs(run, json, "run.id", "e.id", "e.status_id", q.d.Now(), q.d.Now()).OrderBy("e.id")
	return q.stmt("extract.link_moved", q.d.InsertAbsent(tRunExtract,
		[]string{"run_id", "extract_id", "status_id", "linked_at", "status_changed_at"}, from,
		"x.run_id = run.id AND x.extract_id = e.id"))
}

func (q sql) moveLinks(run RunRef, json string, to ExtractStatus) dialect.Stmt {
	ids := q.fromRows(squirrel.Select("r.id"), json, "id")
	return q.stmt("extract.move_links", squirrel.Update(q.d.Table(tRunExtract)).
		Set("status_id", int64(to)).
		Set("status_changed_at", squirrel.Expr(q.d.Now())).
		Where(squirrel.Eq{"run_id": run.ID}).
		Where(squirrel.Expr("extract_id IN (?)", ids)).
		Where(squirrel.NotEq{"status_id": int64(to)}))
}

// MoveExtracts gives extracts another status, all or none, and links them to the
// run. It returns how many of them exist; unless that is all, nothing was
// written.
func (s *Store) MoveExtracts(ctx context.Context, run RunRef, ids []int64, to ExtractStatus) (found int, state RunState, err error) {
	items := make([]idRow, len(ids))
	for i, id := range ids {
		items[i].ID = id
	}
	json := rows(items)
	state, err = s.whileActive(ctx, run, func(c dialect.Conn) error {
		found = 0
		count := func(dialect.Row) error { found++; return nil }
		if err := c.Query(ctx, s.lockExtracts(json), count); err != nil {
			return err
		}
		if found != len(ids) {
			return errUndo
		}
		return inOrder(ctx, c, []*dialect.Step{
			exec(s.moveHistory(run, json, to)),
			exec(s.moveExtracts(json, to)),
			exec(s.linkMoved(run, json)),
			exec(s.moveLinks(run, json, to)),
		})
	})
	return found, state, err
}
