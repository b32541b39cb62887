package postgres

import "github.com/processtracker/processtracker-go/dialects/internal/standard"

// Script implements [dialect.Upkeep] for psql: as one transaction, which any error
// rolls back whether psql goes on after it or not. The script is in UTF-8, whatever the
// database's encoding is.
func (d Dialect) Script(statements []string) string {
	return standard.Script("SET client_encoding = 'UTF8';\nBEGIN;\n", statements, "\nCOMMIT;\n")
}
