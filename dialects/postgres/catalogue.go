package postgres

import (
	_ "embed"

	"github.com/processtracker/processtracker-go/core/dialect"
)

//go:embed catalogue.txt
var expected string

// Expected implements [dialect.Upkeep].
func (d Dialect) Expected() string { return expected }

// Catalogue implements [dialect.Upkeep]. The catalogue of the system is everyone's
// to read.
func (d Dialect) Catalogue() dialect.Stmt {
	const query = `WITH mine AS (
	SELECT c.oid, c.relname, c.relkind FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
	WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v'))
SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'table' END, relname::text, '', '' FROM mine
UNION ALL
SELECT 'column', t.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod)
	|| CASE WHEN l.collname IS NULL OR l.collname = 'default' THEN '' ELSE ' collate ' || l.collname END
	|| CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
FROM mine AS t JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation
WHERE t.relkind <> 'v'
UNION ALL
SELECT CASE WHEN x.indisprimary THEN 'key' WHEN x.indisunique THEN 'unique' ELSE 'index' END, t.relname::text,
	CASE WHEN x.indisunique THEN '' ELSE i.relname::text END, pg_catalog.array_to_string(ARRAY(
		SELECT pg_catalog.pg_get_indexdef(x.indexrelid, place, true) FROM pg_catalog.generate_series(1, x.indnkeyatts) AS place ORDER BY place), ',')
FROM mine AS t JOIN pg_catalog.pg_index AS x ON x.indrelid = t.oid AND x.indisvalid AND x.indpred IS NULL
JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid`
	return dialect.Stmt{Name: "setup.catalogue", SQL: query, Args: []any{d.schema}}
}
