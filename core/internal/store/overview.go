package store

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// The statements of this file read about many processes at once, for pages that show
// all of them. Each is bounded in its rows and has an index for its order.

// PlacedDependency is a dependency with the ids that lists are ordered by.
type PlacedDependency struct {
	StoredDependency

	ChildID, ParentID int64
}

func (q sql) allDependencies(child, parent any, most int64) dialect.Stmt {
	return q.conditional("overview.dependencies", 0, func(v []any) squirrel.Sqlizer {
		query := squirrel.Select("dep.child_id", "dep.parent_id", "child.name", "parent.name", "dep.kind", "dep.fresh").From(q.as(tDependency, "dep")).
			Join(q.as(tProcess, "child") + " ON child.id = dep.child_id").
			Join(q.as(tProcess, "parent") + " ON parent.id = dep.parent_id")
		return q.limit(after(q.audited(query, "dep").OrderBy("dep.child_id", "dep.parent_id"), "dep.child_id", "dep.parent_id", v[1], v[2]), v[0])
	}, limit(most), child, parent)
}

// AllDependencies lists up to most dependencies, in the order in which their children and
// then their parents were registered. It begins after the dependency with the ids of after,
// if there are any.
func (s *Store) AllDependencies(ctx context.Context, after []int64, most int64) ([]PlacedDependency, error) {
	var child, parent any
	if len(after) == 2 {
		child, parent = after[0], after[1]
	}
	return list(ctx, s, s.allDependencies(child, parent, most), func(r dialect.Row) (d PlacedDependency, err error) {
		return d, r.Scan(append([]any{&d.ChildID, &d.ParentID, &d.Child, &d.Parent, &d.Kind, &d.Fresh}, d.Audit.columns()...)...)
	})
}

// OwnedContact is a contact, and the process to ask it about.
type OwnedContact struct {
	Process string
	Contact Contact
}

func (q sql) contactsOfProcesses(most int64) dialect.Stmt {
	return q.conditional("overview.contacts", 0, func(v []any) squirrel.Sqlizer {
		return q.limit(squirrel.Select("p.name", "c.name", "c.email", "'' AS of_system").From(q.as(tProcessContact, "pc")).
			Join(q.as(tProcess, "p")+" ON p.id = pc.process_id").
			Join(q.as(tContact, "c")+" ON c.id = pc.contact_id").
			OrderBy("pc.process_id", "pc.contact_id"), v[0])
	}, limit(most))
}

func (q sql) contactsOfSources(most int64) dialect.Stmt {
	return q.conditional("overview.contacts_of_sources", 0, func(v []any) squirrel.Sqlizer {
		return facts{kind: dialect.Select, derived: true, Sqlizer: q.limit(squirrel.Select("p.name", "c.name", "c.email", "sy.name").
			JoinClause(squirrel.Expr("FROM (?) AS d", q.systemsOf("source"))).
			Join(q.as(tProcess, "p")+" ON p.id = d.process_id").
			Join(q.as(tSystem, "sy")+" ON sy.id = d.system_id").
			Join(q.as(tSystemContact, "sc")+" ON sc.system_id = d.system_id").
			Join(q.as(tContact, "c")+" ON c.id = sc.contact_id").
			OrderBy("d.process_id", "sy.name", "c.id"), v[0])}
	}, limit(most))
}

// AllContacts lists up to most contacts of processes, and up to most contacts of their
// sources.
func (s *Store) AllContacts(ctx context.Context, most int64) ([]OwnedContact, error) {
	scan := func(r dialect.Row) (c OwnedContact, err error) {
		return c, r.Scan(&c.Process, &c.Contact.Name, &c.Contact.Email, &c.Contact.System)
	}
	own, err := list(ctx, s, s.contactsOfProcesses(most), scan)
	if err != nil {
		return nil, err
	}
	sources, err := list(ctx, s, s.contactsOfSources(most), scan)
	return append(own, sources...), err
}

