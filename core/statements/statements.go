// Package statements lists every SQL statement that the tracker sends, as a dialect
// spells it: for the golden files that a reviewer reads, for checks of the grammar, and
// for DBAs.
package statements

import (
	"fmt"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/internal/store"
)

// All returns the statements with sample arguments. One whose text depends on
// what is asked for, such as a list with filters, is there in its shortest and
// in its longest form.
func All(d dialect.Dialect) []dialect.Stmt { return store.Catalogue(d) }

// Golden renders the statements for people to read: each under its name, a
// clause a line, the same text once.
func Golden(d dialect.Dialect) string {
	var b strings.Builder
	seen := map[string]bool{}
	for _, s := range All(d) {
		entry := fmt.Sprintf("-- %s\n%s;\n\n", s.Name, clauses(s.SQL))
		if !seen[entry] {
			seen[entry] = true
			b.WriteString(entry)
		}
	}
	return b.String()
}

// clauses puts the clauses of a statement on lines of their own.
func clauses(sql string) string {
	for _, word := range []string{
		"SELECT", "FROM", "LEFT JOIN", "CROSS JOIN", "STRAIGHT_JOIN", "JOIN", "WHERE", "SET", "VALUES", "ORDER BY", "ON CONFLICT", "FOR NO KEY UPDATE", "LIMIT", "UNION",
	} {
		sql = strings.ReplaceAll(sql, " "+word+" ", "\n  "+word+" ")
	}
	return strings.NewReplacer("LEFT\n  JOIN", "LEFT JOIN", "CROSS\n  JOIN", "CROSS JOIN", "SELECT\n  STRAIGHT_JOIN", "SELECT STRAIGHT_JOIN").Replace(sql)
}
