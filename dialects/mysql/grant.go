package mysql

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/standard"
)

// Grant implements [dialect.Upkeep], to a user of the form name@host; without a host,
// it is %. Privileges on a table that does not exist yet can be granted together with
// CREATE.
func (d Dialect) Grant(to string, rights []dialect.Right) ([]string, error) {
	user, host := to, "%"
	if i := strings.LastIndex(to, "@"); i >= 0 {
		user, host = to[:i], to[i+1:]
	}
	if user == "" || host == "" || len([]rune(user)) > 32 || len(host) > 255 || strings.ContainsFunc(to, unicode.IsControl) {
		return nil, fmt.Errorf("user %q: write name or name@host, the name of 1 to 32 characters", to)
	}
	if strings.ContainsAny(to[:1], "'`\"") {
		return nil, fmt.Errorf("user %q: write name@host without quotes", to)
	}
	grantee := identifier(user) + "@" + identifier(host)
	all := make([]string, len(rights))
	for i, r := range rights {
		what := standard.Rights(r)
		switch {
		case r.Own && r.View:
			what = "SELECT, CREATE, CREATE VIEW, SHOW VIEW, DROP"
		case r.Own:
			what = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES"
		case r.View: // both show a view's definition only with it
			what += ", SHOW VIEW"
		case r.Insert && !keyless(r.Table): // as inserting what is absent sets what is there to what it is
			r.Update = true
			what = standard.Rights(r)
		}
		all[i] = "GRANT " + what + " ON " + d.Table(r.Table) + " TO " + grantee
	}
	return all, nil
}
