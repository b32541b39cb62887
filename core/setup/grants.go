package setup

import (
	"fmt"
	"slices"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Role is what somebody does with the tracker's tables.
type Role string

// The roles. Three are enough (rule S9.4).
const (
	// Owner sets up and upgrades, and may do all that the others may.
	Owner Role = "owner"
	// Runner makes every call of the tracker's but those that delete lookups or purge.
	Runner Role = "runner"
	// Reader makes every call that only reads, and reads the views.
	Reader Role = "reader"
)

// Roles lists the roles.
func Roles() []Role { return []Role{Owner, Runner, Reader} }

// Grants returns the statements that make a user, or a role of the database's,
// one of the roles: none where the database knows no users, as SQLite. An owner's
// can be run before or after setting up; the others after, and again after each
// upgrade. An unknown role, and a name that the database cannot have, is
// [tracker.ErrInvalid].
func Grants(d dialect.Dialect, role Role, to string) ([]string, error) {
	if !slices.Contains(Roles(), role) {
		return nil, fmt.Errorf("%w: there is no role %q; there are %q", tracker.ErrInvalid, role, Roles())
	}
	var rights []dialect.Right
	for _, p := range parse(d.Expected()) {
		if p.Kind == "table" || p.Kind == "view" {
			rights = append(rights, right(role, p.Table, p.Kind == "view"))
		}
	}
	statements, err := d.Grant(to, rights)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", tracker.ErrInvalid, err)
	}
	return statements, nil
}

// right is what a role may do with a table. Rows are deleted only of what links
// things that a caller can take apart again: nothing that happened goes.
func right(role Role, table string, view bool) dialect.Right {
	r := dialect.Right{Table: table, View: view, Read: true, Own: role == Owner}
	if role != Runner || view {
		return r
	}
	r.Insert = table != "schema_version" // which changes of dependencies lock
	r.Update = !slices.Contains([]string{"run_error", "status_history"}, table)
	r.Delete = slices.Contains([]string{"process_dependency", "process_cluster", "process_contact", "system_contact"}, table)
	return r
}
