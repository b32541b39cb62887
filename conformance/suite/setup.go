package suite

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func setupCases() []Case {
	return []Case{
		{"S8.5 a database that was never set up is an error, and stays as it is", neverSetUp},
		{"S8.5 a newer schema is an error, and stays as it is", newerSchema},
		{"S8.5 S9.1 an older schema is an error until setup upgrades it, which keeps the data", olderSchema},
		{"S8.5 no DDL is issued at run time", noDDL},
		{"S9.1 setting up again changes nothing", setUpAgain},
		{"S9.1 concurrent setups do not harm each other", setUpAtOnce},
		{"S9.1 a setup that fails at any statement can be run again", setUpBroken},
		{"S9.1 a setup that is cancelled at any moment can be run again", setUpCancelled},
	}
}

// tables lists all tables, indexes and similar objects in a database, whoever owns
// them, with their definitions if the database stores them.
func tables(ctx context.Context, t testing.TB, b dialect.Backend) []string {
	t.Helper()
	query, args := tablesQuery(b)
	if query == "" {
		t.Fatalf("say here how %s lists tables", b.Dialect().Name())
	}
	return column[string](ctx, t, b, query, args...)
}

func tablesQuery(b dialect.Backend) (query string, args []any) {
	query = map[string]string{
		"sqlite": "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1",
		"postgres": `SELECT n.nspname || '.' || c.relname || ' ' || c.relkind::text || ' ' || coalesce(string_agg(a.attname, ',' ORDER BY a.attnum), '')
			FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
			WHERE n.nspname = split_part(?, '"', 2) GROUP BY n.nspname, c.relname, c.relkind ORDER BY 1`,
		"mysql": `SELECT concat(table_name, ' ', column_name, ' ', column_type, ' ', ordinal_position) FROM information_schema.columns
			WHERE table_schema = DATABASE() UNION SELECT concat(table_name, ' ', index_name, ' ', column_name, ' ', seq_in_index)
			FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1`,
		"sqlserver": `SELECT concat(t.name, ' ', c.name, ' ', c.column_id, ' ', c.max_length)
			FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id JOIN sys.columns AS c ON c.object_id = t.object_id
			WHERE s.name = SUBSTRING(PARSENAME(?, 2), 1, 128)
			UNION SELECT concat(t.name, ' ', i.name, ' ', i.index_id)
			FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id JOIN sys.indexes AS i ON i.object_id = t.object_id
			WHERE s.name = SUBSTRING(PARSENAME(?, 2), 1, 128) AND i.name IS NOT NULL ORDER BY 1`,
	}[b.Dialect().Name()]
	return query, slices.Repeat([]any{b.Dialect().Table("x")}, strings.Count(query, "?"))
}

// wantVersion checks the error of [tracker.New] about a schema's version.
func wantVersion(t *testing.T, err, sentinel error, have, want int) {
	t.Helper()
	var schema *tracker.SchemaError
	if !errors.Is(err, sentinel) || !errors.As(err, &schema) || schema.Have != have || schema.Want != want {
		t.Fatalf("want %v with versions %d and %d, got: %v", sentinel, have, want, err)
	}
	for _, part := range []string{strconv.Itoa(want), "processtracker"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("it does not say %q: %v", part, err)
		}
	}
	if have > 0 && !strings.Contains(err.Error(), strconv.Itoa(have)) {
		t.Errorf("it does not say which version there is: %v", err)
	}
	command := "processtracker setup"
	if have > 0 {
		command = "processtracker upgrade"
	}
	if have < want && !strings.Contains(err.Error(), command) {
		t.Errorf("it does not say to run %q: %v", command, err)
	}
}

func neverSetUp(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	before := tables(ctx, t, b)
	want := len(b.Dialect().Migrations())
	for range 2 {
		_, err := tracker.New(ctx, b, nil)
		wantVersion(t, err, tracker.ErrNotSetUp, 0, want)
	}
	if have, newest, err := setup.Version(ctx, b); err != nil || have != 0 || newest != want {
		t.Errorf("version %d of %d, %v", have, newest, err)
	}
	if after := tables(ctx, t, b); !slices.Equal(before, after) {
		t.Errorf("it left behind: %q, was %q", after, before)
	}
}

