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
	// Runner makes every call of the tracker's but those that delete names, rename actors,
	// of whom the history tells, or purge.
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
	if d == nil {
		return nil, dialect.Missing("dialect", "take that of a backend, or make one, such as with New of dialects/postgres")
	}
	if !slices.Contains(Roles(), role) {
		return nil, fmt.Errorf("%w: there is no role %q; there are %q", tracker.ErrInvalid, role, Roles())
	}
	var rights []dialect.Right
	parts := parse(d.Expected())
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

// right is what a role may do with a table.
func right(role Role, table string, view bool) dialect.Right {
	r := dialect.Right{Table: table, View: view, Read: true, Own: role == Owner}
	if role == Runner && !view {
		r.Insert = slices.Contains(inserted(), table)
		r.Update = slices.Contains(updated(), table)
		r.Delete = slices.Contains(deleted(), table)
	}
	return r
}

// What a runner does to rows is what the tracker's statements do, and no more:
// TestRunnersHaveWhatStatementsNeed compares. A table that is in no list can only be
// read, as schema_version, which decides who may work at all.

// inserted are the tables that a runner adds rows to.
func inserted() []string {
	return append(updated()[1:],
		"actor", "process_system", "process_object", "process_dataset_type", "process_filter",
		"process_cluster", "process_contact", "system_contact", "run_soft_dependency", "run_error", "status_history",
		"location_system", "location_object", "extract_dependency", "extract_system", "extract_object")
}

// updated are the tables whose rows a runner changes, or locks.
func updated() []string {
	return []string{
		"dependency_lock", // whose one row is there from the start
		"tool", "dataset_type", "process_type", "schedule_frequency", "location_type", "source_type", "file_type",
		"compression_type", "error_type", "run_status", "extract_status", "data_system", "data_object", "data_attribute",
		"process", "process_dependency", "cluster", "run", "refusal", "run_lease", "location", "extract", "run_extract",
		"contact", "process_attribute",
	}
}

// deleted are the tables whose rows a runner removes: they link things that a caller
// can take apart again. Nothing that happened goes.
func deleted() []string {
	return []string{
		"process_dependency", "process_cluster", "process_contact", "system_contact",
		"process_system", "process_object", "process_attribute", "process_dataset_type", "process_filter",
	}
}
