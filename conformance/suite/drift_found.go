package suite

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A breakage is a change to a schema, and the drifts that it has to cause.
type breakage struct {
	do   []string
	want []string // the beginnings of the drifts; ~ marks one that does not break the tracker
	lost bool     // statements of the database cannot undo every part
}

// breakages are the breakages for every database, and the ones for this database.
func breakages(d dialect.Dialect) []breakage {
	own := map[string]func() []breakage{"postgres": postgresBreakages, "mysql": mysqlBreakages, "sqlite": sqliteBreakages}[d.Name()]
	all := []breakage{
		{do: []string{"DROP VIEW {v1_errors}"}, want: []string{"view v1_errors: is missing"}},
		{do: []string{"DROP VIEW {v1_runs}", "CREATE VIEW {v1_runs} AS SELECT id AS run_id FROM {run}"}, want: []string{"view v1_runs: was replaced by another"}},
		{do: []string{"DROP TABLE {extract_dependency}"}, want: []string{"table extract_dependency: is missing"}},
		{do: []string{"DROP TABLE {process_dataset_type}", "DROP TABLE {location_object}"}, want: []string{
			"table process_dataset_type: is missing", "table location_object: is missing",
		}},
		{do: []string{"ALTER TABLE {data_attribute} DROP COLUMN default_value"}, want: []string{"column data_attribute.default_value: is missing"}},
		{do: []string{"ALTER TABLE {process} DROP COLUMN latest_memory"}, want: []string{"column process.latest_memory: is missing"}},
	}
	if own == nil {
		return all
	}
	return append(all, own()...)
}

func postgresBreakages() []breakage {
	return []breakage{
		{do: []string{"DROP TABLE {error_type} CASCADE"}, want: []string{
			"table error_type: is missing", "foreign key run_error.error_type_id: is missing",
		}},
		{do: []string{"ALTER TABLE {process_filter} ALTER COLUMN value TYPE varchar(10)"}, want: []string{
			"column process_filter.value: is character varying(10) not null, was text collate C not null",
		}},
		{do: []string{"ALTER TABLE {run_lease} ALTER COLUMN renewed_at DROP NOT NULL"}, want: []string{"column run_lease.renewed_at: is timestamp with time zone, was timestamp with time zone not null"}},
		{do: []string{"ALTER TABLE {run} ALTER COLUMN memory DROP DEFAULT"}, want: []string{"default run.memory: is missing"}},
		{do: []string{"ALTER TABLE {run} ALTER COLUMN id DROP IDENTITY"}, want: []string{"identity run.id: is missing"}},
		{do: []string{"ALTER TABLE {run} DROP CONSTRAINT run_token_digest_key"}, want: []string{"unique run (token_digest): is missing"}},
		{do: []string{"ALTER TABLE {run_error} DROP CONSTRAINT run_error_run_id_fkey"}, want: []string{"foreign key run_error.run_id: is missing"}},
		{do: []string{"ALTER TABLE {run_lease} DROP CONSTRAINT run_lease_pkey"}, want: []string{"key run_lease: is missing"}},
		{do: []string{"ALTER TABLE {process_system} DROP CONSTRAINT process_system_role_check"}, want: []string{"check process_system ("}},
		{do: []string{"DROP INDEX {run_by_name}"}, want: []string{"~index run.run_by_name: is missing"}},
		{do: []string{"ALTER TABLE {run} ENABLE ROW LEVEL SECURITY"}, want: []string{"table run: is row level security, was as usual"}},
		{do: []string{"ALTER TABLE {run_error} SET UNLOGGED"}, want: []string{"table run_error: is unlogged, was as usual"}},
		{do: []string{"ALTER VIEW {v1_history} SET (security_barrier = true)"}, want: []string{"view v1_history: was replaced by another"}},
	}
}

