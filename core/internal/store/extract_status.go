package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

type idRow struct {
	ID int64 `json:"id"`
}

// idRows are the ids in ascending order. All callers lock the rows in this order, so
// that they wait for each other instead of deadlocking.
func idRows(ids []int64) []idRow {
	items := make([]idRow, len(ids))
	for i, id := range slices.Sorted(slices.Values(ids)) {
		items[i].ID = id
	}
	return items
}

// chosen are the rows of the ids, which are the single one of a statement if there is one.
func chosen(ids ...int64) *rowSet {
	set := rows(idRows(ids))
	if len(ids) == 1 {
		set.single, set.id = true, ids[0]
	}
	return set
}

// about is stmt for a statement about extracts. If there is a single one, the text has its
// id as an argument where it has the carried rows otherwise: these cost more than all the
// rest of such a statement.
func (q sql) about(name string, json *rowSet, build func(one bool) squirrel.Sqlizer, values ...any) dialect.Stmt {
	for i, v := range values {
		if set, ok := v.(*rowSet); ok && set.single {
			values[i] = set.id
		}
	}
	return q.formed(name, flags(json.single), func() squirrel.Sqlizer { return build(json.single) }, values...)
}

// lockExtracts locks the extracts in the order of their ids, which is their order in the
// argument.
func (q sql) lockExtracts(json *rowSet) dialect.Stmt {
	return q.about("extract.lock", json, func(one bool) squirrel.Sqlizer {
		from, lock := q.d.Lock(tExtract, "e", false)
		if one {
			return locking(squirrel.Select("e.id", "e.status_id").From(from).Where(squirrel.Eq{"e.id": slot(0)}).Suffix(lock))
		}
		return locking(q.fromRows(squirrel.Select("e.id", "e.status_id"), slot(0), integer("id")).
			JoinClause(q.d.Each(tExtract, from, "e", same("id", "r.id").All)).OrderBy("e.id").Suffix(lock))
	}, json)
}

// moveHistory runs before the change, while the old status is still stored.
func (q sql) moveHistory(run RunRef, json *rowSet, to ExtractStatus) dialect.Stmt {
	return q.about("extract.move_history", json, func(one bool) squirrel.Sqlizer {
		from := q.moveHistoryRows(one, afterRun, afterRun+1).Where("old.id <> new.id")
		if !one {
			from = from.OrderBy("e.id")
		}
		return squirrel.Insert(q.d.Table(tHistory)).
			Columns(moveHistoryColumns()...).Select(from)
	}, run.with(json, int64(to))...)
}

// moveHistoryRows selects the rows of moveHistoryColumns for a change to a status.
func (q sql) moveHistoryRows(one bool, json slot, to any) squirrel.SelectBuilder {
	return q.fromIDs(one, json, "run.process_id", "run.id", "e.id", "old.name", "new.name", "run.actor_id", q.d.Now()).
		Join(q.as(tExtractStatus, "old")+" ON old.id = e.status_id").
		Join(q.as(tExtractStatus, "new")+" ON new.id = ?", to)
}

func (q sql) fromIDs(one bool, json slot, columns ...string) squirrel.SelectBuilder {
	if one {
		return squirrel.Select(columns...).From(q.seek(tExtract, "e")).
			Join(q.seek(tRun, "run")+" ON run.id = ?", runID).
			Where(squirrel.Eq{"e.id": json}).
			Where(ofRun())
	}
	return q.fromRows(squirrel.Select(columns...), json, integer("id")).
		JoinClause(q.each(tExtract, "e", "id", "r.id")).
		Join(q.as(tRun, "run")+" ON run.id = ?", runID).
		Where(q.writable())
}

