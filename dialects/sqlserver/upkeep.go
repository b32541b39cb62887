package sqlserver

import "strings"

// Script implements [dialect.Upkeep] for sqlcmd: as one transaction, which any error
// rolls back. A view has to be alone in its batch.
func (d Dialect) Script(statements []string) string {
	var b strings.Builder
	b.WriteString(":On Error exit\nSET XACT_ABORT, QUOTED_IDENTIFIER ON;\nGO\nBEGIN TRANSACTION;\nGO\n")
	for _, s := range statements {
		b.WriteString("\n" + s + ";\nGO\n")
	}
	b.WriteString("\nCOMMIT;\nGO\n")
	return b.String()
}
