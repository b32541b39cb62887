package conformance

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestPlans asks the server how it carries out what starts, ends, registers,
// moves and claims, among many rows: by index only. A statement that reads a
// whole table to change a row of it locks the whole table.
func TestPlans(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		config, prefix, err := mysql.ParseDSN(databases(server, "")(t))
		must(t, err)
		pool := openPool(t, config)
		pool.SetMaxOpenConns(4)
		b, err := mysql.New(t.Context(), pool, mysql.Prefix(prefix))
		must(t, err)
		if _, err := setup.Run(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		seen := &recorder{Backend: b}
		populate(t, b)
		live(t, seen, 40)
		for _, table := range []string{"process", "run", "extract", "run_extract", "status_history"} {
			if _, err := pool.ExecContext(t.Context(), "ANALYZE TABLE "+b.Dialect().Table(table)); err != nil {
				t.Fatal(err)
			}
		}
		if len(seen.statements) < 20 {
			t.Fatalf("only %d statements", len(seen.statements))
		}
		for _, st := range seen.statements {
			for _, step := range explain(t, pool, st) {
				if step.whole() {
					t.Errorf("%s reads the whole of %s (%s, about %d rows):\n%s", st.Name, step.table, step.access, step.rows, st.SQL)
				}
			}
		}
	})
}

// openPool is a pool of the caller's, for the configuration.
func openPool(t *testing.T, config *driver.Config) *sql.DB {
	t.Helper()
	connector, err := driver.NewConnector(config)
	must(t, err)
	pool := sql.OpenDB(connector)
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

// many is how many rows there are, so that a whole table is not the cheapest.
const many = 4000

// populate makes many extracts and runs.
func populate(t *testing.T, b dialect.Backend) {
	t.Helper()
	tr := suite.Tracker(t, b)
	for i := range 200 {
		run, err := tr.Start(t.Context(), tracker.Process{Name: fmt.Sprintf("process %d", i)}, nil)
		if err == nil && i == 0 {
			_, err = run.RegisterExtracts(t.Context(), files("old", many)...)
		}
		if err == nil {
			err = run.Complete(t.Context(), nil)
		}
		must(t, err)
	}
}

func files(name string, n int) []tracker.File {
	all := make([]tracker.File, n)
	for i := range all {
		all[i] = tracker.File{Location: "/landing", Name: fmt.Sprintf("%s %d.csv", name, i), Status: tracker.Ready}
	}
	return all
}

// live goes through what has to be quick, with n extracts.
func live(t *testing.T, b dialect.Backend, n int) {
	t.Helper()
	ctx := t.Context()
	tr, err := tracker.New(ctx, b, nil)
	check := func(err error) {
		t.Helper()
		must(t, err)
	}
	check(err)
	t.Cleanup(func() { _ = tr.Close() }) // never fails
	check(tr.Registry().AddDependency(ctx, "process 1", "process 2", tracker.DependencyOptions{Kind: tracker.Normal}))
	check(tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "cluster"}))
	check(tr.Registry().JoinCluster(ctx, "process 1", "cluster"))
	process := tracker.Process{Name: "process 1", Sources: tracker.ObjectRefs("s", "o")}
	for _, complete := range []bool{false, true} {
		run, err := tr.Start(ctx, process, &tracker.StartOptions{Name: "day"})
		check(err)
		extracts, err := run.RegisterExtracts(ctx, files(fmt.Sprintf("new %d", run.Number()), n)...)
		check(err)
		check(tr.AddExtractParents(ctx, extracts[0], extracts[1]))
		check(run.SetExtractStatus(ctx, tracker.Loaded, extracts[1:3]...))
		_, err = run.Claim(ctx, tracker.ClaimOptions{Limit: 5})
		check(err)
		_, err = run.Claim(ctx, tracker.ClaimOptions{Limit: 5, Location: "/landing", NameGlob: "new*", Process: "process 1"})
		check(err)
		check(run.AddCounts(ctx, tracker.Counts{Records: 1}))
		if complete {
			check(run.Complete(ctx, nil))
		} else {
			check(run.Fail(ctx, tracker.ErrorRecord{Description: "why"}))
		}
	}
	if _, err := tr.Start(ctx, process, &tracker.StartOptions{Name: "day"}); !errors.Is(err, tracker.ErrAlreadyDone) {
		t.Fatal(err)
	}
}

// recorder keeps the first statement of each name.
type recorder struct {
	dialect.Backend

	mu         sync.Mutex
	statements []dialect.Stmt
}

func (r *recorder) Conn() dialect.Conn { return tap.OneByOne(r.Backend.Conn(), r.see) }

func (r *recorder) see(st dialect.Stmt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.ContainsFunc(r.statements, func(s dialect.Stmt) bool { return s.Name == st.Name && s.SQL == st.SQL }) {
		r.statements = append(r.statements, st)
	}
}

// step is one line of a plan.
type step struct {
	table, access string
	rows          int64
}

// whole reports whether the step reads all of a table that is not small.
func (s step) whole() bool {
	return (s.access == "ALL" || s.access == "index") && s.rows >= many/4 && !strings.HasPrefix(s.table, "<")
}

// explain asks for a statement's plan.
func explain(t *testing.T, pool *sql.DB, st dialect.Stmt) []step {
	t.Helper()
	rows, err := pool.QueryContext(t.Context(), "EXPLAIN "+st.SQL, st.Args...)
	if err != nil {
		t.Fatalf("explain %s: %v", st.Name, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	must(t, err)
	var all []step
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		must(t, rows.Scan(targets...))
		var s step
		for i, name := range columns {
			switch name {
			case "table":
				s.table = values[i].String
			case "type":
				s.access = values[i].String
			case "rows":
				_, _ = fmt.Sscan(values[i].String, &s.rows)
			}
		}
		all = append(all, s)
	}
	must(t, rows.Err())
	return all
}
