package store

import (
	"context"
	"slices"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// extractColumns belong to a select with joinExtract. Subqueries look names up one by
// one, because PostgreSQL takes longer to plan a join of eight tables than to read the
// rows. Tables whose rows another transaction may have just inserted are joined: under
// snapshot isolation, an extract without its row is then left out, and the operation
// starts again.
func (q sql) extractColumns() []string {
	name := func(table, id string) string { return q.lookUp("name", table, id) }
	return []string{
		"e.id", "e.name", name(tExtractStatus, "e.status_id"), "e.registered_at", "e.status_changed_at",
		"l.id", "l.path", "l.path_key", "l.name", name(tLocationType, "l.type_id"), "l.file_count", "l.listed_at",
		"p.name", "run.run_no", "run.id",
		name(tFileType, "e.file_type_id"), name(tCompression, "e.compression_type_id"), "e.size_bytes", "e.checksum",
		"e.write_count", "e.write_low_at", "e.write_high_at", "e.load_count", "e.load_low_at", "e.load_high_at", "e.listed_at",
	}
}

func (e *Extract) scan(r dialect.Row, before ...any) error {
	return r.Scan(append(before, e.columns()...)...)
}

// scanBefore is scan for a row with more columns after its own.
func (e *Extract) scanBefore(r dialect.Row, after ...any) error {
	return r.Scan(append(e.columns(), after...)...)
}

func (e *Extract) columns() []any {
	l, f, w, d := &e.Location, &e.File, &e.Written, &e.Loaded
	return []any{
		&e.ID, &e.Name, &e.Status, &e.RegisteredAt, &e.ChangedAt,
		&l.ID, &l.Path, &l.Key, &l.Name, &l.Type, &l.FileCount, &l.ListedAt,
		&e.Process, &e.RunNo, &e.RunID,
		optional{&f.Type}, optional{&f.Compression}, &f.Size, optional{&f.Checksum},
		&w.Count, &w.Low, &w.High, &d.Count, &d.Low, &d.High, &e.ListedAt,
	}
}

// joinExtract adds the tables of the extractColumns to a select from e. A list looks them
// up only for the rows that it returns; a join planned for many runs would read all of
// them.
func (q sql) joinExtract(s squirrel.SelectBuilder) squirrel.SelectBuilder {
	return q.joinWriter(s.JoinClause(q.each(tLocation, "l", "id", "e.location_id")))
}

// joinWriter adds those that say who registered the extract.
func (q sql) joinWriter(s squirrel.SelectBuilder) squirrel.SelectBuilder {
	return s.
		JoinClause(q.each(tRun, "run", "id", "e.registered_by")).
		JoinClause(q.each(tProcess, "p", "id", "e.process_id"))
}

// ExtractFilter says which extracts to find; zero fields match everything.
type ExtractFilter struct {
	ID           int64
	Name         string // the whole name, and its key
	NameKey      string
	NamePart     string
	NameGlob     string
	LocationKey  string
	LocationName string
	Process      string // whose run registered it
	DatasetType  string // of that process
	RunID        int64  // that worked on it
	Status       ExtractStatus
	Unheld       bool      // only those that are loading and held by no active run
	Since, Until time.Time // when registered: at Since or later, and before Until
	Newest       bool      // newest first
	AfterTime    time.Time // with AfterID: the position after which the list continues
	AfterID      int64
	Limit        int64
}

func (q sql) findExtracts(f ExtractFilter) dialect.Stmt {
	return q.conditional("extract.find", int64(f.Status), func(v []any) squirrel.Sqlizer {
		index := extractsAlong(f.Status, v)
		query := q.joinExtract(squirrel.Select(q.extractColumns()...).From(q.along(tExtract, q.as(tExtract, "e"), index)))
		query = inTime(q.filtered(query, f.Status, v), "e.registered_at", "e.id", v[filterAfterTime], v[filterAfterID], f.Newest)
		return ordered(q.limit(query, v[filterLimit]), index)
	}, q.filterValues(f)...)
}

// extractsAlong are the columns of the index that has a list's extracts in their order. It
// is nil for a list that begins at the end of an index, which every database finds, and
// where a filter has an index of its own or would need two.
func extractsAlong(status ExtractStatus, v []any) (index []string) {
	set := func(filters ...int) bool {
		return slices.ContainsFunc(filters, func(i int) bool { return v[i] != nil })
	}
	location, process := set(filterLocationKey, filterLocationName), set(filterProcess)
	switch {
	case !set(filterSince, filterUntil, filterAfterID), location && process:
		return nil
	case set(filterID, filterName, filterNameKey, filterGlob, filterDatasetType, filterRun):
		return nil
	}
	if status != 0 || set(filterUnheld) {
		index = append(index, "status_id")
	}
	if location {
		index = append(index, "location_id")
	}
	if process {
		index = append(index, "process_id")
	}
	return append(index, "registered_at", "id")
}

// The values of an [ExtractFilter], but for the status, which is part of the text.
const (
	filterLimit = iota
	filterID
	filterName
	filterNameKey
	filterPart
	filterGlob
	filterGlobFirst
	filterGlobEnd
	filterLocationKey
	filterLocationName
	filterProcess
	filterDatasetType
	filterRun
	filterUnheld
	filterSince
	filterUntil
	filterAfterTime
	filterAfterID
	filterNewest
)

func (q sql) filterValues(f ExtractFilter) []any {
	var glob dialect.Pattern
	if f.NameGlob != "" {
		glob = q.d.Pattern(f.NameGlob)
	}
	return []any{
		filterLimit: limit(f.Limit), filterID: given(f.ID), filterName: given(f.Name), filterNameKey: given(f.NameKey),
		filterPart: given(f.NamePart), filterGlob: glob.Text, filterGlobFirst: glob.First, filterGlobEnd: glob.End,
		filterLocationKey: given(f.LocationKey), filterLocationName: given(f.LocationName), filterProcess: given(f.Process),
		filterDatasetType: given(f.DatasetType), filterRun: given(f.RunID), filterUnheld: given(f.Unheld),
		filterSince: q.perhaps(f.Since), filterUntil: q.perhaps(f.Until),
		filterAfterTime: q.perhaps(f.AfterTime), filterAfterID: given(f.AfterID), filterNewest: given(f.Newest),
	}
}

// filtered adds the conditions of the filter to a select from e. It joins no table,
// because a claim locks the rows of every table that it selects from.
func (q sql) filtered(query squirrel.SelectBuilder, status ExtractStatus, v []any) squirrel.SelectBuilder {
	query = whereSet(query, "e.id", v[filterID])
	query = whereSet(query, "e.name", v[filterName])
	query = whereSet(query, "e.name_key", v[filterNameKey])
	query = whereID(query, "e.status_id", status)
	one := func(column, table, key string, value any) {
		if value != nil {
			query = query.Where(squirrel.Expr(column+" = (?)", squirrel.Select("id").From(q.d.Table(table)).Where(squirrel.Eq{key: value})))
		}
	}
	one("e.location_id", tLocation, "path_key", v[filterLocationKey])
	one("e.location_id", tLocation, "name", v[filterLocationName])
	if v[filterLocationKey] != nil || v[filterLocationName] != nil {
		query = query.Where("e.location_id > 0") // always true; it makes PostgreSQL use the index by location: see decision 94
	}
	one("e.process_id", tProcess, "name", v[filterProcess])
	if v[filterUnheld] != nil {
		query = whereID(query, "e.status_id", Loading).Where(q.unheld("e.claimed_by"))
	}
	if datasetType := v[filterDatasetType]; datasetType != nil {
		query = query.Where(squirrel.Expr("e.process_id IN (?)", q.processesOnDatasetType(datasetType)))
	}
	if part := v[filterPart]; part != nil {
		query = query.Where(q.d.Contains("e.name", part))
	}
	if glob := v[filterGlob]; glob != nil {
		query = query.Where(q.d.Glob("e.name", dialect.Pattern{Text: glob, First: v[filterGlobFirst], End: v[filterGlobEnd]}))
	}
	if run := v[filterRun]; run != nil {
		links := squirrel.Select("re.extract_id").From(q.as(tRunExtract, "re")).Where(squirrel.Eq{"re.run_id": run})
		query = query.Where(squirrel.Expr("e.id IN (?)", links))
	}
	return within(query, "e.registered_at", v[filterSince], v[filterUntil])
}

// inTime orders a select by a time and an id, and restricts it to the rows after a given one, if any.
func inTime(query squirrel.SelectBuilder, at, id string, lastAt, lastID any, newest bool) squirrel.SelectBuilder {
	if newest {
		query = query.OrderBy(at+" DESC", id+" DESC")
		if lastID == nil {
			return query
		}
		return query.Where(squirrel.LtOrEq{at: lastAt}).Where(squirrel.Or{squirrel.Lt{at: lastAt}, squirrel.Lt{id: lastID}})
	}
	return after(query.OrderBy(at, id), at, id, lastAt, lastID)
}

// after restricts a select that is ordered by a time and an id to the rows after a given
// one, if any. The first condition is the position in the index, the second decides among
// rows of that same time.
func after(query squirrel.SelectBuilder, at, id string, lastAt, lastID any) squirrel.SelectBuilder {
	if lastID == nil {
		return query
	}
	return query.Where(squirrel.GtOrEq{at: lastAt}).Where(squirrel.Or{squirrel.Gt{at: lastAt}, squirrel.Gt{id: lastID}})
}

// FindExtracts finds extracts, oldest first.
func (s *Store) FindExtracts(ctx context.Context, f ExtractFilter) ([]Extract, error) {
	return list(ctx, s, s.findExtracts(f), func(r dialect.Row) (e Extract, err error) { return e, e.scan(r) })
}
