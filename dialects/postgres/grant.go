package postgres

import (
	"fmt"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/standard"
)

// Grant implements [dialect.Upkeep], to a role. A user has to own tables to change
// them. To create a schema, a user needs a privilege on the database, whose name is not
// known here.
func (d Dialect) Grant(to string, rights []dialect.Right) ([]string, error) {
	if to == "" || len(to) > 63 || strings.ContainsRune(to, 0) {
		return nil, fmt.Errorf("role %q: a role's name has 1 to 63 bytes, and no NUL", to)
	}
	role, schema := identifier(to), identifier(d.schema)
	if len(rights) > 0 && rights[0].Own {
		create := "BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), " + literal(to) + "); END"
		all := []string{"DO " + literal(create), "CREATE SCHEMA IF NOT EXISTS " + schema, "ALTER SCHEMA " + schema + " OWNER TO " + role}
		for _, r := range rights { // also of views
			all = append(all, "ALTER TABLE IF EXISTS "+d.Table(r.Table)+" OWNER TO "+role)
		}
		return all, nil
	}
	all := []string{"GRANT USAGE ON SCHEMA " + schema + " TO " + role}
	for _, r := range rights {
		all = append(all, "GRANT "+standard.Rights(r)+" ON "+d.Table(r.Table)+" TO "+role)
		if r.Identity { // to see whether it is behind the rows
			all = append(all, "GRANT SELECT ON SEQUENCE "+d.Table(r.Table+"_id_seq")+" TO "+role)
		}
	}
	return all, nil
}
