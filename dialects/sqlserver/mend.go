package sqlserver

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

var (
	// inline matches the text in a column's line that defines a separate part.
	inline = regexp.MustCompile(` REFERENCES .*| CHECK \(.*| PRIMARY KEY| IDENTITY( \([^)]*\))?`)
	preset = regexp.MustCompile(` DEFAULT (\S+)`)
)

// Mend implements [dialect.Upkeep].
func (d Dialect) Mend(p dialect.Part, have, line string) []string {
	alter := "ALTER TABLE " + d.Table(p.Table) + " "
	constraint := func(end string) string {
		columns := cmp.Or(p.Name, p.Is) // a key has no name
		return alter + "ADD CONSTRAINT " + identifier(p.Table+"_"+strings.ReplaceAll(columns, ",", "_")+end) + " "
	}
	line = inline.ReplaceAllString(line, "")
	switch p.Kind {
	case dialect.KindColumn:
		if have == "" {
			return []string{alter + "ADD " + line}
		}
		return []string{alter + "ALTER COLUMN " + preset.ReplaceAllString(line, "")}
	case dialect.KindDefault:
		if m := preset.FindStringSubmatch(line); m != nil {
			return []string{constraint("_default") + "DEFAULT " + m[1] + " FOR " + p.Name}
		}
		return nil
	case dialect.KindKey:
		if have != "" {
			return nil // its name is not known
		}
		return []string{constraint("_pkey") + "PRIMARY KEY (" + p.Is + ")"}
	case dialect.KindUnique:
		return []string{constraint("_key") + "UNIQUE (" + p.Is + ")"}
	case dialect.KindForeignKey:
		if have != "" {
			return nil
		}
		table, columns, _ := strings.Cut(p.Is, " ")
		return []string{constraint("_fkey") + "FOREIGN KEY (" + p.Name + ") REFERENCES " + d.Table(table) + " " + columns}
	case dialect.KindIndex:
		on := identifier(p.Name) + " ON " + d.Table(p.Table)
		return []string{"DROP INDEX IF EXISTS " + on, "CREATE INDEX " + on + " (" + p.Is + ")"}
	case dialect.KindCounter:
		least, err := strconv.ParseInt(p.Is, 10, 64)
		if err != nil {
			return nil
		}
		return []string{"DBCC CHECKIDENT (" + d.literal(p.Table) + ", RESEED, " + strconv.FormatInt(least-1, 10) + ")"} // the last one given
	default:
		return nil
	}
}
