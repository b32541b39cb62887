package sqlserver

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/standard"
)

// Grant implements [dialect.Upkeep], to a user or a role of the database's. Who owns
// the schema may do everything in it.
func (d Dialect) Grant(to string, rights []dialect.Right) ([]string, error) {
	if to == "" || units(to) > maxSchema || strings.ContainsFunc(to, unicode.IsControl) {
		return nil, fmt.Errorf("user %q: a user's name has 1 to %d characters, and no control character", to, maxSchema)
	}
	user := identifier(to)
	if len(rights) > 0 && rights[0].Own {
		text := func(s string) string { return "N'" + strings.ReplaceAll(s, "'", "''") + "'" }
		create := "CREATE SCHEMA " + identifier(d.schema) + " AUTHORIZATION " + user
		alter := "ALTER AUTHORIZATION ON SCHEMA::" + identifier(d.schema) + " TO " + user
		return []string{
			"GRANT CREATE TABLE TO " + user, "GRANT CREATE VIEW TO " + user,
			"IF SCHEMA_ID(" + text(d.schema) + ") IS NULL EXEC(" + text(create) + ") ELSE EXEC(" + text(alter) + ")",
		}, nil
	}
	all := make([]string, len(rights))
	for i, r := range rights {
		what := standard.Rights(r)
		if r.View { // or its definition cannot be compared
			what += ", VIEW DEFINITION"
		}
		all[i] = "GRANT " + what + " ON " + d.Table(r.Table) + " TO " + user
	}
	return all, nil
}
