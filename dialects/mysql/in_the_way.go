package mysql

import (
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// InTheWay implements [dialect.Dialect]. It recognizes the tracker's tables by their
// comments. Views have none: it recognizes the tracker's views by the table that they
// all read, if the user may see that.
func (d Dialect) InTheWay(names dialect.Names) dialect.Stmt {
	tables := squirrel.And{
		squirrel.Eq{"t.table_name": d.prefixed(names.Tables)},
		squirrel.Expr("t.table_comment NOT LIKE 'ProcessTracker:%'"),
	}
	views := squirrel.And{
		squirrel.Eq{"t.table_name": d.prefixed(names.Views)},
		squirrel.Expr("(t.table_type <> 'VIEW' OR v.view_definition <> '' AND INSTR(v.view_definition, ?) = 0 AND INSTR(v.view_definition, ?) = 0)",
			d.Table("process"), `"`+strings.ReplaceAll(d.prefix, `"`, `""`)+`process"`), // as ANSI_QUOTES has it
	}
	text, args, err := squirrel.Select("CONCAT(IF(t.table_type = 'VIEW', 'view ', 'table '), t.table_name)").From("information_schema.tables AS t").
		LeftJoin("information_schema.views AS v ON v.table_schema = t.table_schema AND v.table_name = t.table_name").
		Where("t.table_schema = DATABASE()").Where(squirrel.Or{tables, views}).OrderBy("t.table_name").ToSql()
	if err != nil {
		panic(err) // nothing in it comes from outside
	}
	return dialect.Stmt{Name: "setup.in_the_way", SQL: text, Args: args}
}

func (d Dialect) prefixed(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = d.prefix + name
	}
	return all
}
