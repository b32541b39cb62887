package mysql

import (
	"regexp"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// inline matches the text in a column's line that defines a separate part.
var inline = regexp.MustCompile(` CHECK \(.*| PRIMARY KEY`)

// Mend implements [dialect.Upkeep].
func (d Dialect) Mend(p dialect.Part, have, line string) []string {
	alter := "ALTER TABLE " + d.Table(p.Table) + " "
	if p.Kind != dialect.KindCheck {
		line = inline.ReplaceAllString(line, "")
	}
	switch p.Kind {
	case dialect.KindTable:
		return []string{alter + "ENGINE = " + p.Is}
	case dialect.KindColumn:
		if have == "" {
			return []string{alter + "ADD COLUMN " + line}
		}
		return []string{alter + "MODIFY COLUMN " + line}
	case dialect.KindDefault, dialect.KindIdentity:
		return []string{alter + "MODIFY COLUMN " + line}
	case dialect.KindKey:
		if have != "" {
			alter += "DROP PRIMARY KEY, "
		}
		return []string{alter + "ADD PRIMARY KEY (" + p.Is + ")"}
	case dialect.KindUnique:
		return []string{alter + "ADD UNIQUE " + identifier(p.Name) + " (" + p.Is + ")"}
	case dialect.KindForeignKey:
		if have != "" {
			return nil // its name is not known
		}
		table, columns, _ := strings.Cut(p.Is, " ")
		return []string{alter + "ADD FOREIGN KEY (" + p.Name + ") REFERENCES " + d.Table(table) + " " + columns}
	case dialect.KindIndex:
		create := "CREATE INDEX " + identifier(p.Name) + " ON " + d.Table(p.Table) + " (" + p.Is + ")"
		if have != "" {
			return []string{"DROP INDEX " + identifier(p.Name) + " ON " + d.Table(p.Table), create}
		}
		return []string{create}
	case dialect.KindCheck:
		return []string{alter + "ADD " + line}
	default:
		return nil
	}
}
