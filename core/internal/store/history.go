package store

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Change is a row of the history: a change of a status, a hold or a watermark.
type Change struct {
	ID        int64
	At        dialect.Time
	Process   string
	RunID     int64 // 0 for a change of the process's hold
	RunNo     int64
	ExtractID int64 // 0 for a change of the run or the process
	Extract   string
	Location  string // its path
	From      string // empty for the first status
	To        string
	Actor     string
	Reason    string
	FromAt    dialect.Time // of a watermark
	ToAt      dialect.Time
}

// HistoryFilter says which changes to list; zero fields match everything.
type HistoryFilter struct {
	Process      string
	RunID        int64
	ExtractID    int64
	Since, Until time.Time // at Since or later, and before Until
	Newest       bool      // newest first
	// The previous page ended with this row.
	AfterTime time.Time
	AfterID   int64
	Limit     int64
}

// listHistory finds the process by its name in a query of its own, so that the
// index by process and time gives the rows in their order. Subqueries look up what a
// change names, for the rows that the list returns: as joins, PostgreSQL chose
// them by the sizes of the tables, and a page took longer the longer the history was.
func (q sql) listHistory(f HistoryFilter) dialect.Stmt {
	return q.conditional("history.list", 0, func(v []any) squirrel.Sqlizer {
		limit, run, extract, process, since, until, afterTime, afterID := v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
		index := changesAlong(v)
		path := "(SELECT l.path FROM " + q.as(tExtract, "e") + " JOIN " + q.as(tLocation, "l") + " ON l.id = e.location_id WHERE e.id = h.extract_id)"
		query := squirrel.Select("h.id", "h.changed_at", q.lookUp("name", tProcess, "h.process_id"), "h.run_id", q.lookUp("run_no", tRun, "h.run_id"),
			"h.extract_id", q.lookUp("name", tExtract, "h.extract_id"), path,
			"h.from_status", "h.to_status", q.lookUp("name", tActor, "h.actor_id"), "h.reason", "h.from_at", "h.to_at").
			From(q.along(tHistory, q.as(tHistory, "h"), index))
		query = whereSet(query, "h.run_id", run)
		query = whereSet(query, "h.extract_id", extract)
		if process != nil {
			query = query.Where(squirrel.Expr("h.process_id = (?)", q.processID(process)))
		}
		query = within(query, "h.changed_at", since, until)
		return ordered(q.limit(inTime(query, "h.changed_at", "h.id", afterTime, afterID, f.Newest), limit), index)
	}, limit(f.Limit), given(f.RunID), given(f.ExtractID), given(f.Process), q.perhaps(f.Since), q.perhaps(f.Until),
		q.perhaps(f.AfterTime), given(f.AfterID), given(f.Newest))
}

// changesAlong are the columns of the index that has a list's changes in their order, as
// [extractsAlong] has them for extracts.
func changesAlong(v []any) []string {
	run, extract, process, since, until, afterID := v[1] != nil, v[2] != nil, v[3] != nil, v[4], v[5], v[7]
	var filter string
	switch {
	case since == nil && until == nil && afterID == nil, run && extract, run && process, extract && process:
		return nil
	case run:
		filter = "run_id"
	case extract:
		filter = "extract_id"
	case process:
		filter = "process_id"
	default:
		return []string{"changed_at", "id"}
	}
	return []string{filter, "changed_at", "id"}
}

// scan reads the row of listHistory.
func (c *Change) scan(r dialect.Row) error {
	var process, extract, location, from, actor, reason *string
	var run, no, extractID *int64
	err := r.Scan(&c.ID, &c.At, &process, &run, &no, &extractID, &extract, &location, &from, &c.To, &actor, &reason, &c.FromAt, &c.ToAt)
	c.Process, c.Extract, c.Location = text(process), text(extract), text(location)
	c.From, c.Actor, c.Reason = text(from), text(actor), text(reason)
	for to, value := range map[*int64]*int64{&c.RunID: run, &c.RunNo: no, &c.ExtractID: extractID} {
		if value != nil {
			*to = *value
		}
	}
	return err
}

// History lists changes, oldest first.
func (s *Store) History(ctx context.Context, f HistoryFilter) ([]Change, error) {
	return list(ctx, s, s.listHistory(f), func(r dialect.Row) (c Change, err error) { return c, c.scan(r) })
}
