package sqlite

import (
	_ "embed"

	"github.com/processtracker/processtracker-go/core/dialect"
)

//go:embed catalogue.txt
var expected string

// Expected implements [dialect.Upkeep].
func (d Dialect) Expected() string { return expected }

// Catalogue implements [dialect.Upkeep].
func (d Dialect) Catalogue() dialect.Stmt {
	const query = `WITH mine AS (
	SELECT type, name, substr(name, length(?1) + 1) AS bare FROM sqlite_master
	WHERE type IN ('table', 'view') AND substr(name, 1, length(?1)) = ?1 COLLATE NOCASE)
SELECT type, bare, '', '' FROM mine
UNION ALL
SELECT 'column', t.bare, c.name, c.type || CASE WHEN c."notnull" OR c.pk > 0 THEN ' not null' ELSE '' END
FROM mine AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table'
UNION ALL
SELECT 'key', bare, '', columns FROM (SELECT t.bare, (
	SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk)) AS columns
	FROM mine AS t WHERE t.type = 'table') WHERE columns IS NOT NULL
UNION ALL
SELECT CASE WHEN x."unique" THEN 'unique' ELSE 'index' END, t.bare, CASE WHEN x."unique" THEN '' ELSE substr(x.name, length(?1) + 1) END,
	coalesce((SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(x.name) ORDER BY seqno)), '')
FROM mine AS t JOIN pragma_index_list(t.name) AS x WHERE t.type = 'table' AND x.origin <> 'pk' AND NOT x.partial`
	return dialect.Stmt{Name: "setup.catalogue", SQL: query, Args: []any{d.prefix}}
}
