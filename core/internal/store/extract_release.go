package store

import (
	"context"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Release says what becomes of extracts that are loading, though no active run holds
// them.
type Release struct {
	Extracts []int64
	To       ExtractStatus // 0: what they were before
	Actor    string
	Reason   string
}

// backTo is an expression for the status that an extract gets, with the status that was
// asked for, or 0, as its argument; prefix names its table.
func backTo(prefix string) string {
	return fmt.Sprintf("coalesce(nullif(?, 0), %sclaim_return_id, %d)", prefix, Ready)
}

// lockUnheld locks those of the extracts that are loading and held by no active run,
// and reads which run has left them so.
func (q sql) lockUnheld(json *rowSet) dialect.Stmt {
	from, lock := q.d.Lock(tExtract, "e", false)
	return q.stmt("release.lock", q.fromRows(squirrel.Select("e.id", "coalesce(e.claimed_by, 0)"), json, "id").
		JoinClause(q.then(from)+" ON e.id = r.id").
		Where(squirrel.Eq{"e.status_id": int64(Loading)}).Where(q.unheld("e.claimed_by")).
		OrderBy("e.id").Suffix(lock))
}

// releaseHistory names the run that has left the extracts, or else the process that
// registered them.
func (q sql) releaseHistory(r Release, json *rowSet) dialect.Stmt {
	from := q.fromRows(squirrel.Select("coalesce(holder.process_id, e.process_id)", "e.claimed_by", "e.id", "old.name", "new.name", "actor.id"), json, "id").
		Column(squirrel.Expr("?", optionalText(r.Reason))).Column(q.d.Now()).
		JoinClause(q.then(q.as(tExtract, "e"))+" ON e.id = r.id").
		Join(q.as(tExtractStatus, "old")+" ON old.id = e.status_id").
		Join(q.as(tExtractStatus, "new")+" ON new.id = "+backTo("e."), int64(r.To)).
		Join(q.as(tActor, "actor")+" ON actor.name = ?", r.Actor).
		LeftJoin(q.as(tRun, "holder") + " ON holder.id = e.claimed_by").
		OrderBy("e.id")
	return q.stmt("release.history", squirrel.Insert(q.d.Table(tHistory)).
		Columns("process_id", "run_id", "extract_id", "from_status", "to_status", "actor_id", "reason", "changed_at").Select(from))
}

func (q sql) releaseLinks(r Release, run int64, json *rowSet) dialect.Stmt {
	back := squirrel.Select().Column(backTo("e."), int64(r.To)).From(q.seek(tExtract, "e")).Where("e.id = extract_id")
	return q.stmt("release.links", q.d.UpdateIn(tRunExtract, squirrel.Update(q.d.Table(tRunExtract)).
		Set("status_id", squirrel.Expr("(?)", back)).
		Set("status_changed_at", squirrel.Expr(q.d.Now())).
		Where(squirrel.Eq{"run_id": run}), "extract_id", q.fromRows(squirrel.Select("r.id"), json, "id")))
}

func (q sql) releaseExtracts(r Release, json *rowSet) dialect.Stmt {
	return q.stmt("release.extracts", q.d.UpdateIn(tExtract, squirrel.Update(q.d.Table(tExtract)).
		Set("status_id", squirrel.Expr(backTo(""), int64(r.To))).
		Set("status_changed_at", squirrel.Expr(q.d.Now())).
		Set("claimed_by", nil).
		Set("claim_return_id", nil), "id", q.fromRows(squirrel.Select("r.id"), json, "id")))
}

func (q sql) extractsByID(json *rowSet) dialect.Stmt {
	query := q.fromRows(squirrel.Select(extractColumns...), json, "id").JoinClause(q.then(q.seek(tExtract, "e")) + " ON e.id = r.id")
	return q.stmt("release.read", q.joinExtract(query).OrderBy("e.registered_at", "e.id"))
}

// ReleaseExtracts gives those of the extracts another status that are loading, though
// no active run holds them, and returns them as they are then.
func (s *Store) ReleaseExtracts(ctx context.Context, r Release) ([]Extract, error) {
	var all []Extract
	err := s.settled(ctx, func(c dialect.Conn) error {
		all = nil
		var ids []int64
		left := map[int64][]int64{} // by which run, which extracts
		err := inOrder(ctx, c, []*dialect.Step{
			s.known(),
			exec(s.names(tActor, r.Actor, r.Actor)),
			read(s.lockUnheld(rows(idRows(r.Extracts))), func(row dialect.Row) error {
				var id, run int64
				err := row.Scan(&id, &run)
				ids, left[run] = append(ids, id), append(left[run], id)
				return err
			}),
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		json := rows(idRows(ids))
		steps := []*dialect.Step{exec(s.releaseHistory(r, json))}
		for run, extracts := range left {
			if run != 0 {
				steps = append(steps, exec(s.releaseLinks(r, run, rows(idRows(extracts)))))
			}
		}
		return inOrder(ctx, c, append(steps, exec(s.releaseExtracts(r, json)), read(s.extractsByID(json), func(row dialect.Row) error {
			var e Extract
			err := e.scan(row)
			all = append(all, e)
			return err
		})))
	})
	return all, err
}
