package suite

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func setupBesideCases() []Case {
	return []Case{
		{"S9.1 trackers side by side in one database do not see each other, whatever their schemas or prefixes", sideBySide},
		{"S9.1 other programs' tables stay as they are", besideOthers},
		{"S9.1 setup is refused by another program's table of the same name, leaves it alone, and creates nothing", inTheWay},
	}
}

// parameters encodes the parameters of a DSN. PostgreSQL does not decode + as a space.
func parameters(values url.Values) string { return strings.ReplaceAll(values.Encode(), "+", "%20") }

// beside returns another place in the same database: the schema of that name, or the
// tables with that prefix.
func (e *Env) beside(t testing.TB, name string) *Env {
	t.Helper()
	base, query, _ := strings.Cut(e.DSN, "?")
	values, err := url.ParseQuery(query)
	must(t, err)
	if values.Has("schema") {
		values.Set("schema", values.Get("schema")+name)
	} else {
		values.Set("prefix", name)
	}
	other := &Env{DSN: base + "?" + parameters(values), Backend: e.Backend}
	if values.Has("schema") && e.Backend.Name == "postgres" {
		b := other.open(t) // closed after what follows
		t.Cleanup(func() {
			schema := strings.TrimSuffix(b.Dialect().Table("x"), `."x"`)
			_, err := b.Conn().Exec(other.context(t), dialect.Stmt{Name: "drop", SQL: "DROP SCHEMA IF EXISTS " + schema + " CASCADE"})
			must(t, err)
		})
	}
	return other
}

// oddNames are names for [Env.beside] that have to be quoted.
func (e *Env) oddNames() []string {
	names := []string{` ETL it's "quoted" a.b`, `日本✈ $1 %s \ [x]`, " etl", "{run} ; --", "select"}
	if e.Backend.Name == "postgres" {
		names = append(names, " ETL", "a;\n\nb") // on other databases, names may not differ only in case, or contain line breaks
	}
	return names[:sized(e, len(names), 2)]
}

func sideBySide(t *testing.T, e *Env) {
	ctx := e.context(t)
	places := []dialect.Backend{e.setUp(t)}
	for _, name := range e.oddNames() {
		b := e.beside(t, name).open(t)
		if _, err := tracker.New(ctx, b, nil); !errors.Is(err, tracker.ErrNotSetUp) {
			t.Fatalf("%q, while others are set up: %v", name, err)
		}
		if r, err := setup.Run(ctx, b); err != nil || r.From != 0 {
			t.Fatalf("%q: %+v, %v", name, r, err)
		}
		places = append(places, b)
	}
	for i, b := range places {
		tr := trackerOn(ctx, t, b, nil)
		run := start(ctx, t, tr, tracker.Process{Name: "Teams Load", Type: "Load", Sources: tracker.SystemRefs("Lahman")})
		register(ctx, t, run, files("/landing", "teams.csv")...)
		must(t, run.RecordError(ctx, tracker.ErrorRecord{Description: "one"}))
		if run.Number() != 1 || i%2 == 0 {
			must(t, run.Fail(ctx))
		}
	}
	for i, b := range places {
		tr := trackerOn(ctx, t, b, nil)
		runs, problems := collect(t, tr.Runs(ctx, tracker.RunFilter{})), collect(t, tr.Errors(ctx, tracker.ErrorFilter{}))
		if extracts := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{})); len(runs) != 1 || len(problems) != 1 || len(extracts) != 1 {
			t.Errorf("place %d has %d runs, %d errors, %d extracts, want 1 each", i, len(runs), len(problems), len(extracts))
		}
		if runs[0].Active() == (i%2 == 0) || runs[0].Number != 1 {
			t.Errorf("place %d: the run is %+v", i, runs[0])
		}
	}
}

// others creates tables that belong to another application: in the place itself, and
// under the names that the tracker would use without a place of its own.
func others(ctx context.Context, t testing.TB, b dialect.Backend) []string {
	t.Helper()
	d := b.Dialect()
	if schema, ok := strings.CutSuffix(d.Table("x"), `."x"`); ok {
		change(ctx, t, b, "CREATE SCHEMA IF NOT EXISTS "+schema)
	}
	if schema, ok := strings.CutSuffix(d.Table("x"), ".[x]"); ok {
		change(ctx, t, b, "CREATE SCHEMA "+schema)
	}
	made := []string{d.Table("customers"), d.Table("processes"), d.Table("run s")}
	if d.Name() == "sqlite" {
		made = append(made, "process", "run", `"extract"`, "schema_version", "status_history_by_run")
	}
	for _, table := range made {
		change(ctx, t, b, "CREATE TABLE "+table+" (id INTEGER PRIMARY KEY, name TEXT)")
		change(ctx, t, b, "INSERT INTO "+table+" (id, name) VALUES (1, 'theirs')")
	}
	return made
}