func newerSchema(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	change(ctx, t, b, "INSERT INTO {schema_version} (version, name, applied_at) VALUES (999, 'from the future', "+b.Dialect().Now()+")")
	before, rows := tables(ctx, t, b), content(ctx, t, b)
	want := len(b.Dialect().Migrations())
	_, err := tracker.New(ctx, b, nil)
	wantVersion(t, err, tracker.ErrSchemaVersion, 999, want)
	_, err = setup.Run(ctx, b)
	wantVersion(t, err, tracker.ErrSchemaVersion, 999, want)
	_, err = setup.DryRun(ctx, b)
	wantVersion(t, err, tracker.ErrSchemaVersion, 999, want)
	if have, newest, err := setup.Version(ctx, b); err != nil || have != 999 || newest != want {
		t.Errorf("version %d of %d, %v", have, newest, err)
	}
	if after := tables(ctx, t, b); !slices.Equal(before, after) {
		t.Errorf("it changed %q to %q", before, after)
	}
	wantContent(ctx, t, b, rows)
}

// A later is a Backend whose schema is one version newer.
type later struct {
	dialect.Backend

	statements []string
}

// Dialect implements [dialect.Backend].
func (l later) Dialect() dialect.Dialect { return laterDialect{l.Backend.Dialect(), l.statements} }

type laterDialect struct {
	dialect.Dialect

	statements []string
}

// Migrations implements [dialect.Dialect].
func (d laterDialect) Migrations() []dialect.Migration {
	all := d.Dialect.Migrations()
	return append(slices.Clip(all), dialect.Migration{Version: len(all) + 1, Name: "later", Statements: d.statements})
}

func olderSchema(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	run := start(ctx, t, trackerOn(ctx, t, b, nil), tracker.Process{Name: "Teams Load"})
	present := len(b.Dialect().Migrations())
	next := later{b, []string{"CREATE TABLE " + b.Dialect().Table("later") + " (id INTEGER)"}}
	before := tables(ctx, t, b)
	_, err := tracker.New(ctx, next, nil)
	wantVersion(t, err, tracker.ErrSchemaVersion, present, present+1)
	if after := tables(ctx, t, b); !slices.Equal(before, after) {
		t.Errorf("being asked changed %q to %q", before, after)
	}
	result, err := setup.Run(ctx, next)
	if err != nil || result != (setup.Result{From: present, To: present + 1}) {
		t.Fatalf("set up again: %+v, %v", result, err)
	}
	if info := stored(ctx, t, trackerOn(ctx, t, next, nil), run); !info.Active() || info.Process != "Teams Load" {
		t.Errorf("after that the run is %+v", info)
	}
	must(t, run.Complete(ctx, nil))
	_, err = tracker.New(ctx, b, nil) // the version before this one
	wantVersion(t, err, tracker.ErrSchemaVersion, present+1, present)
}

// noDDL checks every call of a case for statements that change the schema, and compares
// the schema afterwards.
func noDDL(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	before := tables(ctx, t, s)
	s.forget()
	tr := trackerOn(ctx, t, s, nil)
	process := tracker.Process{
		Name: "Teams Load", Type: "Load", Tool: "Go", Frequency: "daily", DatasetTypes: []string{"sport"},
		Sources: tracker.AttributeRefs("Lahman", "Teams", "id"), Targets: tracker.ObjectRefs("Warehouse", "teams"),
	}
	run := start(ctx, t, tr, process)
	_, _ = tr.Start(ctx, process, nil)
	for _, in := range inputs(s, tr, run) {
		_ = in.give(ctx, "any")
	}
	_ = run.Complete(ctx, nil)
	words := map[string]bool{}
	for _, text := range s.texts() {
		words[strings.ToUpper(strings.Fields(text)[0])] = true
	}
	allowed := []string{"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}
	for word := range words {
		if !slices.Contains(allowed, word) {
			t.Errorf("a statement begins with %s", word)
		}
	}
	if len(words) < 4 {
		t.Errorf("there were only these statements: %v", slices.Sorted(maps.Keys(words)))
	}
	if after := tables(ctx, t, s); !slices.Equal(before, after) {
		t.Errorf("the schema was %q and is %q", before, after)
	}
}

func setUpAgain(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	want := len(b.Dialect().Migrations())
	first, err := setup.Run(ctx, b)
	if err != nil || first != (setup.Result{From: 0, To: want}) || want < 1 {
		t.Fatalf("first: %+v, %v", first, err)
	}
	run := start(ctx, t, trackerOn(ctx, t, b, nil), tracker.Process{Name: "Teams Load"})
	before, rows := tables(ctx, t, b), content(ctx, t, b)
	s := &spy{Backend: b}
	for range 2 {
		again, err := setup.Run(ctx, s)
		if err != nil || again != (setup.Result{From: want, To: want}) {
			t.Fatalf("again: %+v, %v", again, err)
		}
	}
	if after := tables(ctx, t, b); !slices.Equal(before, after) {
		t.Errorf("the schema was %q and is %q", before, after)
	}
	wantContent(ctx, t, b, rows)
	if info := stored(ctx, t, trackerOn(ctx, t, b, nil), run); !info.Active() {
		t.Errorf("the run is %+v", info)
	}
	for _, text := range s.texts() {
		if !strings.HasPrefix(text, "SELECT") && !locksSetup(text) {
			t.Errorf("setting up again sent: %s", text)
		}
	}
}

// whole checks that the place is set up, exactly once, and works.
func whole(ctx context.Context, t testing.TB, b dialect.Backend) {
	t.Helper()
	want := int64(len(b.Dialect().Migrations()))
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {schema_version}"); n != want {
		t.Errorf("%d migrations are recorded, want %d", n, want)
	}
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {run_status}"); n != 4 {
		t.Errorf("there are %d statuses of runs, want 4", n)
	}
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load", Type: "Load", Sources: tracker.SystemRefs("Lahman")})
	extract := register(ctx, t, run, files("/landing", "teams.csv")...)[0]
	must(t, run.SetExtractStatus(ctx, tracker.Loaded, extract))
	must(t, run.Complete(ctx, nil))
}

