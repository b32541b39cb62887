package sqlite

import (
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Mend implements [dialect.Upkeep]. SQLite can add columns and indexes to a table, and
// can change nothing else.
func (d Dialect) Mend(p dialect.Part, have, line string) []string {
	switch {
	case p.Kind == dialect.KindColumn && have == "" && addable(line):
		return []string{"ALTER TABLE " + d.Table(p.Table) + " ADD COLUMN " + line}
	case p.Kind == dialect.KindIndex:
		create := "CREATE INDEX " + d.Table(p.Name) + " ON " + d.Table(p.Table) + " (" + p.Is + ")"
		return []string{"DROP INDEX IF EXISTS " + d.Table(p.Name), create}
	case p.Kind == dialect.KindUnique:
		name := d.Table(p.Table + "_" + strings.ReplaceAll(p.Is, ",", "_"))
		return []string{"CREATE UNIQUE INDEX " + name + " ON " + d.Table(p.Table) + " (" + p.Is + ")"}
	case p.Kind == dialect.KindCounter:
		name := d.literal(p.Table)
		return []string{
			"DELETE FROM sqlite_sequence WHERE name = " + name,
			"INSERT INTO sqlite_sequence (name, seq) VALUES (" + name + ", " + p.Is + " - 1)",
		}
	default:
		return nil
	}
}

// addable reports whether a column can be added to a table that has rows: every row
// gets its default, which must not be an expression.
func addable(line string) bool {
	_, value, given := strings.Cut(line, " DEFAULT ")
	if strings.Contains(line, " PRIMARY KEY") || strings.HasPrefix(value, "(") {
		return false
	}
	return given || !strings.Contains(line, " NOT NULL")
}
