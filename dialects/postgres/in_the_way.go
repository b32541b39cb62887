package postgres

import (
	"slices"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// InTheWay implements [dialect.Dialect]. Tables, views, indexes and sequences share
// their names, and each table and view is a type, too.
func (d Dialect) InTheWay(names dialect.Names) dialect.Stmt {
	relations := slices.Concat(names.Tables, names.Views, names.Indexes)
	for _, table := range names.Identities {
		relations = append(relations, table+"_id_seq") // with another name, rights could not be granted to it
	}
	const kind = "CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index'" +
		" WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'type' WHEN 'f' THEN 'foreign table' ELSE 'table' END"
	text, args, err := squirrel.Select(kind + " || ' ' || c.relname").
		From("pg_catalog.pg_class AS c").Join("pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace").
		Where(squirrel.Eq{"n.nspname": d.schema, "c.relname": relations}).
		SuffixExpr(squirrel.Select("'type ' || t.typname").Prefix("UNION ALL").
			From("pg_catalog.pg_type AS t").Join("pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace").
			Where(squirrel.Eq{"n.nspname": d.schema, "t.typname": slices.Concat(names.Tables, names.Views), "t.typrelid": 0}).
			OrderBy("1")).ToSql()
	if err == nil {
		text, err = squirrel.Dollar.ReplacePlaceholders(text)
	}
	if err != nil {
		panic(err) // nothing in it comes from outside
	}
	return dialect.Stmt{Name: "setup.in_the_way", SQL: text, Args: args}
}
