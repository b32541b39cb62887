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
// index by process and time gives the rows in their order.
func (q sql) listHistory(f HistoryFilter) dialect.Stmt {
	return q.conditional("history.list", 0, func(v []any) squirrel.Sqlizer {
		limit, run, extract, process, since, until, afterTime, afterID := v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
		query := squirrel.Select("h.id", "h.changed_at", "p.name", "h.run_id", "run.run_no", "h.extract_id", "e.name", "l.path",
			"h.from_status", "h.to_status", "actor.name", "h.reason", "h.from_at", "h.to_at").
			From(q.as(tHistory, "h")).
			LeftJoin(q.as(tProcess, "p") + " ON p.id = h.process_id").
			LeftJoin(q.as(tRun, "run") + " ON run.id = h.run_id").
			LeftJoin(q.as(tExtract, "e") + " ON e.id = h.extract_id").
			LeftJoin(q.as(tLocation, "l") + " ON l.id = e.location_id").
			LeftJoin(q.as(tActor, "actor") + " ON actor.id = h.actor_id")
		query = whereSet(query, "h.run_id", run)
		query = whereSet(query, "h.extract_id", extract)
		if process != nil {
			query = query.Where(squirrel.Expr("h.process_id = (?)", q.processID(process)))
		}
		query = within(query, "h.changed_at", since, until)
		return q.limit(inTime(query, "h.changed_at", "h.id", afterTime, afterID, f.Newest), limit)
	}, limit(f.Limit), given(f.RunID), given(f.ExtractID), given(f.Process), q.perhaps(f.Since), q.perhaps(f.Until),
		q.perhaps(f.AfterTime), given(f.AfterID), given(f.Newest))
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