func mysqlBreakages() []breakage {
	return []breakage{
		{do: []string{"ALTER TABLE {process} MODIFY COLUMN hold_reason VARCHAR(10)"}, want: []string{
			"column process.hold_reason: is varchar(10) collate utf8mb4_bin, was longtext collate utf8mb4_bin",
		}},
		{do: []string{"ALTER TABLE {run} MODIFY COLUMN run_no BIGINT"}, want: []string{"column run.run_no: is bigint, was bigint not null"}},
		{do: []string{"ALTER TABLE {run} ALTER COLUMN memory DROP DEFAULT"}, want: []string{"default run.memory: is missing"}},
		{do: []string{"ALTER TABLE {run_error} MODIFY COLUMN id BIGINT NOT NULL"}, want: []string{"identity run_error.id: is missing"}},
		{do: []string{"ALTER TABLE {run} DROP INDEX token_digest"}, want: []string{"unique run.token_digest (token_digest): is missing"}},
		{do: []string{"ALTER TABLE {contact} RENAME INDEX name TO other"}, want: []string{"unique contact.name (name,email): is missing"}}, // statements name it
		{do: []string{"ALTER TABLE {process_cluster} DROP PRIMARY KEY, ADD KEY (process_id)"}, want: []string{"key process_cluster: is missing"}},
		{do: []string{"ALTER TABLE {run_extract} DROP FOREIGN KEY {run_extract_ibfk_3}"}, want: []string{"foreign key run_extract.status_id: is missing"}},
		{do: []string{"DROP INDEX run_by_name ON {run}"}, want: []string{"~index run.run_by_name: is missing"}},
		{do: []string{
			"ALTER TABLE {run_soft_dependency} DROP FOREIGN KEY {run_soft_dependency_ibfk_1}, DROP FOREIGN KEY {run_soft_dependency_ibfk_2}, DROP FOREIGN KEY {run_soft_dependency_ibfk_3}",
			"ALTER TABLE {run_soft_dependency} ENGINE = MyISAM",
		}, want: []string{
			"table run_soft_dependency: is MyISAM, was InnoDB", "foreign key run_soft_dependency.parent_id: is missing",
			"foreign key run_soft_dependency.parent_status_id: is missing", "foreign key run_soft_dependency.run_id: is missing",
		}},
	}
}

func sqliteBreakages() []breakage {
	remake := func(table, text string) []string {
		return []string{"DROP TABLE {" + table + "}", "CREATE TABLE {" + table + "} " + text}
	}
	return []breakage{
		{do: []string{"DROP INDEX {run_by_name}"}, want: []string{"~index run.run_by_name: is missing"}},
		{do: []string{"DROP INDEX {run_lease_by_expiry}", "CREATE INDEX {run_lease_by_expiry} ON {run_lease} (run_id, expires_at)"}, want: []string{
			"~index run_lease.run_lease_by_expiry: is run_id,expires_at, was expires_at",
		}},
		{do: remake("process_cluster", "(process_id INTEGER NOT NULL, cluster_id INTEGER NOT NULL REFERENCES {cluster} (id), PRIMARY KEY (process_id, cluster_id))"), want: []string{
			"foreign key process_cluster.process_id: is missing", "~index process_cluster.process_cluster_by_cluster: is missing",
		}, lost: true},
		{do: remake("run_lease", "(run_id INTEGER NOT NULL REFERENCES {run} (id), expires_at INTEGER, renewed_at TEXT NOT NULL COLLATE NOCASE, length_ms INTEGER NOT NULL)"), want: []string{
			"table run_lease: is COLLATE NOCASE, was as usual", "column run_lease.expires_at: is INTEGER, was TEXT not null",
			"key run_lease: is missing", "~index run_lease.run_lease_by_expiry: is missing",
		}, lost: true},
		{do: remake("contact", `(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL,
			created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')), created_by INTEGER REFERENCES {actor} (id),
			changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')), changed_by INTEGER REFERENCES {actor} (id))`), want: []string{
			"identity contact.id: is missing", "default contact.email: is missing", "unique contact (name,email): is missing",
		}, lost: true},
		{do: remake("process_system", "(process_id INTEGER NOT NULL REFERENCES {process} (id), role TEXT NOT NULL, system_id INTEGER NOT NULL REFERENCES {data_system} (id), PRIMARY KEY (process_id, role, system_id))"), want: []string{
			"~index process_system.process_system_by_system: is missing", "check process_system (role IN ('source', 'target')): is missing",
		}, lost: true},
	}
}

