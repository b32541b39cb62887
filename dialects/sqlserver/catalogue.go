package sqlserver

import (
	_ "embed"

	"github.com/processtracker/processtracker-go/core/dialect"
)

//go:embed catalogue.txt
var expected string

// Expected implements [dialect.Upkeep]: tables and views only, until the catalogue
// of a SQL Server has been read.
func (d Dialect) Expected() string { return expected }

// Catalogue implements [dialect.Upkeep]. It shows what the user has a right to.
func (d Dialect) Catalogue() []dialect.Stmt {
	const query = "SELECT CASE o.type WHEN N'V' THEN N'view' ELSE N'table' END, o.name, N'', N'' FROM sys.objects AS o" +
		" JOIN sys.schemas AS s ON s.schema_id = o.schema_id WHERE s.name = @p1 AND o.type IN (N'U', N'V')"
	return []dialect.Stmt{{Name: "setup.catalogue", SQL: query, Args: []any{d.schema}}}
}

// Parts implements [dialect.Upkeep].
func (d Dialect) Parts(rows []dialect.Part) []dialect.Part { return rows }

// Counters implements [dialect.Upkeep].
func (d Dialect) Counters([]string) dialect.Stmt { return dialect.Stmt{} }

// Mend implements [dialect.Upkeep]: there is nothing but whole tables and views.
func (d Dialect) Mend(dialect.Part, string, string) []string { return nil }
