package mysql

import (
	_ "embed"

	"github.com/processtracker/processtracker-go/core/dialect"
)

//go:embed catalogue.txt
var expected string

// Expected implements [dialect.Upkeep]: the same for MySQL and MariaDB.
func (d Dialect) Expected() string { return expected }

// Catalogue implements [dialect.Upkeep]. MariaDB shows how wide integers are, as
// in bigint(20), and MySQL does not any more.
func (d Dialect) Catalogue() dialect.Stmt {
	const mine = `table_schema = DATABASE() AND SUBSTR(table_name, 1, CHAR_LENGTH(?)) = ?
	AND (@@lower_case_table_names > 0 OR CAST(SUBSTR(table_name, 1, CHAR_LENGTH(?)) AS BINARY) = CAST(? AS BINARY))`
	const query = `SELECT IF(table_type = 'VIEW', 'view', 'table') AS kind, CAST(SUBSTR(table_name, CHAR_LENGTH(?) + 1) AS CHAR) AS tab, '' AS name, '' AS what
FROM information_schema.tables WHERE ` + mine + `
UNION ALL
SELECT 'column', CAST(SUBSTR(table_name, CHAR_LENGTH(?) + 1) AS CHAR), CAST(column_name AS CHAR), CAST(CONCAT(
	IF(data_type LIKE '%int', CONCAT(data_type, IF(column_type LIKE '%unsigned%', ' unsigned', '')), column_type),
	IF(collation_name IS NULL, '', CONCAT(' collate ', collation_name)), IF(is_nullable = 'NO', ' not null', '')) AS CHAR)
FROM information_schema.columns WHERE ` + mine + ` AND table_name NOT IN (SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE())
UNION ALL
SELECT CASE WHEN index_name = 'PRIMARY' THEN 'key' WHEN non_unique = 0 THEN 'unique' ELSE 'index' END,
	CAST(SUBSTR(table_name, CHAR_LENGTH(?) + 1) AS CHAR), CAST(IF(non_unique = 0, '', index_name) AS CHAR),
	CAST(GROUP_CONCAT(column_name ORDER BY seq_in_index) AS CHAR)
FROM information_schema.statistics WHERE ` + mine + ` GROUP BY table_name, index_name, non_unique`
	var args []any
	for range 15 {
		args = append(args, d.prefix)
	}
	return dialect.Stmt{Name: "setup.catalogue", SQL: query, Args: args}
}
