package postgres

import (
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// needs is the supported version. Before 11, the catalogue lacks columns that Compare
// needs.
const needs = "PostgreSQL 11 or later"

func oldest() dialect.Version { return dialect.Version{11} }

// productName is not a setting, but the result of the function version().
const productName = "version()"

// An alike is another product with PostgreSQL's protocol.
type alike struct {
	name string
	is   func(version, product string, s session) bool
	why  string
}

func alikes() []alike {
	named := func(name string) func(string, string, session) bool {
		return func(_, product string, _ session) bool { return strings.Contains(product, name) }
	}
	return []alike{
		{"CockroachDB", func(_, product string, s session) bool {
			return s("crdb_version") != "" || strings.Contains(product, "CockroachDB")
		}, "has advisory locks that lock nothing, and the tracker's statements have not been shown to work on it"},
		{"Redshift", func(version, product string, s session) bool {
			return s("padb_version") != "" || strings.Contains(product, "Redshift") || version == "8.0.2"
		}, "enforces neither unique keys nor foreign keys"},
		{"Greenplum", named("Greenplum"), "distributes tables among servers, and enforces unique keys only within the distribution key"},
		{"Materialize", named("Materialize"), "lacks the transactions that the tracker needs"},
		{"YugabyteDB", func(version, _ string, _ session) bool { return withoutAdvisoryLocks(version) },
			"has no advisory locks, which setup needs (it has them from 2025.1 on)"},
	}
}

// withoutAdvisoryLocks reads YugabyteDB's version, such as 11.2-YB-2024.2.1.0-b185. The
// numbers of previews go on apart from those of releases.
func withoutAdvisoryLocks(version string) bool {
	_, own, ok := strings.Cut(version, "-YB-")
	have, known := dialect.ParseVersion(own)
	switch {
	case !ok || !known:
		return false
	case have[0] < 2000:
		return have.Before(dialect.Version{2, 25, 1})
	default:
		return have.Before(dialect.Version{2025, 1})
	}
}

// supported refuses a server that is too old, and one that only looks like PostgreSQL.
// [Backend.Check] asks for the values that a connection does not report.
func (s session) supported() error {
	version, product := s("server_version"), s(productName)
	if version == "" {
		return nil
	}
	for _, a := range alikes() {
		if a.is(version, product, s) {
			return &dialect.ServerError{Server: a.name + ", which reports itself as PostgreSQL " + version + ",", Why: a.why, Needs: needs}
		}
	}
	if have, ok := dialect.ParseVersion(version); ok && have.Before(oldest()) {
		return &dialect.ServerError{Server: "PostgreSQL " + version, Why: "is too old", Needs: needs}
	}
	return nil
}