// writable is the condition that the run is active and the token its own. A transaction
// that changes an extract has locked the run before, but each statement repeats the
// condition: statements that are sent together are on their way before the program has
// seen the run's state.
func (q sql) writable() squirrel.Sqlizer {
	return squirrel.Expr("EXISTS (?)", squirrel.Select("1").From(q.seek(tRun, "own")).
		Where(squirrel.Eq{"own.id": runID, "own.token_digest": runDigest, "own.ended_at": nil}))
}

// moveExtracts also clears the claims of the extracts: they are no longer being loaded.
func (q sql) moveExtracts(run RunRef, json *rowSet, to ExtractStatus) dialect.Stmt {
	return q.about("extract.move", json, func(one bool) squirrel.Sqlizer {
		return q.updateChosen(one, tExtract, q.d.Update(tExtract).
			Set("status_id", afterRun+1).
			Set("status_changed_at", squirrel.Expr(q.d.Now())).
			Set("claimed_by", fixed{nil}).
			Set("claim_return_id", fixed{nil}).
			Where(squirrel.NotEq{"status_id": afterRun + 1}).
			Where(q.writable()), nil, "id")
	}, run.with(json, int64(to))...)
}

// Moving an extract to loading by its name claims it; it gets its previous status back
// if the run fails (rule S5.11). The status comes last, because on MySQL each
// assignment sees the effect of those before it.
func (q sql) moveToLoading(run RunRef, json *rowSet) dialect.Stmt {
	return q.about("extract.load", json, func(one bool) squirrel.Sqlizer {
		return q.updateChosen(one, tExtract, q.d.Update(tExtract).
			Set("claim_return_id", squirrel.Expr("status_id")).
			Set("claimed_by", runID).
			Set("status_changed_at", squirrel.Expr(q.d.Now())).
			Set("status_id", fixed{int64(Loading)}).
			Where(squirrel.NotEq{"status_id": fixed{int64(Loading)}}), nil, "id")
	}, run.with(json)...)
}

// takeOver claims extracts that are already loading although no active run holds them,
// because a completed run left them so.
func (q sql) takeOver(run RunRef, json *rowSet) dialect.Stmt {
	return q.about("extract.take_over", json, func(one bool) squirrel.Sqlizer {
		return q.updateChosen(one, tExtract, q.d.Update(tExtract).
			Set("claim_return_id", squirrel.Expr(goesBackTo)).
			Set("claimed_by", runID).
			Where(byTheWay("status_id", fixed{int64(Loading)})).
			Where(q.unheld("claimed_by")), nil, "id")
	}, run.with(json)...)
}

// byTheWay is the condition that a column has a value, written so that the database uses
// no index for it: other keys already find the rows.
func byTheWay(column string, value any) squirrel.Sqlizer {
	return squirrel.Expr(column+" + 0 = ?", value)
}

// goesBackTo is the status of an extract that is no longer being loaded: the one that
// its claim says, or ready.
var goesBackTo = fmt.Sprintf("coalesce(claim_return_id, %d)", Ready)

// unheld is the condition that the run in the column is not active, or that there is none.
func (q sql) unheld(column string) squirrel.Sqlizer {
	return squirrel.Expr("NOT EXISTS (?)", squirrel.Select("1").From(q.seek(tRun, "holder")).
		Where("holder.id = "+column).Where(squirrel.Eq{"holder.ended_at": nil}))
}

func (q sql) linkMoved(run RunRef, json *rowSet) dialect.Stmt {
	return q.about("extract.link_moved", json, func(one bool) squirrel.Sqlizer {
		from := q.withClock(q.fromIDs(one, afterRun, "run.id", "e.id", "e.status_id", q.now(), q.now()))
		if !one {
			from = from.OrderBy("e.id")
		}
		return q.insertAbsent(tRunExtract, linkColumns(), from, same("run_id", "run.id", "extract_id", "e.id"))
	}, run.with(json)...)
}

