package sqlite

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/lookups"
)

//go:embed catalogue.txt
var expected string

// Expected implements [dialect.Upkeep].
func (d Dialect) Expected() string { return expected }

// Catalogue implements [dialect.Upkeep]. For tables and views it includes the SQL text
// that created them, because SQLite shows checks nowhere else.
func (d Dialect) Catalogue() []dialect.Stmt {
	const query = `WITH mine AS (
	SELECT type, name, substr(name, length(?1) + 1) AS bare, sql FROM sqlite_master
	WHERE type IN ('table', 'view') AND substr(name, 1, length(?1)) = ?1 COLLATE NOCASE)
SELECT type, bare, '', sql FROM mine
UNION ALL
SELECT 'column', t.bare, c.name, c.type || CASE WHEN c.hidden > 1 THEN ' generated' ELSE '' END || CASE WHEN c."notnull" OR c.pk > 0 THEN ' not null' ELSE '' END
FROM mine AS t JOIN pragma_table_xinfo(t.name) AS c WHERE t.type = 'table' AND c.hidden <> 1
UNION ALL
SELECT 'default', t.bare, c.name, c.dflt_value
FROM mine AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table' AND c.dflt_value IS NOT NULL
UNION ALL
SELECT 'key', bare, '', columns FROM (SELECT t.bare, (
	SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk)) AS columns
	FROM mine AS t WHERE t.type = 'table') WHERE columns IS NOT NULL
UNION ALL
SELECT CASE WHEN x."unique" THEN 'unique' ELSE 'index' END, t.bare, CASE WHEN x."unique" THEN '' ELSE substr(x.name, length(?1) + 1) END,
	coalesce((SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(x.name) ORDER BY seqno)), '')
FROM mine AS t JOIN pragma_index_list(t.name) AS x WHERE t.type = 'table' AND x.origin <> 'pk' AND NOT x.partial
UNION ALL
SELECT 'foreign key', bare, columns, referred FROM (
	SELECT t.bare, f.id, group_concat(f."from") AS columns, CASE WHEN substr(f."table", 1, length(?1)) = ?1 COLLATE NOCASE THEN substr(f."table", length(?1) + 1) ELSE f."table" END
		|| ' (' || group_concat(coalesce(f."to", '')) || ')' || CASE WHEN f.on_delete IN ('NO ACTION', 'RESTRICT') THEN '' ELSE ' on delete ' || lower(f.on_delete) END
		|| CASE WHEN f.on_update IN ('NO ACTION', 'RESTRICT') THEN '' ELSE ' on update ' || lower(f.on_update) END AS referred
	FROM mine AS t JOIN pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table' GROUP BY t.bare, f.id)`
	return []dialect.Stmt{{Name: "setup.catalogue", SQL: query, Args: []any{d.prefix}}}
}

var (
	numbered  = regexp.MustCompile(`(?i)\bAUTOINCREMENT\b`)
	collation = regexp.MustCompile(`(?i)\bCOLLATE\s+\w+`)
	check     = regexp.MustCompile(`(?i)\bCHECK\s*\(`)
	remark    = regexp.MustCompile(`--[^\n]*|(?s)/\*.*?\*/`)
)

// Parts implements [dialect.Upkeep].
func (d Dialect) Parts(rows []dialect.Part) []dialect.Part {
	var parts []dialect.Part
	for _, p := range rows {
		text := p.Is
		if p.Kind == dialect.KindTable || p.Kind == dialect.KindView {
			text = remark.ReplaceAllString(d.bare(p.Is), "")
		}
		switch p.Kind {
		case dialect.KindView:
			_, body, _ := strings.Cut(text, " AS ")
			p.Is = plain(body)
		case dialect.KindTable:
			p.Is = strings.Join(unusual(text), ", ")
			if numbered.MatchString(text) {
				parts = append(parts, dialect.Part{Kind: dialect.KindIdentity, Table: p.Table, Name: "id"})
			}
			for _, condition := range checks(text) {
				parts = append(parts, dialect.Part{Kind: dialect.KindCheck, Table: p.Table, Is: plain(condition)})
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// bare returns SQL with the tracker's tables under their names without prefix.
func (d Dialect) bare(text string) string {
	return strings.ReplaceAll(text, `"`+strings.ReplaceAll(d.prefix, `"`, `""`), `"`)
}

// plain returns SQL on one line, without quotes around names.
func plain(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, `"`, "")), " ")
}

// unusual returns the clauses of a table's text that the tracker's own tables do not have.
func unusual(text string) []string {
	var all []string
	upper := strings.ToUpper(text)
	if strings.HasPrefix(upper, "CREATE VIRTUAL") {
		all = append(all, "virtual")
	}
	end := upper[strings.LastIndex(upper, ")")+1:]
	for _, option := range []string{"WITHOUT ROWID", "STRICT"} {
		if strings.Contains(end, option) {
			all = append(all, strings.ToLower(option))
		}
	}
	found := collation.FindAllString(text, -1)
	slices.Sort(found)
	return append(all, slices.Compact(found)...)
}

// checks returns the check conditions in a table's text.
func checks(text string) (all []string) {
	for {
		at := check.FindStringIndex(text)
		if at == nil {
			return all
		}
		text = text[at[1]:]
		depth, quoted := 1, false
		end := strings.IndexFunc(text, func(r rune) bool {
			switch {
			case r == '\'':
				quoted = !quoted
			case quoted:
			case r == '(':
				depth++
			case r == ')':
				depth--
			}
			return depth == 0
		})
		if end < 0 {
			return all
		}
		all = append(all, text[:end])
		text = text[end:]
	}
}

// Counters implements [dialect.Upkeep]. SQLite never reuses the number of an existing
// row, whatever the counter says. But if the counter was lost, the lookups' ids up to
// [lookups.Reserved] would be assigned.
func (d Dialect) Counters(tables []string) dialect.Stmt {
	var each []string
	var args []any
	for _, table := range tables {
		if lookups.Has(table) {
			each = append(each, "SELECT '"+table+"', 'id', max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = ? COLLATE NOCASE), 0),"+
				" coalesce((SELECT max(id) FROM "+d.Table(table)+"), 0)) + 1, "+strconv.Itoa(lookups.Reserved+1))
			args = append(args, d.prefix+table)
		}
	}
	return dialect.Stmt{Name: "setup.counters", SQL: strings.Join(each, "\nUNION ALL\n"), Args: args}
}
