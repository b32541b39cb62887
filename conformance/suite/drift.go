package suite

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func driftCases() []Case {
	return []Case{
		{"S9.3 what was just set up, or upgraded, has not drifted, whatever its names", noDrift},
		{"S9.3 what somebody dropped or changed is told, and what others added is not", drifted},
		{"S9.3 a schema of another version is not compared, and comparing writes nothing", driftReads},
	}
}

func noDrift(t *testing.T, e *Env) {
	ctx := e.context(t)
	versionOne(ctx, t, e.open(t))
	places := []*Env{e}
	for _, name := range e.oddNames() {
		places = append(places, e.beside(t, name))
	}
	for i, place := range places {
		b := place.setUp(t)
		have, err := setup.Catalogue(ctx, b)
		must(t, err)
		if want := b.Dialect().Expected(); have != want {
			t.Errorf("place %d: catalogue.txt is not what there is: run `make catalogues`. Only one has %q", i, difference(have, want))
		}
		if all, err := setup.Drifts(ctx, b); err != nil || len(all) > 0 {
			t.Errorf("place %d: %v, %v", i, all, err)
		}
	}
}

// difference lists the lines that only one of the texts has.
func difference(a, b string) (all []string) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for _, lines := range [][2][]string{{x, y}, {y, x}} {
		for _, line := range lines[0] {
			if !slices.Contains(lines[1], line) {
				all = append(all, line)
			}
		}
	}
	return all
}

// drift drops, changes and adds parts of the schema.
func drift(ctx context.Context, t *testing.T, b dialect.Backend) {
	t.Helper()
	drop, index, integer := "DROP INDEX {run_by_name}", "run_lease_by_expiry", "BIGINT"
	switch b.Dialect().Name() {
	case "sqlite":
		index, integer = "{run_lease_by_expiry}", "INTEGER"
	case "mysql":
		drop = "DROP INDEX run_by_name ON {run}"
	}
	for _, query := range []string{
		drop,
		"DROP VIEW {v1_errors}",
		"DROP TABLE {extract_dependency}",
		"ALTER TABLE {data_attribute} DROP COLUMN default_value",
		"DROP TABLE {run_lease}",
		"CREATE TABLE {run_lease} (run_id " + integer + " NOT NULL PRIMARY KEY, expires_at VARCHAR(10), more INTEGER)",
		"CREATE INDEX " + index + " ON {run_lease} (run_id, expires_at)",
		"ALTER TABLE {run} ADD COLUMN more INTEGER",
		"CREATE TABLE {more} (id INTEGER)",
	} {
		change(ctx, t, b, query)
	}
}

func drifted(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	drift(ctx, t, b)
	all, err := setup.Drifts(ctx, b)
	must(t, err)
	var got []string
	for _, d := range all {
		line := strings.Join([]string{d.Kind, d.Table, d.Name}, " ")
		if d.Have == "" {
			line += " missing"
		}
		got = append(got, strings.ReplaceAll(line, "  ", " "))
		if !strings.Contains(d.String(), d.Table) || !strings.Contains(d.String(), d.Name) || d.Have != "" && !strings.Contains(d.String(), d.Have+", was "+d.Is) {
			t.Errorf("it says only %q", d)
		}
	}
	want := []string{
		"column data_attribute default_value missing", "table extract_dependency missing", "index run run_by_name missing",
		"column run_lease expires_at", "column run_lease length_ms missing", "column run_lease renewed_at missing", "index run_lease run_lease_by_expiry", "view v1_errors missing",
	}
	if !slices.Equal(got, want) {
		t.Errorf("drift: %q, want %q", got, want)
	}
	trackerOn(ctx, t, b) // which does not look
}

func driftReads(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.open(t)}
	newest := len(s.Dialect().Migrations())
	_, err := setup.Drifts(ctx, s)
	wantVersion(t, err, tracker.ErrNotSetUp, 0, newest)
	versionOne(ctx, t, s.Backend)
	_, err = setup.Drifts(ctx, s)
	wantVersion(t, err, tracker.ErrSchemaVersion, 1, newest)
	e.setUp(t)
	if all, err := setup.Drifts(ctx, s); err != nil || len(all) > 0 {
		t.Errorf("%v, %v", all, err)
	}
	for _, text := range s.texts() {
		if !strings.HasPrefix(text, "SELECT") && !strings.HasPrefix(text, "WITH") {
			t.Errorf("it sent: %s", text)
		}
	}
}