// updateChosen is updateInKey for the extracts that follow the run's values.
func (q sql) updateChosen(one bool, table string, update squirrel.UpdateBuilder, key squirrel.Eq, column string) squirrel.Sqlizer {
	if one {
		if len(key) > 0 {
			update = update.Where(key)
		}
		return update.Where(squirrel.Eq{column: afterRun})
	}
	return q.updateInKey(table, update, key, column, q.fromRows(squirrel.Select("r.id"), afterRun, integer("id")))
}

func (q sql) moveLinks(run RunRef, json *rowSet, to ExtractStatus) dialect.Stmt {
	return q.about("extract.move_links", json, func(one bool) squirrel.Sqlizer {
		return q.updateChosen(one, tRunExtract, q.d.Update(tRunExtract).
			Set("status_id", afterRun+1).
			Set("status_changed_at", squirrel.Expr(q.d.Now())).
			Where(squirrel.NotEq{"status_id": afterRun + 1}).
			Where(q.writable()), squirrel.Eq{"run_id": runID}, "extract_id")
	}, run.with(json, int64(to))...)
}

// unloadedOutside reads the parents that have to be loaded before the extracts. If the
// rows were divided among several statements, each statement treats the extracts of the
// others as outside, and two may find the same parent.
func (s *Store) unloadedOutside(ids []int64, json *rowSet, parents *[]Extract) *dialect.Step {
	sorted := slices.Sorted(slices.Values(ids))
	seen := map[int64]bool{}
	return read(s.parentsOutside(json), func(r dialect.Row) error {
		var e Extract
		err := e.scan(r)
		if _, inside := slices.BinarySearch(sorted, e.ID); !inside && !seen[e.ID] {
			seen[e.ID] = true
			*parents = append(*parents, e)
		}
		return err
	})
}

// Move is the result of a change of extracts' statuses.
type Move struct {
	Missing int       // how many of the extracts do not exist
	Parents []Extract // that have to be loaded before
}

// MoveExtracts gives extracts another status, all or none, and links them to the run.
// If something blocks the change, it writes nothing.
func (s *Store) MoveExtracts(ctx context.Context, run RunRef, ids []int64, to ExtractStatus) (move Move, state RunState, err error) {
	if len(ids) == 1 && to != Loading {
		return s.moveOne(ctx, run, ids[0], to)
	}
	if len(ids) == 1 && s.loadsAtOnce() {
		moved, state, err := s.loadOne(ctx, run, ids[0])
		if moved || err != nil || !state.Changed {
			return Move{}, state, err
		}
	}
	json := chosen(ids...)
	loading := false
	first := func() []*dialect.Step {
		move, loading = Move{Missing: len(ids)}, false
		steps := []*dialect.Step{read(s.lockExtracts(json), func(r dialect.Row) error {
			var id, status int64
			err := r.Scan(&id, &status)
			move.Missing, loading = move.Missing-1, loading || ExtractStatus(status) == Loading
			return err
		})}
		if to == Loading {
			steps = append(steps, s.unloadedOutside(ids, json, &move.Parents))
		}
		return steps
	}
	state, err = s.whileActive(ctx, run, first, func(c dialect.Conn) error {
		if move.Missing > 0 || len(move.Parents) > 0 {
			return errUndo
		}
		return finish(ctx, c, s.moveSteps(run, json, to, loading))
	})
	return move, state, err
}

// moveSteps change the status. loading says that some of the extracts are loading.
func (s *Store) moveSteps(run RunRef, json *rowSet, to ExtractStatus, loading bool) []*dialect.Step {
	steps := []*dialect.Step{act(s.moveHistory(run, json, to))}
	switch {
	case to != Loading:
		steps = append(steps, act(s.moveExtracts(run, json, to)))
	case loading:
		steps = append(steps, act(s.takeOver(run, json)), act(s.moveToLoading(run, json)))
	default:
		steps = append(steps, act(s.moveToLoading(run, json)))
	}
	return append(steps, act(s.linkMoved(run, json)), act(s.moveLinks(run, json, to)))
}
