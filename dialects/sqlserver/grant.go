package sqlserver

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/standard"
)

// lost is a warning for a new owner.
const lost = "The schema has a new owner now, and the rights of other users on its tables and views are gone: " +
	"run the scripts of processtracker grants for runners and readers again."

// Grant implements [dialect.Upkeep], to a user or a role of the database's. The owner
// of the schema may do everything in it. When a schema gets another owner, all
// privileges that were granted on its objects are lost.
func (d Dialect) Grant(to string, rights []dialect.Right) ([]string, error) {
	if to == "" || units(to) > maxSchema || strings.ContainsFunc(to, unicode.IsControl) {
		return nil, fmt.Errorf("user %q: a user's name has 1 to %d characters, and no control character", to, maxSchema)
	}
	if strings.EqualFold(to, "dbo") {
		return nil, fmt.Errorf("user %q: it owns the database and may do everything, so SQL Server refuses the grant; name the user that the tracker's programs log in as", to)
	}
	user := identifier(to)
	if len(rights) > 0 && rights[0].Own {
		if strings.EqualFold(d.schema, "dbo") {
			return nil, fmt.Errorf("schema %q: SQL Server does not let another user own it; let a member of db_owner set up, or choose another schema, such as %s", d.schema, DefaultSchema)
		}
		text := func(s string) string { return "N'" + strings.ReplaceAll(s, "'", "''") + "'" }
		create := "CREATE SCHEMA " + identifier(d.schema) + " AUTHORIZATION " + user
		alter := "ALTER AUTHORIZATION ON SCHEMA::" + identifier(d.schema) + " TO " + user
		return []string{
			"GRANT CREATE TABLE TO " + user, "GRANT CREATE VIEW TO " + user,
			"IF SCHEMA_ID(" + text(d.schema) + ") IS NULL EXEC(" + text(create) + ") " +
				"ELSE IF NOT EXISTS (SELECT 1 FROM sys.schemas AS s WHERE s.schema_id = SCHEMA_ID(" + text(d.schema) + ")" +
				" AND s.principal_id = DATABASE_PRINCIPAL_ID(" + text(to) + ")) " +
				"BEGIN EXEC(" + text(alter) + "); PRINT " + text(lost) + " END",
		}, nil
	}
	all := make([]string, len(rights))
	for i, r := range rights {
		what := standard.Rights(r)
		if r.View { // otherwise its definition cannot be compared
			what += ", VIEW DEFINITION"
		}
		all[i] = "GRANT " + what + " ON " + d.Table(r.Table) + " TO " + user
	}
	return all, nil
}
