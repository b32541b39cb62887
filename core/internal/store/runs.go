package store

import (
	"context"
	"fmt"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Run is a row of a list of runs.
type Run struct {
	ID        int64
	ProcessID int64
	Process   string
	No        int64
	Status    string
	Actor     string
	StartedAt dialect.Time
	EndedAt   dialect.Time // zero while the run is active
	Name      string
	Low, High dialect.Time
	Counts    [4]int64 // as CountColumns

	LeaseUntil   dialect.Time // zero if the run is not active, or has no lease
	LeaseExpired bool
}

// CountColumns are the columns of a run's counts, and of a process's totals.
var CountColumns = [4]string{"records", "inserts", "updates", "deletes"}

var runColumns = []string{
	"run.id", "p.id", "p.name", "run.run_no", "s.name", "actor.name", "run.started_at", "run.ended_at",
	"run.name", "run.low_at", "run.high_at", "run.records", "run.inserts", "run.updates", "run.deletes",
}

// scan reads the runColumns and the columns after them. If a left join found no run, ID is 0.
func (run *Run) scan(r dialect.Row, more ...any) error {
	var row struct { // one allocation for the columns that may be NULL
		id, no              *int64
		status, actor, name *string
		counts              [4]*int64
	}
	columns := make([]any, 0, len(runColumns)+len(more))
	columns = append(columns,
		&row.id, &run.ProcessID, &run.Process, &row.no, &row.status, &row.actor, &run.StartedAt, &run.EndedAt,
		&row.name, &run.Low, &run.High, &row.counts[0], &row.counts[1], &row.counts[2], &row.counts[3])
	if err := r.Scan(append(columns, more...)...); err != nil {
		return err
	}
	if row.id != nil && row.no != nil {
		run.ID, run.No = *row.id, *row.no
	}
	for i, n := range row.counts {
		if n != nil {
			run.Counts[i] = *n
		}
	}
	run.Status, run.Actor, run.Name = text(row.status), text(row.actor), text(row.name)
	return nil
}

// leaseColumns are the end of an active run's lease, and whether it has expired. They
// need the row of the lease, joined as lease.
func (q sql) leaseColumns() []string {
	return []string{
		"CASE WHEN run.ended_at IS NULL THEN lease.expires_at END",
		"CASE WHEN run.ended_at IS NULL AND lease.expires_at <= " + q.d.Now() + " THEN 1 ELSE 0 END",
	}
}

// leaseLookedUp are the leaseColumns without a join: a list looks up the leases of its active
// runs alone.
func (q sql) leaseLookedUp() []string {
	lease := " FROM " + q.as(tRunLease, "lease") + " WHERE lease.run_id = run.id"
	return []string{
		"CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at" + lease + ") END",
		"CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1" + lease + " AND lease.expires_at <= " + q.d.Now() + ") THEN 1 ELSE 0 END",
	}
}

// scanLeased reads the runColumns, the leaseColumns and the columns after them.
func (run *Run) scanLeased(r dialect.Row, more ...any) error {
	var expired int64
	err := run.scan(r, append([]any{&run.LeaseUntil, &expired}, more...)...)
	run.LeaseExpired = expired == 1
	return err
}

// RunFilter says which runs to list; zero fields match everything.
type RunFilter struct {
	ID      int64
	Process string
	Status  RunStatus
	Active  bool      // only active runs
	Since   time.Time // started at this time or later …
	Until   time.Time // … and before this time
	Oldest  bool      // oldest first
	// The previous page ended with this row.
	After, AfterNo int64
	Limit          int64
}

// listRuns has an index for each of its forms, which gives the runs in order. The runs of
// a process are ordered by number, which is also the order of their ids. There are at
// most as many active runs as processes.
func (q sql) listRuns(f RunFilter) dialect.Stmt {
	return q.conditional("runs.list", int64(f.Status), func(v []any) squirrel.Sqlizer {
		limit, id, process, active, last, lastNo, since, until := v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
		order, beyond := " DESC", func(column string, value any) squirrel.Sqlizer { return squirrel.Lt{column: value} }
		if f.Oldest {
			order, beyond = "", func(column string, value any) squirrel.Sqlizer { return squirrel.Gt{column: value} }
		}
		index := runsAlong(f.Status, v)
		query := squirrel.Select(runColumns...).Columns(q.leaseLookedUp()...).
			From(q.along(tRun, q.as(tRun, "run"), index)).
			JoinClause(q.each(tProcess, "p", "id", "run.process_id")).
			JoinClause(q.each(tRunStatus, "s", "id", "run.status_id")).
			JoinClause(q.each(tActor, "actor", "id", "run.actor_id"))
		query = whereSet(query, "run.id", id)
		query = whereID(query, "run.status_id", f.Status)
		if active != nil {
			query = query.Where(squirrel.Eq{"run.ended_at": nil})
		}
		query = within(query, "run.started_at", since, until)
		switch {
		case process != nil:
			query = query.Where(squirrel.Expr("run.process_id = (?)", q.processID(process))).OrderBy("run.run_no" + order)
			if active != nil { // only the latest run can be
				latest := squirrel.Select("latest_run_no").From(q.d.Table(tProcess)).Where(squirrel.Eq{"name": process})
				query = query.Where(squirrel.Expr("run.run_no = (?)", latest))
			}
			if last != nil {
				query = query.Where(beyond("run.run_no", lastNo))
			}
			return ordered(q.limit(query, limit), index)
		case active != nil:
			query = query.OrderBy("run.ended_at" + order) // all are NULL; the condition makes the index usable
		}
		if last != nil {
			query = query.Where(beyond("run.id", last))
		}
		return ordered(q.limit(query.OrderBy("run.id"+order), limit), index)
	}, limit(f.Limit), given(f.ID), given(f.Process), given(f.Active), given(f.After), f.AfterNo, q.perhaps(f.Since), q.perhaps(f.Until), given(f.Oldest))
}

// runsAlong are the columns of the index that has a list's runs in their order, as
// [extractsAlong] has them for extracts.
func runsAlong(status RunStatus, v []any) (index []string) {
	id, process, active, last := v[1] != nil, v[2] != nil, v[3] != nil, v[4] != nil
	if !last || id || active {
		return nil
	}
	if status != 0 {
		index = append(index, "status_id")
	}
	if process {
		return append(index, "process_id", "run_no")
	}
	return append(index, "id")
}

// within adds the conditions that the column's time is in a range, which may be open at either end.
func within(query squirrel.SelectBuilder, column string, since, until any) squirrel.SelectBuilder {
	if since != nil {
		query = query.Where(squirrel.GtOrEq{column: since})
	}
	if until != nil {
		query = query.Where(squirrel.Lt{column: until})
	}
	return query
}

// whereSet adds the condition that the column has the value, if there is one.
func whereSet(query squirrel.SelectBuilder, column string, value any) squirrel.SelectBuilder {
	if value == nil {
		return query
	}
	return query.Where(squirrel.Eq{column: value})
}

// whereID adds the condition that the column has the id, if there is one. The id is part
// of the text: there are few ids of statuses, and the best plan depends on how rare the
// status is.
func whereID[T ~int64](query squirrel.SelectBuilder, column string, id T) squirrel.SelectBuilder {
	if id == 0 {
		return query
	}
	return query.Where(fmt.Sprintf("%s = %d", column, id))
}

// Runs lists runs, newest first.
func (s *Store) Runs(ctx context.Context, f RunFilter) ([]Run, error) {
	return list(ctx, s, s.listRuns(f), func(r dialect.Row) (run Run, err error) { return run, run.scanLeased(r) })
}

// list collects the rows of a reading statement.
func list[T any](ctx context.Context, s *Store, st dialect.Stmt, scan func(dialect.Row) (T, error)) ([]T, error) {
	var all []T
	err := s.retry.do(ctx, &operation{st.Name}, s.backend.Classify, func(ctx context.Context) error {
		all = nil
		return s.conn().Query(ctx, st, func(r dialect.Row) error {
			item, err := scan(r)
			all = append(all, item)
			return err
		})
	})
	return all, err
}

// RunError is an error that a run recorded.
type RunError struct {
	ID          int64
	RunID       int64
	Process     string
	RunNo       int64
	Type        string
	Description string
	RecordedAt  dialect.Time
}

// ErrorFilter says which errors to list; zero fields match everything.
type ErrorFilter struct {
	RunID   int64
	Process string
	Since   time.Time // recorded at this time or later …
	Until   time.Time // … and before this time
	Oldest  bool      // oldest first
	After   int64     // the previous page ended with this row
	Limit   int64
}

func (q sql) listErrors(f ErrorFilter) dialect.Stmt {
	return q.conditional("errors.list", 0, func(v []any) squirrel.Sqlizer {
		limit, run, process, last := v[0], v[1], v[2], v[3]
		index := errorsAlong(v)
		query := squirrel.Select("e.id", "run.id", "p.name", "run.run_no", "t.name", "e.description", "e.recorded_at").
			From(q.along(tRunError, q.as(tRunError, "e"), index)).
			JoinClause(q.each(tRun, "run", "id", "e.run_id")).
			JoinClause(q.each(tProcess, "p", "id", "e.process_id")).
			JoinClause(q.each(tErrorType, "t", "id", "e.error_type_id"))
		query = whereSet(query, "e.run_id", run)
		if process != nil {
			query = query.Where(squirrel.Expr("e.process_id = (?)", q.processID(process)))
		}
		query = within(query, "e.recorded_at", v[4], v[5])
		if f.Oldest {
			if last != nil {
				query = query.Where(squirrel.Gt{"e.id": last})
			}
			return ordered(q.limit(query.OrderBy("e.id"), limit), index)
		}
		if last != nil {
			query = query.Where(squirrel.Lt{"e.id": last})
		}
		return ordered(q.limit(query.OrderBy("e.id DESC"), limit), index)
	}, limit(f.Limit), given(f.RunID), given(f.Process), given(f.After), q.perhaps(f.Since), q.perhaps(f.Until), given(f.Oldest))
}

// errorsAlong are the columns of the index that has a list's errors in their order, as
// [extractsAlong] has them for extracts.
func errorsAlong(v []any) []string {
	run, process, last := v[1] != nil, v[2] != nil, v[3] != nil
	switch {
	case !last, run && process:
		return nil
	case run:
		return []string{"run_id", "id"}
	case process:
		return []string{"process_id", "id"}
	}
	return []string{"id"}
}

// Errors lists errors, newest first.
func (s *Store) Errors(ctx context.Context, f ErrorFilter) ([]RunError, error) {
	return list(ctx, s, s.listErrors(f), func(r dialect.Row) (e RunError, err error) {
		return e, r.Scan(&e.ID, &e.RunID, &e.Process, &e.RunNo, &e.Type, &e.Description, &e.RecordedAt)
	})
}

func (q sql) listSoft(run int64) dialect.Stmt {
	return q.stmt("runs.soft_dependencies", func() squirrel.Sqlizer {
		return squirrel.
			Select("p.name", "'soft'", "dep.fresh", "d.parent_run_no", "s.name", "r.started_at", "a.name", "0").
			From(q.as(tRunSoft, "d")).
			Join(q.as(tProcess, "p") + " ON p.id = d.parent_id").
			Join(q.as(tRun, "own") + " ON own.id = d.run_id").
			LeftJoin(q.as(tDependency, "dep") + " ON dep.child_id = own.process_id AND dep.parent_id = d.parent_id").
			LeftJoin(q.as(tRunStatus, "s") + " ON s.id = d.parent_status_id").
			LeftJoin(q.as(tRun, "r") + " ON r.process_id = d.parent_id AND r.run_no = d.parent_run_no").
			LeftJoin(q.as(tActor, "a") + " ON a.id = r.actor_id").
			Where(squirrel.Eq{"d.run_id": slot(0)}).
			OrderBy("p.name")
	}, run)
}

// SoftDependencies lists the soft dependencies of a run that were not met when it started.
func (s *Store) SoftDependencies(ctx context.Context, run int64) ([]Parent, error) {
	return list(ctx, s, s.listSoft(run), scanParent)
}
