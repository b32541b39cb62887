package setup

import (
	"fmt"
	"slices"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Role is a set of privileges on the tracker's tables.
type Role string

// The roles. Three are enough (rule S9.4).
const (
	// Owner sets up and upgrades, and may do all that the others may.
	Owner Role = "owner"
	// Runner may make every call of the tracker, except those that delete names, purge, or
	// rename actors, because the history names them.
	Runner Role = "runner"
	// Reader may make every call that only reads, and may read the views.
	Reader Role = "reader"
)

// Roles lists the roles.
func Roles() []Role { return []Role{Owner, Runner, Reader} }

// Grants returns the statements that give a database user or role one of the roles, or
// none if the database has no users, like SQLite. Run the owner's before or after
// setup, and the others after setup and after each upgrade. If the role is unknown or
// the name is impossible, the error is [tracker.ErrInvalid].
func Grants(d dialect.Dialect, role Role, to string) ([]string, error) {
	if d == nil {
		return nil, dialect.Missing("dialect", "take a backend's dialect, or make one, such as with New of dialects/postgres")
	}
	if !slices.Contains(Roles(), role) {
		return nil, fmt.Errorf("%w: there is no role %q; there are %q", tracker.ErrInvalid, role, Roles())
	}
	var rights []dialect.Right
	parts := dialect.ParseParts(d.Expected())
	known := index(parts)
	for _, p := range parts {
		if p.Kind == dialect.KindTable || p.Kind == dialect.KindView {
			r := right(role, p.Table, p.Kind == dialect.KindView)
			r.Identity = known.any(dialect.KindIdentity, p.Table, "id")
			rights = append(rights, r)
		}
	}
	statements, err := d.Grant(to, rights)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", tracker.ErrInvalid, err)
	}
	return statements, nil
}

// right returns a role's privileges on a table.
func right(role Role, table string, view bool) dialect.Right {
	r := dialect.Right{Table: table, View: view, Read: true, Own: role == Owner}
	if role == Runner && !view {
		r.Insert = slices.Contains(inserted(), table)
		r.Update = slices.Contains(updated(), table)
		r.Delete = slices.Contains(deleted(), table)
	}
	return r
}

// A runner has exactly the privileges that the tracker's statements need:
// TestRunnersHaveWhatStatementsNeed compares them. A table in no list is read-only,
// such as schema_version, which decides whether a program may work at all.

// inserted are the tables that a runner adds rows to.
func inserted() []string {
	return append(updated()[1:],
		"actor", "process_system", "process_object", "process_dataset_type", "process_filter",
		"process_cluster", "process_contact", "system_contact", "run_soft_dependency", "run_error", "status_history",
		"location_system", "location_object", "extract_dependency", "extract_system", "extract_object")
}

// updated are the tables whose rows a runner changes or locks.
func updated() []string {
	return []string{
		"dependency_lock", // its only row exists from the start
		"tool", "dataset_type", "process_type", "schedule_frequency", "location_type", "source_type", "file_type",
		"compression_type", "error_type", "run_status", "extract_status", "data_system", "data_object", "data_attribute",
		"process", "process_dependency", "cluster", "run", "refusal", "run_lease", "location", "extract", "run_extract",
		"contact", "process_attribute",
	}
}

// deleted are the tables whose rows a runner removes: links that a caller can undo.
// Records of past events stay.
func deleted() []string {
	return []string{
		"process_dependency", "process_cluster", "process_contact", "system_contact",
		"process_system", "process_object", "process_attribute", "process_dataset_type", "process_filter",
	}
}
