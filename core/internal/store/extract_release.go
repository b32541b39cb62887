package store

import (
	"context"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Release says what to do with extracts that are loading although no active run holds
// them.
type Release struct {
	Extracts []int64
	To       ExtractStatus // 0: their previous statuses
	Actor    string
	Reason   string
}

// backTo is an expression for an extract's new status. Its argument is the requested
// status, or 0; prefix names its table.
func backTo(prefix string) string {
	return fmt.Sprintf("coalesce(nullif(?, 0), %sclaim_return_id, %d)", prefix, Ready)
}

// lockUnheld locks the given extracts that are loading and held by no active run, and
// reads which run left each of them loading.
func (q sql) lockUnheld(json *rowSet) dialect.Stmt {
	return q.stmt("release.lock", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tExtract, "e", false)
		return locking(q.fromRows(squirrel.Select("e.id", "coalesce(e.claimed_by, 0)"), slot(0), integer("id")).
			JoinClause(q.d.Each(tExtract, from, "e", same("id", "r.id").All)).
			Where(squirrel.Eq{"e.status_id": fixed{int64(Loading)}}).Where(q.unheld("e.claimed_by")).
			OrderBy("e.id").Suffix(lock))
	}, json)
}

// releaseHistory names the run that left the extracts loading, or else the process that
// registered them.
func (q sql) releaseHistory(r Release, by int64, json *rowSet) dialect.Stmt {
	return q.stmt("release.history", func() squirrel.Sqlizer {
		holder := squirrel.Select("holder.process_id").From(q.as(tRun, "holder")).Where("holder.id = e.claimed_by")
		columns := squirrel.Select("e.claimed_by", "e.id", "old.name", "new.name", "a.id").
			Column(squirrel.Expr("coalesce((?), e.process_id)", holder)).Column(squirrel.Expr("?", slot(1))).Column(q.d.Now())
		from := q.fromRows(columns, slot(0), integer("id")).
			JoinClause(q.each(tExtract, "e", "id", "r.id")).
			Join(q.as(tExtractStatus, "old")+" ON old.id = e.status_id").
			Join(q.as(tExtractStatus, "new")+" ON new.id = "+backTo("e."), slot(2)).
			Join(q.as(tActor, "a")+" ON a.id = ?", slot(3)).
			OrderBy("e.id")
		return squirrel.Insert(q.d.Table(tHistory)).
			Columns("run_id", "extract_id", "from_status", "to_status", "actor_id", "process_id", "reason", "changed_at").Select(from)
	}, json, given(r.Reason), int64(r.To), by)
}

func (q sql) releaseLinks(r Release, run int64, json *rowSet) dialect.Stmt {
	return q.stmt("release.links", func() squirrel.Sqlizer {
		back := squirrel.Select().Column(backTo("e."), slot(1)).From(q.seek(tExtract, "e")).Where("e.id = extract_id") //nolint:unqueryvet // its columns follow
		return q.updateInKey(tRunExtract, q.d.Update(tRunExtract).
			Set("status_id", squirrel.Expr("(?)", back)).
			Set("status_changed_at", squirrel.Expr(q.d.Now())), squirrel.Eq{"run_id": slot(2)}, "extract_id", q.fromRows(squirrel.Select("r.id"), slot(0), integer("id")))
	}, json, int64(r.To), run)
}

func (q sql) releaseExtracts(r Release, json *rowSet) dialect.Stmt {
	return q.stmt("release.extracts", func() squirrel.Sqlizer {
		return q.updateIn(tExtract, q.d.Update(tExtract).
			Set("status_id", squirrel.Expr(backTo(""), slot(1))).
			Set("status_changed_at", squirrel.Expr(q.d.Now())).
			Set("claimed_by", fixed{nil}).
			Set("claim_return_id", fixed{nil}), "id", q.fromRows(squirrel.Select("r.id"), slot(0), integer("id")))
	}, json, int64(r.To))
}

func (q sql) extractsByID(json *rowSet) dialect.Stmt {
	return q.stmt("release.read", func() squirrel.Sqlizer {
		query := q.fromRows(squirrel.Select(q.extractColumns()...), slot(0), integer("id")).JoinClause(q.seekEach(tExtract, "e", "id", "r.id"))
		return q.joinExtract(query).OrderBy("e.registered_at", "e.id")
	}, json)
}

// ReleaseExtracts changes the status of the given extracts that are loading although no
// active run holds them, and returns them as they are afterwards.
func (s *Store) ReleaseExtracts(ctx context.Context, r Release) ([]Extract, error) {
	var all []Extract
	err := s.run(ctx, work{in: func(c dialect.Conn) error {
		all = nil
		var ids []int64
		by := int64(0)
		left := map[int64][]int64{} // the extracts by run
		err := inOrder(ctx, c, []*dialect.Step{
			s.known(),
			exec(s.names(tActor, r.Actor, r.Actor)),
			s.actor(r.Actor, &by),
			read(s.lockUnheld(rows(idRows(r.Extracts))), func(row dialect.Row) error {
				var id, run int64
				err := row.Scan(&id, &run)
				ids, left[run] = append(ids, id), append(left[run], id)
				return err
			}),
		})
		if err == nil && by == 0 {
			err = errUnsettled
		}
		if err != nil || len(ids) == 0 {
			return err
		}
		json := rows(idRows(ids))
		steps := []*dialect.Step{exec(s.releaseHistory(r, by, json))}
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
	}, settle: true})
	return all, err
}
