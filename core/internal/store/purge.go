package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Purge is a batch of a purge: what it may remove, and where it continues.
type Purge struct {
	Before time.Time // what ended, or was last changed, before then
	Named  bool      // also completed runs that have names
	// The batch before ended with this one.
	AfterTime time.Time
	AfterID   int64
	Limit     int64
	Dry       bool // only count
}

// Place is the place in the order of what is purged up to which a batch came: its id is
// 0 if there was nothing more.
type Place struct {
	At dialect.Time
	ID int64
}

// Purged is how many rows of each table a purge removed, or would remove.
type Purged map[string]int64

// child is a table whose rows belong to a row that is purged: its column has the
// id of that.
type child struct{ table, column string }

// What belongs to a run and to an extract, in the order in which it can go.
var (
	runChildren = []child{
		{tHistory, "run_id"}, {tRunError, "run_id"}, {tRunExtract, "run_id"}, {tRunSoft, "run_id"}, {tRunLease, "run_id"},
	}
	extractChildren = []child{
		{tHistory, "extract_id"}, {tRunExtract, "extract_id"}, {tExtractParents, "child_id"},
		{tExtract + "_system", "extract_id"}, {tExtract + "_object", "extract_id"},
	}
)

// oldRuns selects runs that have ended and that nothing needs any more: neither
// their process, whose latest run tells its state, nor an extract, which is found
// by the process that registered it, nor the promise that what has a name is done
// once. None of that comes back: a run that was selected may go at any time.
func (q sql) oldRuns(p Purge) dialect.Stmt {
	name := "purge.named_runs"
	if !p.Named {
		name = "purge.runs"
	}
	return q.conditional(name, 0, func(v []any) squirrel.Sqlizer {
		before, limit, afterTime, afterID := v[0], v[1], v[2], v[3]
		index := goingOn(afterID, "ended_at", "id")
		query := squirrel.Select("run.id", "run.ended_at").From(q.along(tRun, q.as(tRun, "run"), index)).
			JoinClause(q.each(tProcess, "p", "id", "run.process_id")).
			Where(squirrel.Lt{"run.ended_at": before}).
			Where("run.run_no <> p.latest_run_no")
		query = after(query, "run.ended_at", "run.id", afterTime, afterID)
		for _, column := range []string{"registered_by", "claimed_by"} {
			extracts := squirrel.Select("1").From(q.as(tExtract, "e")).Where("e."+column+" = run.id").OrderBy("e."+column, "e.id")
			query = query.Where(q.rowByRow(extracts))
		}
		if !p.Named {
			query = query.Where(squirrel.Or{squirrel.Eq{"run.name": nil}, squirrel.NotEq{"run.status_id": fixed{int64(Completed)}}})
		}
		return ordered(q.limit(query.OrderBy("run.ended_at", "run.id"), limit), index)
	}, q.d.Time(p.Before), limit(p.Limit), q.perhaps(p.AfterTime), given(p.AfterID))
}

// oldExtracts selects and locks extracts that no other one waits for. An extract that was
// last changed before that time was also registered before it, which bounds the scan of
// the index by status.
func (q sql) oldExtracts(p Purge, status ExtractStatus) dialect.Stmt {
	return q.conditional("purge.extracts", int64(status), func(v []any) squirrel.Sqlizer {
		before, limit, afterTime, afterID := v[0], v[1], v[2], v[3]
		index := []string{"status_id", "registered_at", "id"}
		from, lock := q.d.Lock(tExtract, "e", true, index...)
		children := squirrel.Select("1").From(q.as(tExtractParents, "ed")).Where("ed.parent_id = e.id").OrderBy("ed.parent_id", "ed.child_id")
		query := whereID(squirrel.Select("e.id", "e.registered_at", "e.location_id").From(from), "e.status_id", status).
			Where("CASE WHEN e.claimed_by IS NULL THEN 0 ELSE 1 END <> 1"). // nearly all: an index of claims is of no use
			Where(squirrel.Lt{"e.registered_at": before}).
			Where(squirrel.Lt{"e.status_changed_at": before}).
			Where(q.rowByRow(children)).
			OrderBy("e.registered_at", "e.id")
		query = after(query, "e.registered_at", "e.id", afterTime, afterID)
		return ordered(skipping(q.limitLocked(query, limit, lock)), goingOn(afterID, index...))
	}, q.d.Time(p.Before), limit(p.Limit), q.perhaps(p.AfterTime), given(p.AfterID))
}