func (q sql) listLocations(after, most int64) dialect.Stmt {
	return q.conditional("overview.locations", 0, func(v []any) squirrel.Sqlizer {
		return q.limit(squirrel.Select("l.id", "l.path", "l.path_key", "l.name", "t.name", "l.file_count", "l.listed_at").
			From(q.as(tLocation, "l")).
			Join(q.as(tLocationType, "t")+" ON t.id = l.type_id").
			Where(squirrel.Gt{"l.id": v[0]}).OrderBy("l.id"), v[1])
	}, after, limit(most))
}

// Locations lists the locations with an id greater than after, in the order in which
// they were registered.
func (s *Store) Locations(ctx context.Context, after, most int64) ([]Location, error) {
	return list(ctx, s, s.listLocations(after, most), func(r dialect.Row) (l Location, err error) { return l, l.scan(r) })
}

// extractsNamed orders by the name, whose index the pattern is looked up in: ordered by age,
// all that match would be read for the first ones.
func (q sql) extractsNamed(prefix string, most int64) dialect.Stmt {
	glob := q.d.Pattern(prefix + "*")
	return q.conditional("overview.extracts_named", 0, func(v []any) squirrel.Sqlizer {
		return q.limit(q.joinExtract(squirrel.Select(q.extractColumns()...).From(q.as(tExtract, "e"))).
			Where(q.d.Glob("e.name", dialect.Pattern{Text: v[1], First: v[2], End: v[3]})).
			OrderBy("e.name", "e.id"), v[0])
	}, limit(most), glob.Text, glob.First, glob.End)
}

// ExtractsNamed lists extracts whose names begin with the given text, in the order of their
// names.
func (s *Store) ExtractsNamed(ctx context.Context, prefix string, most int64) ([]Extract, error) {
	return list(ctx, s, s.extractsNamed(prefix, most), func(r dialect.Row) (e Extract, err error) { return e, e.scan(r) })
}

// During is a time span, and the number of its runs to read.
type During struct {
	Since, Until time.Time
	// EndedBefore bounds the runs to read: runs that started before Until and ended later
	// than this are left out.
	EndedBefore time.Time
	Limit       int64
}

// runsDuring reads by the index of ends: a run that ended before the span is not in it. A run
// that has ended has no lease any more.
func (q sql) runsDuring(d During) dialect.Stmt {
	return q.conditional("overview.runs_during", 0, func(v []any) squirrel.Sqlizer {
		return q.limit(squirrel.Select(runColumns...).From(q.as(tRun, "run")).
			JoinClause(q.each(tProcess, "p", "id", "run.process_id")).
			JoinClause(q.each(tRunStatus, "s", "id", "run.status_id")).
			JoinClause(q.each(tActor, "actor", "id", "run.actor_id")).
			Where(squirrel.GtOrEq{"run.ended_at": v[0]}).
			Where(squirrel.Lt{"run.ended_at": v[2], "run.started_at": v[1]}).
			OrderBy("run.ended_at DESC", "run.id DESC"), v[3])
	}, q.d.Time(d.Since), q.d.Time(d.Until), q.d.Time(d.EndedBefore), limit(d.Limit))
}

// RunsDuring lists runs that have ended and some of whose time is in the span, those
// that ended last coming first.
func (s *Store) RunsDuring(ctx context.Context, d During) ([]Run, error) {
	return list(ctx, s, s.runsDuring(d), func(r dialect.Row) (run Run, err error) { return run, run.scan(r) })
}

// Duration is how long a run took.
type Duration struct {
	Process            string
	StartedAt, EndedAt dialect.Time
}

// recentDurations are of completed runs of processes that are running now, of the last
// few each.
func (q sql) recentDurations(few int64) dialect.Stmt {
	return q.stmt("overview.durations", func() squirrel.Sqlizer {
		return squirrel.Select("p.name", "run.started_at", "run.ended_at").From(q.as(tProcess, "p")).
			JoinClause(squirrel.Expr(q.then(q.as(tRun, "run"))+" ON run.process_id = p.id AND run.run_no < p.latest_run_no AND run.run_no >= p.latest_run_no - ?", slot(0))).
			Where(squirrel.Eq{"p.active": fixed{true}}).
			Where("run.status_id = 2").
			OrderBy("p.id", "run.run_no DESC")
	}, few)
}

