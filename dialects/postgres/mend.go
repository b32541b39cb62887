package postgres

import (
	"regexp"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// inline matches the text in a column's line that defines a separate part.
var inline = regexp.MustCompile(` REFERENCES .*| CHECK \(.*`)

// Mend implements [dialect.Upkeep].
func (d Dialect) Mend(p dialect.Part, have, line string) []string {
	alter := "ALTER TABLE " + d.Table(p.Table) + " "
	column := alter + "ALTER COLUMN " + p.Name + " "
	switch p.Kind {
	case dialect.KindTable:
		return mendTable(alter, have)
	case dialect.KindColumn:
		if have == "" {
			return []string{alter + "ADD COLUMN " + inline.ReplaceAllString(line, "")}
		}
		return mendColumn(column, have, p.Is)
	case dialect.KindDefault:
		return []string{column + "SET DEFAULT " + p.Is}
	case dialect.KindIdentity:
		if have != "" {
			return []string{column + "SET GENERATED " + strings.ToUpper(p.Is)}
		}
		return []string{column + "ADD GENERATED " + strings.ToUpper(p.Is) + " AS IDENTITY"}
	case dialect.KindCounter:
		return []string{column + "RESTART WITH " + p.Is}
	case dialect.KindKey:
		if have != "" {
			return nil // its name is not known
		}
		return []string{alter + "ADD PRIMARY KEY (" + p.Is + ")"}
	case dialect.KindUnique:
		return []string{alter + "ADD UNIQUE (" + p.Is + ")"}
	case dialect.KindForeignKey:
		table, columns, _ := strings.Cut(p.Is, " ")
		if have != "" {
			return nil
		}
		return []string{alter + "ADD FOREIGN KEY (" + p.Name + ") REFERENCES " + d.Table(table) + " " + columns}
	case dialect.KindIndex:
		columns, where, partial := strings.Cut(p.Is, " where ")
		create := "CREATE INDEX " + identifier(p.Name) + " ON " + d.Table(p.Table) + " (" + columns + ")"
		if partial {
			create += " WHERE " + where
		}
		return []string{"DROP INDEX IF EXISTS " + d.Table(p.Name), create}
	case dialect.KindCheck:
		return []string{alter + "ADD " + line}
	default:
		return nil
	}
}

// mendColumn changes no more than what differs: a column that a view reads keeps its type.
func mendColumn(column, have, is string) (all []string) {
	kind, null := strings.TrimSuffix(is, " not null"), "DROP"
	if kind != is {
		null = "SET"
	}
	had := strings.TrimSuffix(have, " not null")
	if kind != had {
		plain, collation, _ := strings.Cut(kind, " collate ")
		if collation != "" {
			plain += " COLLATE " + identifier(collation)
		}
		all = append(all, column+"TYPE "+plain)
	}
	if (kind == is) != (had == have) {
		all = append(all, column+null+" NOT NULL")
	}
	return all
}

func mendTable(alter, have string) (all []string) {
	if strings.Contains(have, "unlogged") {
		all = append(all, alter+"SET LOGGED")
	}
	if strings.Contains(have, "row level security") {
		all = append(all, alter+"DISABLE ROW LEVEL SECURITY")
	}
	return all
}