func (q sql) purgeRows(c child, json *rowSet) dialect.Stmt {
	return q.stmt("purge.delete_"+c.table+"_by_"+c.column, func() squirrel.Sqlizer {
		return q.deleteIn(c.table, c.column, q.fromRows(squirrel.Select("r.id"), slot(0), integer("id")))
	}, json)
}

func (q sql) purgeCount(c child, json *rowSet) dialect.Stmt {
	return q.stmt("purge.count_"+c.table+"_by_"+c.column, func() squirrel.Sqlizer {
		return q.fromRows(squirrel.Select("count(*)"), slot(0), integer("id")).
			JoinClause(q.each(c.table, "c", c.column, "r.id"))
	}, json)
}

// Clock returns the time by the database's clock.
func (s *Store) Clock(ctx context.Context) (time.Time, error) {
	var now dialect.Time
	err := s.query(ctx, s.clock(), func(r dialect.Row) error { return r.Scan(&now) })
	return now.Time, err
}

// PurgeRuns removes the next runs and all their rows, in a transaction of its own. It
// returns what it removed, and how far it came. It looks for the runs before the
// transaction: among many runs that have to stay, that may take long.
func (s *Store) PurgeRuns(ctx context.Context, p Purge) (gone Purged, last Place, err error) {
	old, last, err := s.purgeable(ctx, s.oldRuns(p))
	if err != nil || len(old) == 0 {
		return nil, last, err
	}
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		gone = Purged{}
		return s.purgeAll(ctx, c, p.Dry, append(slices.Clip(runChildren), child{tRun, "id"}), rows(old), gone)
	}})
	return gone, last, err
}

// purgeable reads the ids, in their order, and the place of the last row.
func (s *Store) purgeable(ctx context.Context, old dialect.Stmt) (ids []idRow, last Place, err error) {
	all, err := list(ctx, s, old, func(r dialect.Row) (p Place, err error) { return p, r.Scan(&p.ID, &p.At) })
	for _, p := range all {
		ids, last = append(ids, idRow{p.ID}), p
	}
	slices.SortFunc(ids, func(a, b idRow) int { return cmp.Compare(a.ID, b.ID) })
	return ids, last, err
}

// PurgeExtracts does the same with extracts of a status, which it locks.
func (s *Store) PurgeExtracts(ctx context.Context, p Purge, status ExtractStatus) (gone Purged, last Place, err error) {
	err = s.run(ctx, work{in: func(c dialect.Conn) error {
		gone, last = Purged{}, Place{}
		var ids []idRow
		err := c.Query(ctx, s.oldExtracts(p, status), func(r dialect.Row) error {
			err := r.Scan(&last.ID, &last.At, new(int64)) // the location is read to lock the row itself: see claimable
			ids = append(ids, idRow{last.ID})
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		slices.SortFunc(ids, func(a, b idRow) int { return cmp.Compare(a.ID, b.ID) })
		return s.purgeAll(ctx, c, p.Dry, append(slices.Clip(extractChildren), child{tExtract, "id"}), rows(ids), gone)
	}})
	return gone, last, err
}

// purgeAll removes or counts the rows of each table that belong to the ids.
func (s *Store) purgeAll(ctx context.Context, c dialect.Conn, dry bool, tables []child, json *rowSet, gone Purged) error {
	steps, counts := make([]*dialect.Step, len(tables)), make([]int64, len(tables))
	for i, t := range tables {
		if dry {
			steps[i] = read(s.purgeCount(t, json), func(r dialect.Row) error {
				var n int64
				err := r.Scan(&n)
				counts[i] += n
				return err
			})
		} else {
			steps[i] = exec(s.purgeRows(t, json))
		}
	}
	var first []*dialect.Step
	if !dry {
		first = append(first, s.known())
	}
	err := inOrder(ctx, c, append(first, steps...))
	for i, t := range tables {
		gone[t.table] += steps[i].Affected + counts[i]
	}
	return err
}
