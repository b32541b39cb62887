package mysql

import (
	"regexp"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// InTheWay implements [dialect.Dialect]. The tracker's tables are known by their
// comments. Views have none: the tracker's are known by the table that they all
// read, where the user may see that.
func (d Dialect) InTheWay() dialect.Stmt {
	tables := squirrel.And{
		squirrel.Eq{"t.table_name": d.made("CREATE TABLE IF NOT EXISTS ")},
		squirrel.Expr("t.table_comment NOT LIKE 'ProcessTracker:%'"),
	}
	views := squirrel.And{
		squirrel.Eq{"t.table_name": d.made("CREATE OR REPLACE SQL SECURITY DEFINER VIEW ")},
		squirrel.Expr("(t.table_type <> 'VIEW' OR v.view_definition <> '' AND INSTR(v.view_definition, ?) = 0)", d.Table("process")),
	}
	text, args, err := squirrel.Select("t.table_name").From("information_schema.tables AS t").
		LeftJoin("information_schema.views AS v ON v.table_schema = t.table_schema AND v.table_name = t.table_name").
		Where("t.table_schema = DATABASE()").Where(squirrel.Or{tables, views}).OrderBy("t.table_name").ToSql()
	if err != nil {
		panic(err) // nothing in it comes from outside
	}
	return dialect.Stmt{Name: "setup.in_the_way", SQL: text, Args: args}
}

var quoted = regexp.MustCompile("^`((?:[^`]|``)*)`")

// made are the names that statements which begin so make.
func (d Dialect) made(create string) []string {
	var all []string
	for _, m := range d.migrations {
		for _, s := range m.Statements {
			_, rest, _ := strings.Cut("\n"+s, "\n"+create) // behind a comment
			if name := quoted.FindStringSubmatch(rest); name != nil {
				all = append(all, strings.ReplaceAll(name[1], "``", "`"))
			}
		}
	}
	return all
}
