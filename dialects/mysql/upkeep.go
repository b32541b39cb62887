package mysql

import "github.com/processtracker/processtracker-go/dialects/internal/standard"

// Script implements [dialect.Upkeep] for the programs mysql and mariadb, which stop at
// the first error. The statements before it can be run again, because DDL commits
// implicitly.
func (d Dialect) Script(statements []string) string {
	return standard.Script("SET NAMES utf8mb4;\n", statements, "")
}
