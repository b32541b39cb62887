package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func TestSources(t *testing.T) {
	t.Parallel()
	want := map[string]struct {
		rows  int
		has   string
		first string
	}{
		"iso3166.tab":  {249, "CI|Côte d'Ivoire", "AD|Andorra"},
		"zone1970.tab": {312, "America/Argentina/Tucuman|AR|-26.8167|-65.2167|Tucumán (TM)", "Europe/Andorra|AD|42.5000|1.5167|"},
		"leapseconds":  {27, "2016-12-31|23:59:60|+1", "1972-06-30|23:59:60|+1"},
	}
	for _, s := range sources() {
		rows, err := s.rows()
		if err != nil {
			t.Fatal(err)
		}
		w := want[s.table]
		if len(rows)-1 != w.rows || strings.Join(rows[1], "|") != w.first {
			t.Errorf("%s: %d rows, the first is %q", s.table, len(rows)-1, rows[1])
		}
		found := false
		for _, row := range rows {
			found = found || strings.Join(row, "|") == w.has
			if len(row) != len(s.header) {
				t.Errorf("%s: %q", s.table, row)
			}
		}
		if !found {
			t.Errorf("%s: no row %s", s.table, w.has)
		}
	}
}

func TestDegrees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in     string
		digits int
		want   string
	}{
		{"+4230", 2, "42.5000"}, {"-720041", 2, "-72.0114"}, {"+0023206", 3, "2.5350"}, {"-06508", 3, "-65.1333"},
		{"", 2, ""}, {"+", 2, ""}, {"+42", 2, ""}, {"+4x30", 2, ""}, {"+42300", 2, ""},
	} {
		got, err := degrees(c.in, c.digits)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q: %q, %v; want %q", c.in, got, err, c.want)
		}
	}
}

// newDemo returns a demo on an SQLite file.
func newDemo(t *testing.T) (d Demo, story *strings.Builder) {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	db, err := backends.Parse(sqlite.DSN(filepath.Join(dir, "tracker.db")))
	if err != nil {
		t.Fatal(err)
	}
	b, err := db.Open(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	if _, err := setup.Run(ctx, b); err != nil {
		t.Fatal(err)
	}
	tr, err := tracker.New(ctx, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	user, err := db.OpenSQL(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = user.Close() })
	story = &strings.Builder{}
	return Demo{Tracker: tr, DB: user, Placeholders: b.Dialect().Placeholders(), Landing: dir, Say: func(format string, args ...any) {
		fmt.Fprintf(story, format+"\n", args...)
	}}, story
}

func TestRun(t *testing.T) {
	t.Parallel()
	d, story := newDemo(t)
	for number := range 2 {
		if err := d.Run(t.Context()); err != nil {
			t.Fatalf("%v\n%s", err, story)
		}
		for _, part := range []string{
			`Start "Time Zone Load"? Refused: process "Time Zone Load" is blocked by a dependency`,
			fmt.Sprintf(`Start "Time Zone Load"? Refused: process "Time Zone Load" is already running: run %d`, number+1),
			"country_additions.csv: record on line 3: wrong number of fields; recorded as a Data Error",
			fmt.Sprintf(`Completed run %d of "Time Zone Load".`, number+1),
		} {
			if !strings.Contains(story.String(), part) {
				t.Errorf("the story has no %q:\n%s", part, story)
			}
		}
		story.Reset()
	}
	for query, want := range map[string]string{
		"SELECT count(*) FROM demo_country":                                     "249",
		"SELECT name FROM demo_country WHERE code = 'CI'":                       "Côte d'Ivoire",
		"SELECT count(*) FROM demo_time_zone":                                   "312",
		"SELECT max(latitude) > 70 FROM demo_time_zone":                         "1",
		"SELECT sum(correction) FROM demo_leap_second":                          "27",
		"SELECT count(*) FROM demo_leap_second WHERE day LIKE '2016-12-31%'":    "1",
		"SELECT count(*) FROM demo_country WHERE name IN ('Atlantis','Nobody')": "0",
	} {
		wantSQL(t, d.DB, query, want)
	}
	statuses := map[tracker.ExtractStatus]int{}
	for e, err := range d.Tracker.Extracts(t.Context(), tracker.ExtractFilter{Location: d.Landing}) {
		if err != nil {
			t.Fatal(err)
		}
		statuses[e.Status]++
	}
	if statuses[tracker.Loaded] != 3 || statuses[tracker.InError] != 1 || len(statuses) != 2 {
		t.Errorf("extracts: %v", statuses)
	}
}

func wantSQL(t *testing.T, db *sql.DB, query, want string) {
	t.Helper()
	var got string
	if err := db.QueryRowContext(t.Context(), query).Scan(&got); err != nil || got != want {
		t.Errorf("%s: %q, %v; want %q", query, got, err, want)
	}
}

// A load that fails leaves its tables unchanged, its extracts ready for the next load,
// and no run active.
func TestLoadThatFails(t *testing.T) {
	t.Parallel()
	d, _ := newDemo(t)
	for _, statement := range []string{
		"CREATE TABLE demo_leap_second (other TEXT)",
		tables()["country.csv"].create, "INSERT INTO demo_country (code, name) VALUES ('ZZ', 'from before')",
	} {
		if _, err := d.DB.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "demo_leap_second") {
		t.Fatalf("the load went well: %v", err)
	}
	wantSQL(t, d.DB, "SELECT group_concat(name) FROM demo_country", "from before")
	ready := 0
	for _, err := range d.Tracker.Extracts(t.Context(), tracker.ExtractFilter{Status: tracker.Ready}) {
		if err != nil {
			t.Fatal(err)
		}
		ready++
	}
	if ready != 3 {
		t.Errorf("%d extracts are ready, want 3", ready)
	}
	for r, err := range d.Tracker.Runs(t.Context(), tracker.RunFilter{Process: LoadProcess}) {
		if err != nil || r.Status != tracker.Failed {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// An interrupted demo leaves no run active.
func TestRunInterrupted(t *testing.T) {
	t.Parallel()
	d, _ := newDemo(t)
	ctx, cancel := context.WithCancel(t.Context())
	say := d.Say
	d.Say = func(format string, args ...any) {
		if say(format, args...); strings.Contains(format, "loading now") {
			cancel()
		}
	}
	if err := d.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	for r, err := range d.Tracker.Runs(t.Context(), tracker.RunFilter{}) {
		if err != nil || r.Active() {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func TestLandingDirectoryIsMissing(t *testing.T) {
	t.Parallel()
	d, _ := newDemo(t)
	d.Landing = filepath.Join(d.Landing, "missing")
	if err := d.Run(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}
