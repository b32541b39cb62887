package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Process is a row of a list of processes, with the state of the latest run.
type Process struct {
	ID              int64
	Name            string
	Type            string
	Tool            string
	Frequency       string
	RunNo           int64 // of the latest run, 0 if it never ran
	Status          string
	Active          bool
	StartedAt       dialect.Time
	EndedAt         dialect.Time
	LeaseUntil      dialect.Time // as of a Run
	LeaseExpired    bool
	Failures        int64
	MaxFailures     *int64
	Totals          Totals
	LastCompletedAt dialect.Time
	LastFailedAt    dialect.Time
	LastErroredAt   dialect.Time
	Held            Hold // zero if it is not on hold
	Audit           Audit
}

// ProcessFilter says which processes to list; zero fields match everything.
type ProcessFilter struct {
	Name        string
	Type        string
	Tool        string
	Frequency   string
	Source      string // a system
	Target      string // a system
	Contact     string // its own or a source's
	DatasetType string
	Status      string // of the latest run
	OnHold      *bool
	Newest      bool  // newest first
	After       int64 // the previous page ended with this row
	Limit       int64
}

func (q sql) listProcesses(f ProcessFilter) dialect.Stmt {
	var after any = f.After
	if f.Newest {
		after = given(f.After)
	}
	return q.conditional("processes.list", 0, func(v []any) squirrel.Sqlizer {
		query := squirrel.Select("p.id", "p.name", "t.name", "o.name", "f.name",
			"p.latest_run_no", "s.name", "p.active", "p.latest_started_at", "p.latest_ended_at",
			"p.failures", "p.max_failures", "p.watermark", "p.records", "p.inserts", "p.updates", "p.deletes",
			"p.last_completed_at", "p.last_failed_at", "p.last_errored_at", "p.held_at", "holder.name", "p.hold_reason").
			Columns(q.leaseColumns()...).
			From(q.as(tProcess, "p")).
			LeftJoin(q.as(tProcessType, "t") + " ON t.id = p.type_id").
			LeftJoin(q.as(tTool, "o") + " ON o.id = p.tool_id").
			LeftJoin(q.as(tFrequency, "f") + " ON f.id = p.frequency_id").
			LeftJoin(q.as(tRunStatus, "s") + " ON s.id = p.latest_status_id").
			LeftJoin(q.as(tActor, "holder") + " ON holder.id = p.held_by").
			LeftJoin(q.activeRun()).
			LeftJoin(q.as(tRunLease, "lease") + " ON lease.run_id = run.id")
		query = q.audited(query, "p")
		switch {
		case !f.Newest:
			query = query.Where(squirrel.Gt{"p.id": v[0]}).OrderBy("p.id")
		case f.After > 0:
			query = query.Where(squirrel.Lt{"p.id": v[0]}).OrderBy("p.id DESC")
		default:
			query = query.OrderBy("p.id DESC")
		}
		return q.limit(q.filteredProcesses(query, v[2:]), v[1])
	}, after, limit(f.Limit), given(f.Name), given(f.Type), given(f.Tool), given(f.Frequency), given(f.Status),
		given(f.Source), given(f.Target), given(f.DatasetType), given(f.Contact),
		given(f.OnHold != nil && *f.OnHold), given(f.OnHold != nil && !*f.OnHold), given(f.Newest))
}

// activeRun joins the run of p that is active, if one is. A process without one is looked up
// by NULL, which reads nothing: most of a long list have none.
func (q sql) activeRun() string {
	return q.as(tRun, "run") + " ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END"
}

// filteredProcesses adds the conditions of the filter to the select of listProcesses.
func (q sql) filteredProcesses(query squirrel.SelectBuilder, v []any) squirrel.SelectBuilder {
	for i, column := range []string{"p.name", "t.name", "o.name", "f.name", "s.name"} {
		query = whereSet(query, column, v[i])
	}
	source, target, datasetType, contact, onHold, notOnHold := v[5], v[6], v[7], v[8], v[9], v[10]
	if source != nil {
		query = query.Where(squirrel.Expr("p.id IN (?)", q.processesWith("source", source)))
	}
	if target != nil {
		query = query.Where(squirrel.Expr("p.id IN (?)", q.processesWith("target", target)))
	}
	if datasetType != nil {
		query = query.Where(squirrel.Expr("p.id IN (?)", q.processesOnDatasetType(datasetType)))
	}
	if contact != nil {
		query = query.Where(squirrel.Expr("p.id IN (? UNION ?)", q.processesOfContact(contact), q.processesOfSourcesContact(contact)))
	}
	if onHold != nil {
		query = query.Where(squirrel.NotEq{"p.held_at": nil})
	}
	if notOnHold != nil {
		query = query.Where(squirrel.Eq{"p.held_at": nil})
	}
	return query
}

func (q sql) processesOfContact(name any) squirrel.SelectBuilder {
	return squirrel.Select("pc.process_id").From(q.as(tProcessContact, "pc")).
		Join(q.as(tContact, "c") + " ON c.id = pc.contact_id").
		Where(squirrel.Eq{"c.name": name})
}

func (q sql) processesOfSourcesContact(name any) squirrel.SelectBuilder {
	return squirrel.Select("d.process_id").
		JoinClause(squirrel.Expr("FROM (?) AS d", q.systemsOf("source"))).
		Join(q.as(tSystemContact, "sc") + " ON sc.system_id = d.system_id").
		Join(q.as(tContact, "c") + " ON c.id = sc.contact_id").
		Where(squirrel.Eq{"c.name": name})
}

func (p *Process) scan(r dialect.Row) error {
	c := &p.Totals.Counts
	var expired int64
	err := r.Scan(append([]any{
		&p.ID, &p.Name, optional{&p.Type}, optional{&p.Tool}, optional{&p.Frequency},
		&p.RunNo, optional{&p.Status}, &p.Active, &p.StartedAt, &p.EndedAt,
		&p.Failures, &p.MaxFailures, &p.Totals.Watermark, &c[0], &c[1], &c[2], &c[3],
		&p.LastCompletedAt, &p.LastFailedAt, &p.LastErroredAt, &p.Held.Since, optional{&p.Held.Actor}, optional{&p.Held.Note},
		&p.LeaseUntil, &expired,
	}, p.Audit.columns()...)...)
	p.LeaseExpired = expired == 1
	return err
}

// Processes lists processes, oldest first.
func (s *Store) Processes(ctx context.Context, f ProcessFilter) ([]Process, error) {
	return list(ctx, s, s.listProcesses(f), func(r dialect.Row) (p Process, err error) { return p, p.scan(r) })
}
