package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Where no statement changes all tables, one extract is set to loading by several that are
// sent together, and its parents may change between two of them. So only the first looks at
// the parents: it reserves the extract, which means that it claims it and leaves its status.
// Nothing else leaves an extract so, because only extracts that are loading are claimed. The
// statements that follow do nothing unless the extract is reserved, and the last one ends
// that.

// reserved is the condition that the run has reserved the extract, whose columns have that prefix.
func reserved(prefix string) squirrel.Sqlizer {
	return squirrel.And{
		squirrel.Eq{prefix + "claimed_by": runID},
		squirrel.NotEq{prefix + "status_id": fixed{int64(Loading)}},
	}
}

// reserve follows a lock of the extract: the parents are read after the wait for it.
func (q sql) reserve(run RunRef, id int64) dialect.Stmt {
	return q.stmt("extract.reserve", func() squirrel.Sqlizer {
		return q.d.Update(tExtract).
			Set("claimed_by", runID).
			Where(squirrel.Eq{"id": moveExtract}).
			Where(squirrel.NotEq{"status_id": fixed{int64(Loading)}}).
			Where(none(q.unloadedOf(squirrel.Eq{"ed.child_id": moveExtract}, "ed.parent_id"))).
			Where(q.writable())
	}, run.with(id)...)
}

func (q sql) reservedHistory(run RunRef, id int64) dialect.Stmt {
	return q.stmt("extract.reserved_history", func() squirrel.Sqlizer {
		from := q.moveHistoryRows(true, moveExtract, fixed{int64(Loading)}).Where(reserved("e."))
		return squirrel.Insert(q.d.Table(tHistory)).Columns(moveHistoryColumns()...).Select(from)
	}, run.with(id)...)
}

func (q sql) linkReserved(run RunRef, id int64) dialect.Stmt {
	return q.stmt("extract.link_reserved", func() squirrel.Sqlizer {
		from := q.withClock(q.fromIDs(true, moveExtract, "run.id", "e.id", "s.id", q.now(), q.now())).
			Join(q.as(tExtractStatus, "s")+" ON s.id = ?", fixed{int64(Loading)}).
			Where(reserved("e."))
		return q.insertAbsent(tRunExtract, linkColumns(), from, same("run_id", "run.id", "extract_id", "e.id"))
	}, run.with(id)...)
}

func (q sql) moveReservedLink(run RunRef, id int64) dialect.Stmt {
	return q.stmt("extract.move_reserved_link", func() squirrel.Sqlizer {
		return q.d.Update(tRunExtract).
			Set("status_id", fixed{int64(Loading)}).
			Set("status_changed_at", squirrel.Expr(q.d.Now())).
			Where(squirrel.Eq{"run_id": runID, "extract_id": moveExtract}).
			Where(squirrel.NotEq{"status_id": fixed{int64(Loading)}}).
			Where(squirrel.Expr("EXISTS (?)", squirrel.Select("1").From(q.seek(tExtract, "e")).
				Where(squirrel.Eq{"e.id": moveExtract}).Where(reserved("e."))))
	}, run.with(id)...)
}

// loadReserved sets the status last, as moveToLoading does.
func (q sql) loadReserved(run RunRef, id int64) dialect.Stmt {
	return q.stmt("extract.load_reserved", func() squirrel.Sqlizer {
		return q.d.Update(tExtract).
			Set("claim_return_id", squirrel.Expr("status_id")).
			Set("status_changed_at", squirrel.Expr(q.d.Now())).
			Set("status_id", fixed{int64(Loading)}).
			Where(squirrel.Eq{"id": moveExtract}).
			Where(reserved(""))
	}, run.with(id)...)
}

// loadsAtOnce reports whether loadOne may be used. In a caller's transaction with a stricter
// isolation level, an update may lock the rows that it only reads, and so wait for a
// transaction that changes a parent.
func (s *Store) loadsAtOnce() bool {
	_, ok := s.d.(dialect.Returner)
	return ok || s.joined == nil
}

// loadOne is MoveExtracts to loading for one extract that exists, is not loading and waits
// for no parent. All statements are sent together; if the extract is another one, they do
// nothing, and moved is false.
func (s *Store) loadOne(ctx context.Context, run RunRef, id int64) (moved bool, state RunState, err error) {
	last := new(dialect.Step)
	state, err = s.ifActive(ctx, run, func() []*dialect.Step {
		moved = false
		if r, ok := s.d.(dialect.Returner); ok {
			last = read(s.moveWhole(r, run, id, Loading), func(dialect.Row) error { moved = true; return nil })
			return []*dialect.Step{last}
		}
		last = exec(s.loadReserved(run, id))
		return []*dialect.Step{
			read(s.lockExtracts(chosen(id)), func(dialect.Row) error { return nil }),
			act(s.reserve(run, id)), act(s.reservedHistory(run, id)), act(s.linkReserved(run, id)), act(s.moveReservedLink(run, id)), last,
		}
	})
	return moved || last.Affected == 1, state, err
}
