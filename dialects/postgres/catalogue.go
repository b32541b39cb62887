package postgres

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/lookups"
)

//go:embed catalogue.txt
var expected string

// Expected implements [dialect.Upkeep].
func (d Dialect) Expected() string { return expected }

// show sets, for the transaction, how the catalogue writes names: without unnecessary
// quotes, and without the schema if it is this one.
const show = `SELECT 'setting', '', '', pg_catalog.set_config('quote_all_identifiers', 'off', true) ||
	pg_catalog.set_config('search_path', pg_catalog.quote_ident($1), true)`

const mine = `WITH mine AS (
	SELECT c.oid, c.relname::text AS tab, c.relkind, c.relpersistence, c.relrowsecurity, c.reloptions
	FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
	WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm'))
`

// columnsOf lists the columns that a constraint names in an array.
const columnsOf = `pg_catalog.array_to_string(ARRAY(SELECT a.attname FROM pg_catalog.unnest(x.%s) WITH ORDINALITY AS k (num, place)
		JOIN pg_catalog.pg_attribute AS a ON a.attrelid = x.%s AND a.attnum = k.num ORDER BY k.place), ',')`

// Catalogue implements [dialect.Upkeep]. Every user may read the system catalogue.
// PostgreSQL 11 has no attgenerated, but a row converted to JSON can be asked for a
// column that may not exist.
func (d Dialect) Catalogue() []dialect.Stmt {
	const tables = mine + `SELECT CASE WHEN relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, tab, '',
	CASE WHEN relkind IN ('v', 'm') THEN pg_catalog.concat_ws(' ', CASE relkind WHEN 'm' THEN 'materialized' END,
		pg_catalog.array_to_string(reloptions, ' '), pg_catalog.pg_get_viewdef(oid))
	ELSE pg_catalog.concat_ws(', ', CASE relkind WHEN 'f' THEN 'foreign' END, CASE relpersistence WHEN 'u' THEN 'unlogged' END,
		CASE WHEN relrowsecurity THEN 'row level security' END) END
FROM mine
UNION ALL
SELECT 'column', t.tab, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod)
	|| CASE WHEN l.collname IS NULL OR l.collname = 'default' THEN '' ELSE ' collate ' || l.collname END
	|| CASE coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') WHEN '' THEN '' ELSE ' generated' END || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
FROM mine AS t JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation
WHERE t.relkind NOT IN ('v', 'm')
UNION ALL
SELECT 'identity', t.tab, a.attname::text, CASE a.attidentity WHEN 'a' THEN 'always' ELSE 'by default' END
FROM mine AS t JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attidentity <> ''
UNION ALL
SELECT 'default', t.tab, a.attname::text, pg_catalog.pg_get_expr(e.adbin, e.adrelid)
FROM mine AS t JOIN pg_catalog.pg_attrdef AS e ON e.adrelid = t.oid
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = e.adnum
WHERE t.relkind NOT IN ('v', 'm')
UNION ALL
SELECT CASE WHEN x.indisprimary THEN 'key' WHEN x.indisunique THEN 'unique' ELSE 'index' END, t.tab,
	CASE WHEN x.indisunique THEN '' ELSE i.relname::text END, pg_catalog.array_to_string(ARRAY(
		SELECT pg_catalog.pg_get_indexdef(x.indexrelid, place, true) FROM pg_catalog.generate_series(1, x.indnkeyatts) AS place ORDER BY place), ',')
	|| coalesce(' where ' || pg_catalog.pg_get_expr(x.indpred, x.indrelid, true), '')
FROM mine AS t JOIN pg_catalog.pg_index AS x ON x.indrelid = t.oid AND x.indisvalid AND x.indimmediate AND (x.indpred IS NULL OR NOT x.indisunique)
JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
UNION ALL
SELECT 'check', t.tab, '', pg_catalog.pg_get_constraintdef(x.oid)
FROM mine AS t JOIN pg_catalog.pg_constraint AS x ON x.conrelid = t.oid AND x.contype = 'c'`
	foreign := mine + `SELECT 'foreign key', t.tab, ` + columns("conkey", "conrelid") + `,
	CASE n.nspname WHEN $1 THEN '' ELSE n.nspname || '.' END || f.relname || ' (' || ` + columns("confkey", "confrelid") + ` || ')'
	|| CASE x.confdeltype WHEN 'a' THEN '' WHEN 'r' THEN '' ELSE ' on delete ' || x.confdeltype::text END
	|| CASE x.confupdtype WHEN 'a' THEN '' WHEN 'r' THEN '' ELSE ' on update ' || x.confupdtype::text END
	|| CASE WHEN x.convalidated THEN '' ELSE ' not valid' END
FROM mine AS t JOIN pg_catalog.pg_constraint AS x ON x.conrelid = t.oid AND x.contype = 'f'
JOIN pg_catalog.pg_class AS f ON f.oid = x.confrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = f.relnamespace`
	args := []any{d.schema}
	return []dialect.Stmt{
		{Name: "setup.show", SQL: show, Args: args}, {Name: "setup.catalogue", SQL: tables, Args: args},
		{Name: "setup.catalogue_foreign", SQL: foreign, Args: args},
	}
}