func setUpAtOnce(t *testing.T, e *Env) {
	ctx := e.context(t)
	type result struct {
		setup.Result

		err error
	}
	// Each call opens the place itself: no connection exists yet.
	results := atOnce(8, func(int) result {
		b, err := e.Backend.Open(ctx, e.DSN)
		if err != nil {
			return result{err: err}
		}
		r, err := setup.Run(ctx, b)
		return result{r, errors.Join(err, b.Close())}
	})
	b := e.open(t)
	first := 0
	for _, r := range results {
		must(t, r.err)
		if r.From == 0 {
			first++
		} else if r.From != r.To {
			t.Errorf("one did %+v", r.Result)
		}
	}
	if first != 1 {
		t.Errorf("%d of them set up", first)
	}
	whole(ctx, t, b)
}

// setUpBroken interrupts the setup at its first statement, its fourth, and so on, in
// turns by a database error and by the end of the connection.
func setUpBroken(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	empty := tables(ctx, t, b)
	for at := 1; ; at += sized(e, 3, 25) { // by errors of both sorts
		n := 0
		s := &spy{Backend: b, before: func(st *dialect.Stmt) error {
			n++
			switch {
			case n < at:
				return nil
			case at%2 == 0:
				return errLost
			default:
				*st = dialect.Stmt{Name: "broken", SQL: "SELECT 1 FROM there_is_no_such_table"}
				return nil
			}
		}}
		_, err := setup.Run(ctx, s)
		if err == nil && n < at {
			break // it has fewer statements than that
		}
		if err == nil || at%2 == 0 && !errors.Is(err, errLost) {
			t.Fatalf("cut off at statement %d: %v", at, err)
		}
		if left := tables(ctx, t, b); !slices.Equal(left, empty) && !e.Backend.DDLCommits {
			t.Fatalf("cut off at statement %d it leaves %q", at, left)
		}
		have, newest, err := setup.Version(ctx, b)
		if err != nil || have != 0 && (!e.Backend.DDLCommits || have >= newest) {
			t.Fatalf("cut off at statement %d: version %d, %v", at, have, err)
		}
	}
	whole(ctx, t, b)
}

// setUpCancelled ends the context just when a statement is sent, so that it ends while
// the statement is executed.
func setUpCancelled(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	for at := 1; ; at += sized(e, 7, 25) {
		n := 0
		hasty, cancel := context.WithCancel(ctx)
		s := &spy{Backend: b, before: func(*dialect.Stmt) error {
			if n++; n == at {
				go cancel()
			}
			return nil
		}}
		_, err := setup.Run(hasty, s)
		done := n < at
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("cancelled at statement %d: %v", at, err)
		}
		have, _, err := setup.Version(ctx, b)
		newest := len(b.Dialect().Migrations())
		if err != nil || have != 0 && have != newest && !e.Backend.DDLCommits {
			t.Fatalf("cancelled at statement %d: version %d, %v", at, have, err)
		}
		if done || have == newest {
			break
		}
	}
	_, err := setup.Run(ctx, b)
	must(t, err)
	whole(ctx, t, b)
}
