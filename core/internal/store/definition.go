package store

import (
	"context"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// definition reads what a process is defined as, in one statement, so that it is
// as it was at one moment. The first column says what a row is: the process
// itself, a dataset type, a source or a target, or a filter.
func (q sql) definition(process string) dialect.Stmt {
	return q.stmt("process.definition", func() squirrel.Sqlizer {
		from := func(table string, columns ...string) squirrel.SelectBuilder {
			query := squirrel.Select(columns...).From(q.as(tProcess, "p")).Where(squirrel.Eq{"p.name": slot(0)})
			if table == "" {
				return query
			}
			return query.Join(q.as(table, "l") + " ON l.process_id = p.id")
		}
		system, object := q.as(tSystem, "sy"), q.as(tObject, "ob")
		attribute := func(s squirrel.SelectBuilder) squirrel.SelectBuilder {
			return s.Join(q.as(tAttribute, "at") + " ON at.id = l.attribute_id").
				Join(object + " ON ob.id = at.object_id").Join(system + " ON sy.id = ob.system_id")
		}
		parts := []any{
			// MariaDB in its mode ORACLE wants names for the columns of a union.
			from("", "'process' AS what", "coalesce(t.name, '') AS a", "coalesce(o.name, '') AS b", "coalesce(f.name, '') AS c",
				"'' AS op", "'' AS value").
				LeftJoin(q.as(tProcessType, "t") + " ON t.id = p.type_id").
				LeftJoin(q.as(tTool, "o") + " ON o.id = p.tool_id").
				LeftJoin(q.as(tFrequency, "f") + " ON f.id = p.frequency_id"),
			from(tProcessData, "'dataset type'", "t.name", "''", "''", "''", "''").Join(q.as(tDatasetType, "t") + " ON t.id = l.dataset_type_id"),
			from("process_system", "l.role", "sy.name", "''", "''", "''", "''").Join(system + " ON sy.id = l.system_id"),
			from("process_object", "l.role", "sy.name", "ob.name", "''", "''", "''").
				Join(object + " ON ob.id = l.object_id").Join(system + " ON sy.id = ob.system_id"),
			attribute(from("process_attribute", "l.role", "sy.name", "ob.name", "at.name", "''", "''")),
			attribute(from(tFilter, "'filter'", "sy.name", "ob.name", "at.name", "l.operator", "l.value")),
		}
		return squirrel.Expr("?"+strings.Repeat(" UNION ALL ?", len(parts)-1), parts...)
	}, process)
}

// Definition returns what a process is defined as, in no order, or [ErrUnknown].
func (s *Store) Definition(ctx context.Context, process string) (Definition, error) {
	type row struct{ what, a, b, c, operator, value string }
	all, err := list(ctx, s, s.definition(process), func(r dialect.Row) (row row, err error) {
		return row, r.Scan(&row.what, &row.a, &row.b, &row.c, &row.operator, &row.value)
	})
	if err == nil && len(all) == 0 {
		err = ErrUnknown
	}
	d := Definition{Process: process}
	for _, row := range all {
		switch row.what {
		case "process":
			d.Type, d.Tool, d.Frequency = row.a, row.b, row.c
		case "dataset type":
			d.DatasetTypes = append(d.DatasetTypes, row.a)
		case "filter":
			d.Filters = append(d.Filters, Filter{System: row.a, Object: row.b, Attribute: row.c, Operator: row.operator, Value: row.value})
		default:
			d.Data = append(d.Data, Data{Role: row.what, System: row.a, Object: row.b, Attribute: row.c})
		}
	}
	return d, err
}
