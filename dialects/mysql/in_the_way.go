package mysql

import (
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// InTheWay implements [dialect.Dialect]. It recognizes the tracker's tables by their
// comments. Views have none: it recognizes the tracker's views by a table that they read,
// if the user may see that.
func (d Dialect) InTheWay(names dialect.Names) dialect.Stmt {
	tables := squirrel.And{
		squirrel.Eq{"t.table_name": d.prefixed(names.Tables)},
		squirrel.Expr("t.table_comment NOT LIKE 'ProcessTracker:%'"),
	}
	foreign := squirrel.And{squirrel.Expr("v.view_definition <> ''")}
	for _, table := range viewed() {
		quoted := `"` + strings.ReplaceAll(d.prefix, `"`, `""`) + table + `"` // as ANSI_QUOTES has it
		foreign = append(foreign, squirrel.Expr("INSTR(v.view_definition, ?) = 0 AND INSTR(v.view_definition, ?) = 0", d.Table(table), quoted))
	}
	views := squirrel.And{
		squirrel.Eq{"t.table_name": d.prefixed(names.Views)},
		squirrel.Or{squirrel.Expr("t.table_type <> 'VIEW'"), foreign},
	}
	text, args, err := squirrel.Select("CONCAT(IF(t.table_type = 'VIEW', 'view ', 'table '), t.table_name)").From("information_schema.tables AS t").
		LeftJoin("information_schema.views AS v ON v.table_schema = t.table_schema AND v.table_name = t.table_name").
		Where("t.table_schema = DATABASE()").Where(squirrel.Or{tables, views}).OrderBy("t.table_name").ToSql()
	if err != nil {
		panic(err) // nothing in it comes from outside
	}
	return dialect.Stmt{Name: "setup.in_the_way", SQL: text, Args: args}
}

// viewed returns tables of which every view of the tracker reads at least one.
func viewed() []string { return []string{"process", "actor"} }

func (d Dialect) prefixed(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = d.prefix + name
	}
	return all
}
