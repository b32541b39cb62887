package store

import (
	"context"
	"slices"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Purge is a batch of a purge: what it may remove, and where it goes on.
type Purge struct {
	Before time.Time // what ended, or was last changed, before then
	Named  bool      // also completed runs that have names
	After  int64     // ids greater than that
	Limit  int64
	Dry    bool // only count
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
// once.
func (q sql) oldRuns(p Purge) dialect.Stmt {
	name := "purge.named_runs"
	query := squirrel.Select("run.id").From(q.as(tRun, "run")).
		Join(q.as(tProcess, "p") + " ON p.id = run.process_id").
		Where(squirrel.Gt{"run.id": p.After}).
		Where(squirrel.Lt{"run.ended_at": q.d.Time(p.Before)}).
		Where("run.run_no <> p.latest_run_no")
	for _, column := range []string{"registered_by", "claimed_by"} {
		extracts := squirrel.Select("1").From(q.as(tExtract, "e")).Where("e." + column + " = run.id")
		query = query.Where(squirrel.Expr("NOT EXISTS (?)", extracts))
	}
	if !p.Named {
		name = "purge.runs"
		query = query.Where(squirrel.Or{squirrel.Eq{"run.name": nil}, squirrel.NotEq{"run.status_id": int64(Completed)}})
	}
	return q.stmt(name, q.d.Limit(query.OrderBy("run.id"), p.Limit))
}

// oldExtracts selects and locks extracts that no other one waits for.
func (q sql) oldExtracts(p Purge, status int64) dialect.Stmt {
	from, lock := q.d.Lock(tExtract, "e", true)
	children := squirrel.Select("1").From(q.as(tExtractParents, "ed")).Where("ed.parent_id = e.id")
	query := squirrel.Select("e.id", "e.location_id").From(from).
		Where(squirrel.Eq{"e.status_id": status, "e.claimed_by": nil}).
		Where(squirrel.Gt{"e.id": p.After}).
		Where(squirrel.Lt{"e.status_changed_at": q.d.Time(p.Before)}).
		Where(squirrel.Expr("NOT EXISTS (?)", children)).
		OrderBy("e.id")
	return q.stmt("purge.extracts", q.d.Limit(query, p.Limit).Suffix(lock))
}

func (q sql) purgeRows(c child, json *rowSet) dialect.Stmt {
	return q.stmt("purge.delete_"+c.table+"_by_"+c.column, q.d.DeleteIn(c.table, c.column, q.fromRows(squirrel.Select("r.id"), json, "id")))
}

func (q sql) purgeCount(c child, json *rowSet) dialect.Stmt {
	return q.stmt("purge.count_"+c.table+"_by_"+c.column, q.fromRows(squirrel.Select("count(*)"), json, "id").
		JoinClause(q.then(q.as(c.table, "c"))+" ON c."+c.column+" = r.id"))
}

// Clock returns the time by the database's clock.
func (s *Store) Clock(ctx context.Context) (time.Time, error) {
	var now dialect.Time
	err := s.query(ctx, s.clock(), func(r dialect.Row) error { return r.Scan(&now) })
	return now.Time, err
}

// PurgeRuns removes the next runs and all that belongs to them, in a transaction
// of its own. It returns what went, and the last id; no runs means the end.
func (s *Store) PurgeRuns(ctx context.Context, p Purge) (gone Purged, last int64, err error) {
	return s.purge(ctx, p, s.oldRuns(p), tRun, runChildren)
}

// PurgeExtracts does the same with extracts of a status.
func (s *Store) PurgeExtracts(ctx context.Context, p Purge, status int64) (gone Purged, last int64, err error) {
	return s.purge(ctx, p, s.oldExtracts(p, status), tExtract, extractChildren)
}

func (s *Store) purge(ctx context.Context, p Purge, old dialect.Stmt, table string, children []child) (gone Purged, last int64, err error) {
	err = s.atomic(ctx, func(c dialect.Conn) error {
		gone, last = Purged{}, 0
		var ids []idRow
		err := c.Query(ctx, old, func(r dialect.Row) error {
			var row idRow
			dest := []any{&row.ID}
			if table == tExtract {
				dest = append(dest, new(int64)) // read to lock the row itself: see claimable
			}
			err := r.Scan(dest...)
			ids = append(ids, row)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		last = ids[len(ids)-1].ID
		return s.purgeAll(ctx, c, p.Dry, append(slices.Clip(children), child{table, "id"}), rows(ids), gone)
	})
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
	err := inOrder(ctx, c, steps)
	for i, t := range tables {
		gone[t.table] += steps[i].Affected + counts[i]
	}
	return err
}
