package sqlserver

import (
	"slices"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/standard"
)

// How statements find their rows, and what they lock: docs/decisions/0013 and 0075 to 0077.

const (
	orderedJoin = " INNER LOOP JOIN "

	// seek makes the database find a row by an index.
	seek = " WITH (FORCESEEK)"
	// target is seek for rows to change. A page lock would block all rows on the page,
	// and READPAST does not skip it.
	target = " WITH (ROWLOCK, FORCESEEK)"
)

// Hints implements [dialect.Dialect]. A join with carried rows, and the lookup of
// missing names, must be nested loops by index, in the written order: the optimizer
// knows nothing about carried rows, and a plan that scans a table meets the locks of
// all other transactions. If rows are carried twice, or joined with something other
// than a single table, the optimizer is left to choose.
//
// Inserts, updates and deletes use nested loops, too: the checks of foreign keys are
// joins of their plans, and for thousands of rows the optimizer would prefer a scan.
func (d Dialect) Hints(s dialect.Stmt) string {
	var hints []string
	if s.Rows == 1 || s.Kind != dialect.Select && s.Rows == 0 {
		hints = append(hints, "LOOP JOIN")
	}
	if s.Rows > 0 || s.Absent != "" && !leadsWithID(s.Absent) {
		hints = append(hints, "FORCE ORDER")
	}
	if len(hints) == 0 || s.Derived {
		return ""
	}
	return " OPTION (" + strings.Join(hints, ", ") + ")"
}

// Update implements [dialect.Dialect]. The hint for an index is only allowed in a FROM.
func (d Dialect) Update(table string) squirrel.UpdateBuilder {
	return squirrel.Update(d.Table(table)).From(d.Table(table) + target)
}

// Delete implements [dialect.Dialect], in the same way.
func (d Dialect) Delete(table string) squirrel.DeleteBuilder {
	return squirrel.Delete(d.Table(table) + " FROM " + d.Table(table) + target)
}

// Read implements [dialect.Dialect]. If the database uses row versions, a reader would
// not wait for uncommitted rows.
func (d Dialect) Read(table, alias string, how dialect.Reading) string {
	hint := seek
	if how == dialect.Waiting {
		hint = " WITH (READCOMMITTEDLOCK)"
	}
	return d.Table(table) + " AS " + alias + hint
}

// Along implements [dialect.Dialect]. It gives no hint: what SQL Server makes of these lists
// has not been measured.
func (d Dialect) Along(_, from string, _ ...string) string { return from }

// leadsWithID reports whether the key of a table begins with its parent's id. A new row
// then usually comes last in the index, in a gap without an upper end: a lock on it would
// block all other inserts.
func leadsWithID(table string) bool {
	return slices.Contains([]string{
		"run", "run_lease", "run_soft_dependency", "run_extract", "status_history", "refusal",
		"extract", "extract_dependency", "extract_system", "extract_object", "location_system", "location_object",
		"process_system", "process_object", "process_attribute", "process_dataset_type", "process_filter", "process_contact",
		"process_cluster", "process_dependency", "system_contact", "data_object", "data_attribute",
	}, table)
}

// InsertAbsent implements [dialect.Dialect]. It finds an existing name without a lock, so
// that callers with the same name do not wait for each other. For a missing name, a second
// lookup locks the gap where it would be: another transaction that registers the name
// waits there, and then finds it. CASE stops after the first hit.
//
// Rows whose key begins with an id are looked up without locks. If another transaction
// inserts the same row at the same moment, the key is violated, and the backend treats
// that as a conflict.
//
// MERGE would have to do the same, and has faults of its own.
func (d Dialect) InsertAbsent(table string, columns []string, from squirrel.SelectBuilder, match dialect.Match) squirrel.Sqlizer {
	insert := squirrel.Insert(d.Table(table)).Columns(columns...)
	exists := func(hints string, match dialect.Match) string {
		return "EXISTS (SELECT 1 FROM " + d.Table(table) + " AS x WITH (" + hints + ") WHERE " + match.Condition() + ")"
	}
	if leadsWithID(table) {
		return insert.Select(from.Where("NOT "+exists("FORCESEEK", match), match.Args...))
	}
	matches := []dialect.Match{match}
	if len(match.All) == 0 { // each by the index of its own
		matches = nil
		for _, one := range match.Any {
			matches = append(matches, dialect.Match{All: []dialect.Assignment{one}})
		}
	}
	var found strings.Builder
	found.WriteString("CASE")
	for _, hints := range []string{"FORCESEEK", "UPDLOCK, HOLDLOCK, FORCESEEK"} {
		for _, match := range matches {
			found.WriteString(" WHEN " + exists(hints, match) + " THEN 1")
		}
	}
	return insert.Select(from.Where(found.String() + " ELSE 0 END = 0"))
}

// UpdateIn implements [dialect.Dialect] with a join whose hint fixes its order.
func (d Dialect) UpdateIn(table string, update squirrel.UpdateBuilder, key squirrel.Eq, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	if len(key) > 0 {
		update = update.Where(key)
	}
	t := d.Table(table)
	return update.FromSelect(ids, "w"+orderedJoin+t+target+" ON "+t+"."+column+" = w.id")
}

// DeleteIn implements [dialect.Dialect] in the same way.
func (d Dialect) DeleteIn(table, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	t := d.Table(table)
	return squirrel.Expr("DELETE "+t+" FROM (?) AS w"+orderedJoin+t+target+" ON "+t+"."+column+" = w.id", ids)
}

// UpdateRows implements [dialect.Dialect].
func (d Dialect) UpdateRows(table string, set []dialect.Assignment, rows []dialect.Column, key string) string {
	return "UPDATE x SET " + standard.Assignments("", set) + " FROM " + recordset(rows) + orderedJoin + d.Table(table) + " AS x" + target + " ON x." + key + " = r." + key
}

// LockBy implements [dialect.Pessimist]: an update locks each row that it reads, and the
// check of a foreign key locks the referenced row, with and without row versions. The
// column, which needs no brackets, has none, because Babelfish's grammar knows none there.
func (d Dialect) LockBy(table, alias, index, column string) (from, suffix string) {
	by := "FORCESEEK(" + identifier(index) + "(" + column + "))"
	return d.Table(table) + " AS " + alias + " WITH (UPDLOCK, ROWLOCK, READPAST, " + by + ")", ""
}

// Lock implements [dialect.Dialect].
func (d Dialect) Lock(table, alias string, skip bool, _ ...string) (from, suffix string) {
	hints := "UPDLOCK, ROWLOCK, FORCESEEK"
	if skip {
		hints += ", READPAST"
	}
	return d.Table(table) + " AS " + alias + " WITH (" + hints + ")", ""
}