func columns(list, table string) string {
	return strings.Replace(strings.Replace(columnsOf, "%s", list, 1), "%s", table, 1)
}

// Parts implements [dialect.Upkeep]. Which names need quotes depends on the version.
func (d Dialect) Parts(rows []dialect.Part) []dialect.Part {
	var parts []dialect.Part
	for _, p := range rows {
		if p.Kind == "setting" {
			continue
		}
		p.Is = strings.TrimSuffix(strings.Join(strings.Fields(p.Is), " "), ";")
		switch p.Kind {
		case dialect.KindView:
			p.Is = strings.ReplaceAll(p.Is, `"`, "")
		case dialect.KindCheck:
			p.Is = condition(p.Is)
		}
		parts = append(parts, p)
	}
	return parts
}

var cast = regexp.MustCompile(`::(text|character varying)(\[\])?`)

// condition returns a check without the parts that a dump and a restore change: casts
// and the parentheses around them.
func condition(check string) string {
	check = strings.TrimPrefix(cast.ReplaceAllString(check, ""), "CHECK ")
	check = strings.Join(strings.Fields(strings.NewReplacer("(", " ", ")", " ", "[", " ", "]", " ").Replace(check)), " ")
	return strings.ReplaceAll(check, " ,", ",")
}

// counted reads a sequence's next value. If the sequence was restarted and not used
// since, only its own row has it; a user who may not read that row must not get an
// error.
const counted = `CASE WHEN pg_catalog.has_sequence_privilege(q.seqrelid, 'SELECT') THEN pg_catalog.substring(pg_catalog.query_to_xml(
	'SELECT last_value + CASE WHEN is_called THEN ' || q.seqincrement || ' ELSE 0 END AS next FROM ' || q.seqrelid::pg_catalog.regclass,
	false, false, '')::text, '<next>([0-9]+)</next>')::bigint END`

// Counters implements [dialect.Upkeep]. It reads the counter after the snapshot of the
// rows, so the counter cannot seem behind because of rows inserted meanwhile.
func (d Dialect) Counters(tables []string) dialect.Stmt {
	each := make([]string, len(tables))
	for i, table := range tables {
		least := "0"
		if lookups.Has(table) {
			least = strconv.Itoa(lookups.Reserved)
		}
		each[i] = "SELECT " + literal(table) + ", 'id', " + counted + "," +
			" greatest((SELECT max(id) FROM " + d.Table(table) + "), " + least + ") + 1" +
			" FROM pg_catalog.pg_sequence AS q WHERE q.seqrelid = pg_catalog.pg_get_serial_sequence(" + literal(d.Table(table)) + ", 'id')::pg_catalog.regclass"
	}
	return dialect.Stmt{Name: "setup.counters", SQL: strings.Join(each, "\nUNION ALL\n")}
}
