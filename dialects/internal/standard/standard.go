// Package standard has the SQL that several databases spell in the same way.
package standard

import (
	"fmt"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// InsertAbsent inserts the rows of from that the table, called x, lacks. onKey says
// what to do with a row whose key another transaction has inserted meanwhile; it is
// empty for a table without such keys.
func InsertAbsent(table string, columns []string, from squirrel.SelectBuilder, match dialect.Match, onKey string) squirrel.Sqlizer {
	absent := "NOT EXISTS (SELECT 1 FROM " + table + " AS x WHERE " + match.Condition() + ")"
	insert := squirrel.Insert(table).Columns(columns...).Select(from.Where(absent, match.Args...))
	if onKey == "" {
		return insert
	}
	return insert.Suffix(onKey)
}

// UpdateIn adds the condition that the column's value is among the ids.
func UpdateIn(update squirrel.UpdateBuilder, key squirrel.Eq, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	if len(key) > 0 {
		update = update.Where(key)
	}
	return update.Where(squirrel.Expr(column+" IN (?)", ids))
}

// DeleteIn deletes the rows whose column's value is among the ids.
func DeleteIn(table, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	return squirrel.Delete(table).Where(squirrel.Expr(column+" IN (?)", ids))
}

// UpdateFrom changes the rows of table, called x, by those of a FROM item.
func UpdateFrom(table string, set []dialect.Assignment, from, match string) string {
	return "UPDATE " + table + " AS x SET " + Assignments("", set) + " FROM " + from + " WHERE " + match
}

// Assignments returns the assignments of an UPDATE's SET, with the prefix before each
// column.
func Assignments(prefix string, set []dialect.Assignment) string {
	values := make([]string, len(set))
	for i, a := range set {
		values[i] = prefix + a.Column + " = " + a.Expr
	}
	return strings.Join(values, ", ")
}

// Limit implements [dialect.Dialect] with LIMIT.
func Limit(s squirrel.SelectBuilder, n any, most int64, lock string) squirrel.SelectBuilder {
	if n == nil {
		s = s.Suffix(fmt.Sprintf("LIMIT %d", most))
	} else {
		s = s.Suffix("LIMIT ?", n)
	}
	if lock != "" {
		s = s.Suffix(lock)
	}
	return s
}