func besideOthers(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	made := others(ctx, t, b)
	before := tables(ctx, t, b)
	if _, err := tracker.New(ctx, b, nil); !errors.Is(err, tracker.ErrNotSetUp) {
		t.Fatalf("beside the tables of others: %v", err)
	}
	if r, err := setup.Run(ctx, b); err != nil || r.From != 0 {
		t.Fatalf("set up: %+v, %v", r, err)
	}
	whole(ctx, t, b)
	after := tables(ctx, t, b)
	for _, table := range before {
		if !slices.Contains(after, table) {
			t.Errorf("%q is gone or not what it was", table)
		}
	}
	for _, table := range made {
		if rows := column[string](ctx, t, b, "SELECT name FROM "+table); !slices.Equal(rows, []string{"theirs"}) {
			t.Errorf("%s has %q", table, rows)
		}
	}
}

// inTheWay makes another application own each of the names in turn. Setup reports the
// object, whatever it is, and changes nothing.
func inTheWay(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	others(ctx, t, b)
	type other struct{ what, make, drop string }
	all := []other{
		// The last object but one that setup creates: by then, much would exist already.
		{"table run_extract", "CREATE TABLE {run_extract} (id INTEGER PRIMARY KEY)", "DROP TABLE {run_extract}"},
		{"view v1_runs", "CREATE VIEW {v1_runs} AS SELECT name FROM {customers}", "DROP VIEW {v1_runs}"},
		{"view run", "CREATE VIEW {run} AS SELECT name FROM {customers}", "DROP VIEW {run}"},
		{"table v1_errors", "CREATE TABLE {v1_errors} (id INTEGER PRIMARY KEY)", "DROP TABLE {v1_errors}"},
	}
	index := other{"index run_by_name", "CREATE INDEX {run_by_name} ON {customers} (name)", "DROP INDEX {run_by_name}"}
	switch b.Dialect().Name() {
	case "sqlite":
		all = append(all, index)
	case "postgres":
		index.make = "CREATE INDEX run_by_name ON {customers} (name)"
		all = append(all, index,
			other{"sequence run_id_seq", "CREATE SEQUENCE {run_id_seq}", "DROP SEQUENCE {run_id_seq}"},
			other{"materialized view process", "CREATE MATERIALIZED VIEW {process} AS SELECT 1 AS one", "DROP MATERIALIZED VIEW {process}"},
			other{"type tool", "CREATE TYPE {tool} AS ENUM ('a')", "DROP TYPE {tool}"},
			other{"type contact", "CREATE DOMAIN {contact} AS integer", "DROP DOMAIN {contact}"},
			other{"type extract", "CREATE TYPE {extract} AS (a integer)", "DROP TYPE {extract}"})
	}
	for _, o := range all {
		change(ctx, t, b, o.make)
		end := strings.LastIndex(o.what, " ")
		kind, name := o.what[:end], o.what[end+1:]
		before := tables(ctx, t, b)
		_, dry := setup.DryRun(ctx, b)
		_, err := setup.Run(ctx, b)
		for _, err := range []error{dry, err} {
			if !only(err, tracker.ErrInvalid) || !strings.Contains(err.Error(), "the database already has "+kind+" ") || !strings.Contains(err.Error(), name+", not known") {
				t.Errorf("set up over another's %s: %v", o.what, err)
			}
		}
		if after := tables(ctx, t, b); !slices.Equal(before, after) {
			t.Errorf("over another's %s it leaves %q, was %q", o.what, after, before)
		}
		change(ctx, t, b, o.drop)
	}
	_, err := setup.Run(ctx, b)
	must(t, err)
	whole(ctx, t, b)
	// If the version is unknown, existing tables are not treated as the tracker's.
	change(ctx, t, b, "DELETE FROM {schema_version}")
	if b.Dialect().Name() == "mysql" {
		return // it knows its tables
	}
	if _, err := setup.Run(ctx, b); !only(err, tracker.ErrInvalid) || !strings.Contains(err.Error(), "more, not known") {
		t.Errorf("set up where the version was lost: %v", err)
	}
}