// RecentDurations says how long the completed ones among the last few runs took, of
// each process that is running.
func (s *Store) RecentDurations(ctx context.Context, few int64) ([]Duration, error) {
	return list(ctx, s, s.recentDurations(few), func(r dialect.Row) (d Duration, err error) {
		return d, r.Scan(&d.Process, &d.StartedAt, &d.EndedAt)
	})
}

// Waiting is the number of extracts with one status in a location, and the time of the
// oldest.
type Waiting struct {
	Location string // its name
	Count    int64
	Oldest   dialect.Time // registration of the oldest one
}

func (q sql) waitingExtracts(status ExtractStatus, most int64) dialect.Stmt {
	return q.conditional("overview.waiting", int64(status), func(v []any) squirrel.Sqlizer {
		oldest := q.limit(whereID(squirrel.Select("e.location_id", "e.registered_at").From(q.as(tExtract, "e")), "e.status_id", status).
			OrderBy("e.registered_at", "e.id"), v[0])
		return facts{kind: dialect.Select, derived: true, Sqlizer: squirrel.Select("l.name", "COUNT(*)", "MIN(w.registered_at)").
			JoinClause(squirrel.Expr("FROM (?) AS w", oldest)).
			Join(q.as(tLocation, "l")+" ON l.id = w.location_id").
			GroupBy("l.id", "l.name").OrderBy("l.id")}
	}, limit(most))
}

// WaitingExtracts counts the extracts of a status by location, the most oldest ones.
func (s *Store) WaitingExtracts(ctx context.Context, status ExtractStatus, most int64) ([]Waiting, error) {
	return list(ctx, s, s.waitingExtracts(status, most), func(r dialect.Row) (w Waiting, err error) {
		return w, r.Scan(&w.Location, &w.Count, &w.Oldest)
	})
}

func (q sql) claimants(ids []int64) dialect.Stmt {
	return q.stmt("overview.claimants", func() squirrel.Sqlizer {
		return q.fromRows(squirrel.Select("r.id", "run.id", "p.name", "run.run_no"), slot(0), integer("id")).
			JoinClause(q.each(tExtract, "e", "id", "r.id")).
			JoinClause(q.each(tRun, "run", "id", "e.claimed_by")).
			JoinClause(q.each(tProcess, "p", "id", "run.process_id")).
			OrderBy("r.id")
	}, rows(idRows(ids)))
}

// Claimant is the run that holds an extract.
type Claimant struct {
	Extract int64
	Run     int64
	Process string
	RunNo   int64
}

// Claimants lists the runs that hold extracts, for the given extracts that are held.
func (s *Store) Claimants(ctx context.Context, extracts []int64) ([]Claimant, error) {
	return list(ctx, s, s.claimants(extracts), func(r dialect.Row) (c Claimant, err error) {
		return c, r.Scan(&c.Extract, &c.Run, &c.Process, &c.RunNo)
	})
}

func (q sql) overviewCatalogue() []dialect.Stmt {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	const most = 10_000 // as the tracker asks: the size is a part of the text
	return []dialect.Stmt{
		q.allDependencies(nil, nil, most), q.allDependencies(nil, nil, 500), q.allDependencies(int64(3), int64(4), 500), q.contactsOfProcesses(most), q.contactsOfSources(most), q.listLocations(1, most),
		q.runsDuring(During{Since: at, Until: at, EndedBefore: at, Limit: most}), q.recentDurations(20),
		q.waitingExtracts(Initializing, most), q.waitingExtracts(Ready, most), q.waitingExtracts(Loading, most), q.waitingExtracts(ExtractError, most),
		q.claimants([]int64{7}), q.extractsNamed("part", 100),
	}
}