// driftMended makes all changes to a place that can be distinguished, and those that no
// statement undoes in another place.
func driftMended(t *testing.T, e *Env) {
	ctx := e.context(t)
	all := breakages(e.open(t).Dialect())
	for i, lost := range []bool{false, true} {
		var do, want []string
		for _, c := range all {
			if c.lost == lost {
				do, want = append(do, c.do...), append(want, c.want...)
			}
		}
		if len(do) == 0 {
			continue
		}
		b := e.beside(t, "place "+string(rune('a'+i))).setUp(t)
		for _, statement := range do {
			change(ctx, t, b, statement)
		}
		found, err := setup.Compare(ctx, b)
		must(t, err)
		wantDrifts(t, found, want)
		if r, err := setup.Run(ctx, b); err != nil || r.From != r.To {
			t.Errorf("setup did %+v, %v", r, err)
		}
		if lost {
			continue
		}
		if !mended(ctx, t, b, found) {
			t.Errorf("a drift has no statement: %v", found.Drifts)
		}
		wantNoDrift(ctx, t, b)
	}
}

// wantDrifts checks which drifts were found, in any order, and that each has a remedy.
func wantDrifts(t *testing.T, found setup.Comparison, want []string) {
	t.Helper()
	breaks := 0
	for _, d := range found.Drifts {
		line := d.String()
		if d.Breaks {
			breaks++
		} else {
			line = "~" + line
		}
		i := slices.IndexFunc(want, func(w string) bool { return strings.HasPrefix(line, w) })
		if i < 0 || d.Remedy() == "" {
			t.Errorf("found %q, remedy %q", line, d.Remedy())
			continue
		}
		want = slices.Delete(slices.Clone(want), i, i+1)
	}
	if len(want) > 0 || found.Breaks() != breaks {
		t.Errorf("not found: %q; %d break", want, found.Breaks())
	}
}

// mended runs the given statements, and reports whether each drift had some. It does so
// twice, because a missing counter may be behind its rows once it exists.
func mended(ctx context.Context, t *testing.T, b dialect.Backend, found setup.Comparison) bool {
	t.Helper()
	for _, d := range found.Drifts {
		if len(d.Mend) == 0 {
			return false
		}
	}
	for range 2 {
		for _, d := range found.Drifts {
			for _, statement := range d.Mend {
				if _, err := past(b).Exec(ctx, dialect.Stmt{Name: "case", SQL: statement}); err != nil {
					t.Errorf("%v: %s: %v", d, statement, err)
				}
			}
		}
		var err error
		found, err = setup.Compare(ctx, b)
		must(t, err)
	}
	return true
}

func driftAdded(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	integer, index, add := "BIGINT", "run_more", "ADD COLUMN "
	switch b.Dialect().Name() {
	case "sqlite":
		integer, index = "INTEGER", "{run_more}"
	case "sqlserver":
		add = "ADD "
	}
	for _, statement := range []string{ // blocks nothing
		"CREATE TABLE {more} (id INTEGER)",
		"CREATE VIEW {more_runs} AS SELECT id FROM {run}",
		"ALTER TABLE {run} " + add + "more INTEGER",
		"ALTER TABLE {run} " + add + "most INTEGER NOT NULL DEFAULT 0",
		"CREATE INDEX " + index + " ON {run} (started_at, id)",
		"CREATE UNIQUE INDEX " + strings.Replace(index, "more", "most", 1) + " ON {run} (token_digest, started_at)",
	} {
		change(ctx, t, b, statement)
	}
	wantNoDrift(ctx, t, b)
	change(ctx, t, b, "CREATE UNIQUE INDEX "+strings.Replace(index, "more", "only", 1)+" ON {run} (process_id)")
	change(ctx, t, b, "DROP TABLE {run_soft_dependency}")
	change(ctx, t, b, "CREATE TABLE {run_soft_dependency} (run_id "+integer+" NOT NULL, parent_id "+integer+" NOT NULL, parent_run_no "+integer+
		" NOT NULL, parent_status_id "+integer+", more INTEGER NOT NULL, PRIMARY KEY (run_id, parent_id))")
	found, err := setup.Compare(ctx, b)
	must(t, err)
	var added []string
	for _, d := range found.Drifts {
		if d.Added {
			added = append(added, d.String()+": "+d.Remedy())
			if d.Breaks != (d.Kind == dialect.KindColumn) || len(d.Mend) > 0 {
				t.Errorf("%+v", d)
			}
		}
	}
	if len(added) != 2 || !strings.HasPrefix(added[0], "column run_soft_dependency.more: was added: give it a default") ||
		!strings.HasPrefix(added[1], "unique run") || !strings.Contains(added[1], " (process_id): was added: drop it") {
		t.Errorf("added: %q", added)
	}
}

