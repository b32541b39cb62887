package mysql

import "github.com/processtracker/processtracker-go/dialects/internal/standard"

// Script implements [dialect.Upkeep] for the programs mysql and mariadb, which end
// at the first error. What ran until then can be run again: DDL commits by itself.
func (d Dialect) Script(statements []string) string {
	return standard.Script("SET NAMES utf8mb4;\n", statements, "")
}
