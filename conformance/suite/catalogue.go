package suite

import (
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/statements"
)

// variable are the statements whose text depends on the query's conditions. The
// catalogue contains their shortest and their longest form.
func variable() []string {
	return []string{
		"runs.list", "errors.list", "history.list", "extract.find", "claim.select", "purge.extracts", "purge.runs", "purge.named_runs", "processes.list", "systems.list", "objects.list", "refusal.list", "overview.runs_during",
		"actors.list", "clusters.list", "contacts.all", "locations.list",
	}
}

// catalogued fails the test at a statement that the catalogue does not list: the golden
// files contain everything that is ever sent.
func catalogued(t testing.TB, b dialect.Backend) dialect.Backend {
	t.Helper()
	known := map[string][]string{}
	for _, s := range statements.All(b.Dialect()) {
		known[s.Name] = append(known[s.Name], s.SQL)
	}
	return &spy{Backend: b, forgetful: true, before: func(s *dialect.Stmt) error {
		texts, ok := known[s.Name]
		if !ok || !slices.Contains(texts, s.SQL) && !slices.Contains(variable(), s.Name) {
			t.Errorf("statement %s is not as the catalogue (core/internal/store/catalogue.go) lists it:\n%s", s.Name, s.SQL)
		}
		return nil
	}}
}