func driftSettings(t *testing.T, e *Env) {
	ctx := e.context(t)
	settings := map[string][]string{
		"postgres": {
			"quote_all_identifiers=on", "search_path=pg_catalog", "search_path=information_schema,public", "datestyle=German",
			"standard_conforming_strings=off", "client_min_messages=error", "default_transaction_read_only=on",
		},
		"mysql": {
			"group_concat_max_len=4", "sql_select_limit=3", "sql_quote_show_create=0", "sql_mode=%27ANSI_QUOTES%2CPIPES_AS_CONCAT%27",
			"sql_mode=%27%27", "collation_connection=utf8mb4_general_ci",
		},
	}[e.setUp(t).Dialect().Name()]
	if settings == nil {
		t.Skip("a session has no settings of its own")
	}
	for _, setting := range settings {
		b, err := e.Backend.Open(ctx, e.DSN+"&"+setting)
		must(t, err)
		found, err := setup.Compare(ctx, b)
		if err = errors.Join(err, b.Close()); err != nil || len(found.Drifts)+len(found.Unseen) > 0 {
			t.Errorf("%s: %v, %q, %v", setting, found.Drifts, found.Unseen, err)
		}
	}
}

// counterBehind inserts rows with explicit IDs, as restoring only the rows does.
func counterBehind(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	insert := "INSERT INTO {status_history} (id, changed_at, process_id, run_id, to_status) SELECT id + no, changed_at, process_id, run_id, 'waiting' FROM {status_history} CROSS JOIN (SELECT 1 AS no UNION SELECT 2 UNION SELECT 3) AS n"
	lookup := "INSERT INTO {error_type} (id, name) VALUES (101, 'Network Error')"
	behind := b.Dialect().Name() == "postgres"
	if behind {
		insert = strings.Replace(insert, "SELECT", "OVERRIDING SYSTEM VALUE SELECT", 1)
	}
	if b.Dialect().Name() == "sqlserver" {
		insert = "SET IDENTITY_INSERT {status_history} ON; " + insert + "; SET IDENTITY_INSERT {status_history} OFF"
		lookup = "SET IDENTITY_INSERT {error_type} ON; " + lookup + "; SET IDENTITY_INSERT {error_type} OFF"
	}
	change(ctx, t, b, insert)
	change(ctx, t, b, lookup)
	err := run.Complete(ctx, nil)
	if !behind { // the database advances the counter with the rows
		must(t, err)
		wantNoDrift(ctx, t, b)
		return
	}
	if !only(err, tracker.ErrDrift) || !driverError(err) || !strings.Contains(err.Error(), "run: processtracker status") {
		t.Errorf("with a counter behind, a run's end: %v", err)
	}
	found, err := setup.Compare(ctx, b)
	must(t, err)
	wantDrifts(t, found, []string{"counter error_type.id: is at 101, behind the rows; it must be at 102", "counter status_history.id: is at "})
	if !mended(ctx, t, b, found) {
		t.Errorf("no statement for %v", found.Drifts)
	}
	wantNoDrift(ctx, t, b)
	must(t, run.Complete(ctx, nil))
	must(t, tr.Registry().AddLookupName(ctx, tracker.ErrorTypes, "Disk Error"))
	startsWhole(ctx, t, e)
}

// startsWhole makes a start meet a counter that is behind its rows: the start fails as
// a whole.
func startsWhole(ctx context.Context, t *testing.T, e *Env) {
	t.Helper()
	b := e.beside(t, "counters").setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, start(ctx, t, tr, tracker.Process{Name: "Teams Load"}).Complete(ctx, nil))
	for _, table := range []string{"run", "actor"} {
		change(ctx, t, b, "ALTER TABLE {"+table+"} ALTER COLUMN id RESTART WITH 1")
	}
	_, err := tr.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
	if !only(err, tracker.ErrDrift) {
		t.Errorf("a start whose run's id is taken: %v", err)
	}
	if active := column[bool](ctx, t, b, "SELECT active FROM {process}"); !slices.Equal(active, []bool{false}) {
		t.Errorf("it left the process active: %v", active)
	}
	if _, err := trackerOn(ctx, t, b, &tracker.Config{Actor: "another"}).Start(ctx, tracker.Process{Name: "Teams Load"}, nil); !only(err, tracker.ErrDrift) {
		t.Errorf("a start whose actor's id is taken: %v", err)
	}
}
