package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// SystemFilter says which systems to list; zero fields match everything.
type SystemFilter struct {
	Name        string
	Type        string
	DatasetType string
	After       int64 // systems with a greater id
	Limit       int64
}

func (q sql) listSystems(f SystemFilter) dialect.Stmt {
	return q.conditional("systems.list", 0, func(v []any) squirrel.Sqlizer {
		query := q.audited(squirrel.Select("sy.id", "sy.name", "t.name", "sy.charset").From(q.as(tSystem, "sy")).
			LeftJoin(q.as(tSourceType, "t")+" ON t.id = sy.type_id"), "sy").
			Where(squirrel.Gt{"sy.id": v[0]}).OrderBy("sy.id")
		query = whereSet(query, "sy.name", v[2])
		query = whereSet(query, "t.name", v[3])
		if datasetType := v[4]; datasetType != nil {
			query = query.Where(squirrel.Expr("sy.id IN (?)", squirrel.Select("d.system_id").
				JoinClause(squirrel.Expr("FROM (?) AS d", q.systemsOf("source"))).
				Where(squirrel.Expr("d.process_id IN (?)", q.processesOnDatasetType(datasetType)))))
		}
		return q.limit(query, v[1])
	}, f.After, limit(f.Limit), given(f.Name), given(f.Type), given(f.DatasetType))
}

// Systems lists systems, oldest first.
func (s *Store) Systems(ctx context.Context, f SystemFilter) ([]System, error) {
	all, err := list(ctx, s, s.listSystems(f), func(r dialect.Row) (y System, err error) {
		return y, r.Scan(append([]any{&y.ID, &y.Name, optional{&y.Type}, optional{&y.Charset}}, y.Audit.columns()...)...)
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := idsOf(all, func(y System) int64 { return y.ID })
	types, err := s.namesBy(ctx, s.datasetTypesOfSystems(ids))
	for i := range all {
		all[i].DatasetTypes = types[all[i].ID]
	}
	return all, err
}

// ObjectFilter says which objects to list; zero fields match everything.
type ObjectFilter struct {
	System      string
	Name        string
	DatasetType string
	After       int64 // objects with a greater id
	Limit       int64
}

func (q sql) listObjects(f ObjectFilter) dialect.Stmt {
	return q.conditional("objects.list", 0, func(v []any) squirrel.Sqlizer {
		query := q.audited(squirrel.Select("ob.id", "sy.name", "ob.name", "ob.charset").From(q.as(tObject, "ob")).
			Join(q.as(tSystem, "sy")+" ON sy.id = ob.system_id"), "ob").
			Where(squirrel.Gt{"ob.id": v[0]}).OrderBy("ob.id")
		query = whereSet(query, "sy.name", v[2])
		query = whereSet(query, "ob.name", v[3])
		if datasetType := v[4]; datasetType != nil {
			query = query.Where(squirrel.Expr("ob.id IN (?)", squirrel.Select("d.object_id").
				JoinClause(squirrel.Expr("FROM (?) AS d", q.objectsOf("source"))).
				Where(squirrel.Expr("d.process_id IN (?)", q.processesOnDatasetType(datasetType)))))
		}
		return q.limit(query, v[1])
	}, f.After, limit(f.Limit), given(f.System), given(f.Name), given(f.DatasetType))
}

// Objects lists objects, oldest first.
func (s *Store) Objects(ctx context.Context, f ObjectFilter) ([]Object, error) {
	all, err := list(ctx, s, s.listObjects(f), func(r dialect.Row) (o Object, err error) {
		return o, r.Scan(append([]any{&o.ID, &o.System, &o.Name, optional{&o.Charset}}, o.Audit.columns()...)...)
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := idsOf(all, func(o Object) int64 { return o.ID })
	types, err := s.namesBy(ctx, s.datasetTypesOfObjects(ids))
	for i := range all {
		all[i].DatasetTypes = types[all[i].ID]
	}
	return all, err
}

// datasetTypesOfSystems reads the dataset types of the processes that have the
// systems as sources (rule S1.9).
func (q sql) datasetTypesOfSystems(ids []int64) dialect.Stmt {
	return q.stmt("systems.dataset_types", func() squirrel.Sqlizer {
		query := q.fromRows(squirrel.Select("r.id", "t.name").Distinct(), slot(0), integer("id")).
			JoinClause(squirrel.Expr(q.then("(?) AS d")+" ON d.system_id = r.id", q.systemsOf("source")))
		return facts{Sqlizer: q.joinDatasetTypes(query), kind: dialect.Select, derived: true}
	}, rows(idRows(ids)))
}

func (q sql) datasetTypesOfObjects(ids []int64) dialect.Stmt {
	return q.stmt("objects.dataset_types", func() squirrel.Sqlizer {
		query := q.fromRows(squirrel.Select("r.id", "t.name").Distinct(), slot(0), integer("id")).
			JoinClause(squirrel.Expr(q.then("(?) AS d")+" ON d.object_id = r.id", q.objectsOf("source")))
		return facts{Sqlizer: q.joinDatasetTypes(query), kind: dialect.Select, derived: true}
	}, rows(idRows(ids)))
}

func (q sql) joinDatasetTypes(query squirrel.SelectBuilder) squirrel.SelectBuilder {
	return query.
		Join(q.as(tProcessData, "pd")+" ON pd.process_id = d.process_id").
		Join(q.as(tDatasetType, "t")+" ON t.id = pd.dataset_type_id").
		OrderBy("r.id", "t.name")
}

// idsOf returns the ids of rows.
func idsOf[T any](rows []T, id func(T) int64) []int64 {
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = id(row)
	}
	return ids
}

// namesBy reads names, grouped by the ids of the rows that have them.
func (s *Store) namesBy(ctx context.Context, st dialect.Stmt) (map[int64][]string, error) {
	type row struct {
		id   int64
		name string
	}
	all, err := list(ctx, s, st, func(r dialect.Row) (row row, err error) { return row, r.Scan(&row.id, &row.name) })
	names := map[int64][]string{}
	for _, row := range all {
		names[row.id] = append(names[row.id], row.name)
	}
	return names, err
}

func (q sql) listAttributes(system, object string, after, limit int64) dialect.Stmt {
	return q.stmt("attributes.list", func() squirrel.Sqlizer {
		return q.limit(q.audited(squirrel.Select(attributeColumns("at")...).From(q.as(tAttribute, "at")).
			Join(q.as(tObject, "ob")+" ON ob.id = at.object_id").
			Join(q.as(tSystem, "sy")+" ON sy.id = ob.system_id"), "at").
			Where(squirrel.Eq{"sy.name": slot(0), "ob.name": slot(1)}).
			Where(squirrel.Gt{"at.id": slot(2)}).OrderBy("at.id"), slot(3))
	}, system, object, after, limit)
}

// Attributes lists the attributes of an object with an id greater than after, oldest first.
func (s *Store) Attributes(ctx context.Context, system, object string, after, limit int64) ([]Attribute, error) {
	return list(ctx, s, s.listAttributes(system, object, after, limit), func(r dialect.Row) (a Attribute, err error) {
		return a, r.Scan(append(a.columns(), a.Audit.columns()...)...)
	})
}
