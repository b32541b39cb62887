package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// The values of the statements about one extract that changes its status.
const (
	moveExtract slot = afterRun + iota
	moveTo
)

// moveOne is MoveExtracts for one extract without parents. Nothing has to be read first,
// because the statements do nothing if the extract does not exist: all of them are sent
// together.
func (s *Store) moveOne(ctx context.Context, run RunRef, id int64, to ExtractStatus) (move Move, state RunState, err error) {
	json := chosen(id)
	state, err = s.ifActive(ctx, run, func() []*dialect.Step {
		move = Move{Missing: 1}
		count := func(dialect.Row) error { move.Missing--; return nil }
		if r, ok := s.d.(dialect.Returner); ok {
			return []*dialect.Step{read(s.moveWhole(r, run, id, to), count)}
		}
		return append([]*dialect.Step{read(s.lockExtracts(json), count)}, s.moveSteps(run, json, to, false)...)
	})
	return move, state, err
}

// moveWhole does in one statement what lockExtracts and moveSteps do: the lock shows the
// extract as it is, and what follows uses nothing else of it. It returns a row if there
// is such an extract; one that is to be loading also has to wait for no parent, and not
// be loading.
func (q sql) moveWhole(r dialect.Returner, run RunRef, id int64, to ExtractStatus) dialect.Stmt {
	name := "extract.move_whole"
	if to == Loading {
		name = "extract.load_whole"
	}
	return q.stmt(name, func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tExtract, "e", false)
		locked := squirrel.Select("e.id", "e.status_id").From(from).
			Where(squirrel.Eq{"e.id": moveExtract}).Where(q.writable())
		claimedBy, back := any(fixed{nil}), any(fixed{nil})
		if to == Loading {
			locked = locked.Where(squirrel.NotEq{"e.status_id": fixed{int64(Loading)}}).Where(q.rowByRow(q.unloadedParents()))
			claimedBy, back = runID, squirrel.Expr("at.status_id")
		}
		table, link := q.d.Table(tExtract), q.d.Table(tRunExtract)
		parts := []dialect.CombinedPart{
			{Name: "e", Sqlizer: locked.Suffix(lock)},
			{Name: "at", Sqlizer: squirrel.Select("e.id", "e.status_id", q.d.Now()+" AS now").From("e")},
			{Name: "moved", Sqlizer: q.d.Update(tExtract).
				Set("status_id", moveTo).
				Set("status_changed_at", squirrel.Expr("at.now")).
				Set("claimed_by", claimedBy).
				Set("claim_return_id", back).
				From("at").Where(table + ".id = at.id").Where(squirrel.NotEq{"at.status_id": moveTo})},
			{Name: "linked", Sqlizer: squirrel.Insert(link).Columns(linkColumns()...).
				Select(squirrel.Select("run.id", "at.id", "s.id", "at.now", "at.now").From("at").
					Join(q.seek(tRun, "run")+" ON run.id = ?", runID).Join(q.as(tExtractStatus, "s")+" ON s.id = ?", moveTo)).
				Suffix("ON CONFLICT (run_id, extract_id) DO UPDATE SET status_id = excluded.status_id, status_changed_at = excluded.status_changed_at" +
					" WHERE run_extract.status_id <> excluded.status_id")},
			{Name: "history", Sqlizer: squirrel.Insert(q.d.Table(tHistory)).Columns(moveHistoryColumns()...).
				Select(squirrel.Select("run.process_id", "run.id", "at.id", "old.name", "new.name", "run.actor_id", "at.now").From("at").
					Join(q.seek(tRun, "run")+" ON run.id = ?", runID).
					Join(q.as(tExtractStatus, "old")+" ON old.id = at.status_id").
					Join(q.as(tExtractStatus, "new")+" ON new.id = ?", moveTo).
					Where("old.id <> new.id"))},
		}
		return facts{Sqlizer: r.Combine(parts, squirrel.Select("at.id").From("at")), kind: dialect.Insert}
	}, run.with(id, int64(to))...)
}

func moveHistoryColumns() []string {
	return []string{"process_id", "run_id", "extract_id", "from_status", "to_status", "actor_id", "changed_at"}
}
