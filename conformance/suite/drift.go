package suite

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func driftCases() []Case {
	return []Case{
		{"S9.3 S9.6 a schema that was just set up or upgraded has no drift, whatever its names", noDrift},
		{"S9.6 every dropped or changed part is found, and the printed statements restore it", driftMended},
		{"S9.6 an added part is drift if it can reject the tracker's writes", driftAdded},
		{"S9.6 no setting of a session causes false drift", driftSettings},
		{"S9.6 an id counter behind its rows is found, a call that meets it returns ErrDrift, and the printed statement repairs it", counterBehind},
		{"S9.6 a schema of another version is not compared, and comparing writes nothing", driftReads},
	}
}

// CataloguesVar names the environment variable with the dialects' folder. If it is set,
// the files catalogue.txt there are rewritten instead of compared.
const CataloguesVar = "PROCESSTRACKER_CATALOGUES"

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
		if dialects := os.Getenv(CataloguesVar); dialects != "" {
			must(t, os.WriteFile(filepath.Join(dialects, b.Dialect().Name(), "catalogue.txt"), []byte(have), 0o644))
			return
		}
		want := b.Dialect().Expected()
		if i > 0 { // one that begins like it may be beside it, with tables of its own
			have = tablesOf(want, have)
		}
		if have != want {
			t.Errorf("place %d: catalogue.txt is not what there is: run `make catalogues`. Only one has %q", i, difference(strings.Split(have, "\n"), strings.Split(want, "\n")))
		}
		wantNoDrift(ctx, t, b)
	}
}

// tablesOf removes the tables from a catalogue that another catalogue does not have.
func tablesOf(want, have string) string {
	table := func(line string) string {
		name, _, _ := strings.Cut(line, "\t")
		return name
	}
	known := map[string]bool{}
	for line := range strings.Lines(want) {
		known[table(line)] = true
	}
	var kept strings.Builder
	for line := range strings.Lines(have) {
		if known[table(line)] {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// difference lists the lines that only one of the texts contains.
func difference(x, y []string) (all []string) {
	for _, lines := range [][2][]string{{x, y}, {y, x}} {
		for _, line := range lines[0] {
			if !slices.Contains(lines[1], line) {
				all = append(all, line)
			}
		}
	}
	return all
}

// wantNoDrift checks that there is no drift. Checks may be unseen, because MariaDB
// shows them to few users.
func wantNoDrift(ctx context.Context, t *testing.T, b dialect.Backend) {
	t.Helper()
	found, err := setup.Compare(ctx, b)
	found.Unseen = slices.DeleteFunc(found.Unseen, func(what string) bool { return what == "checks" })
	if err != nil || len(found.Drifts)+len(found.Unseen) > 0 {
		t.Errorf("drift: %v, not seen: %q, %v", found.Drifts, found.Unseen, err)
	}
}

func driftReads(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.open(t)}
	newest := len(s.Dialect().Migrations())
	_, err := setup.Compare(ctx, s)
	wantVersion(t, err, tracker.ErrNotSetUp, 0, newest)
	versionOne(ctx, t, s.Backend)
	_, err = setup.Compare(ctx, s)
	wantVersion(t, err, tracker.ErrSchemaVersion, 1, newest)
	e.setUp(t)
	wantNoDrift(ctx, t, s)
	for _, text := range s.texts() {
		if !strings.HasPrefix(text, "SELECT") && !strings.HasPrefix(text, "WITH") {
			t.Errorf("it sent: %s", text)
		}
	}
}
