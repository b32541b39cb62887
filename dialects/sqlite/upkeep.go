package sqlite

import "github.com/processtracker/processtracker-go/dialects/internal/standard"

// Script implements [dialect.Upkeep] for sqlite3: as one transaction, which the
// program leaves at the first error; otherwise it would go on and commit the rest.
func (d Dialect) Script(statements []string) string {
	return standard.Script(".bail on\nBEGIN IMMEDIATE;\n", statements, "\nCOMMIT;\n")
}
