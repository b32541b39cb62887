package suite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

// RunPlaces checks that a reused place is as good as one that was just set up, and that
// a place which is not is given to no case.
func RunPlaces(t *testing.T, b Backend) {
	t.Helper()
	t.Run("an emptied place is as a new one", func(t *testing.T) { emptiedIsNew(t, b) })
	if b.Reuse.Copy != nil {
		return
	}
	t.Run("the place of a case that failed is not used again", func(t *testing.T) { failedIsDropped(t, b) })
	for _, a := range alterations() {
		t.Run(a.what+" is found out", func(t *testing.T) { a.isFound(t, b) })
	}
}

// emptiedIsNew makes a case fill every table, and leave open sessions.
func emptiedIsNew(t *testing.T, b Backend) {
	places := newPlaces(t, b, 4)
	var left string
	t.Run("fill", func(t *testing.T) {
		e := &Env{Backend: b, places: places, DSN: places.setUp(t)}
		left = e.DSN
		ctx, backend := e.context(t), e.setUp(t)
		fill(ctx, t, backend)
		counts, err := snapshot{relations: relationsOf(backend.Dialect())}.count(ctx, backend.Conn())
		must(t, err)
		for name, n := range counts {
			if n == 0 {
				t.Errorf("%s was not filled: nothing shows that it is emptied", name)
			}
		}
		if b.Commit != nil { // only over a network can others write and be interrupted
			abandon(ctx, t, e, backend)
		}
	})
	t.Run("look", func(t *testing.T) {
		e := &Env{Backend: b, places: places, DSN: places.setUp(t)}
		if again := e.DSN == left; again != (b.Reuse.Copy == nil) {
			t.Errorf("the same place was handed out again: %v", again)
		}
		now, fresh := describe(t, b, e.DSN), describe(t, b, b.Fresh(t))
		if err := now.differs(fresh); err != nil {
			t.Errorf("a place that was emptied is not as a new one: %v", err)
		}
	})
}

// abandon leaves a transaction open that has written and holds locks.
func abandon(ctx context.Context, t *testing.T, e *Env, b dialect.Backend) {
	t.Helper()
	tx, err := e.Backend.Begin(ctx, e.DSN, sql.LevelDefault)
	must(t, err)
	must(t, tx.Exec(ctx, statement(t, b, "UPDATE {process} SET records = 1").SQL))
	e.places.group.Cleanup(func() { _ = tx.End(context.Background(), false) }) // its connection no longer exists then
}

// describe describes the contents of a place that is set up, or will be, except for its
// own names.
func describe(t *testing.T, b Backend, dsn string) snapshot {
	t.Helper()
	e := &Env{Backend: b, DSN: dsn}
	ctx, backend := e.context(t), e.setUp(t)
	s, err := look(ctx, backend)
	must(t, err)
	catalogue, err := setup.Catalogue(ctx, backend)
	must(t, err)
	own := strings.TrimSuffix(backend.Dialect().Table("x"), `"x"`)
	s.schema = strings.Split(catalogue, "\n")
	bare := func(name string) string { return strings.TrimPrefix(name, own) }
	for i := range s.relations {
		s.relations[i].name = bare(s.relations[i].name)
	}
	counts, rows := map[string]int64{}, map[string][]string{}
	for name, n := range s.counts {
		counts[bare(name)] = n
	}
	for name, lines := range s.rows {
		rows[bare(name)] = lines
	}
	s.counts, s.rows = counts, rows
	return s
}

// noted is a test that records its failure and continues.
type noted struct {
	testing.TB

	failed bool
	text   string
}

func (n *noted) Errorf(format string, args ...any) {
	n.failed, n.text = true, fmt.Sprintf(format, args...)
}
func (n *noted) Failed() bool { return n.failed }

func failedIsDropped(t *testing.T, b Backend) {
	places := newPlaces(t, b, 4)
	site := newSite(t, t, b)
	places.takeBack(&noted{TB: t, failed: true}, site)
	if len(places.free) > 0 {
		t.Error("it is handed out again")
	}
}

// An alteration is a change that emptying does not undo.
type alteration struct {
	what, statement string
	names           string // the text that the failure of the case has to contain
}

func alterations() []alteration {
	return []alteration{
		{"an index that is gone", "DROP INDEX {run_by_name}", "run_by_name"},
		{"a view that is gone", "DROP VIEW {v1_errors}", "v1_errors"},
		{"a table more", "CREATE TABLE {more} (id INTEGER)", "more"},
		{"a preloaded name that is another", "UPDATE {file_type} SET name = 'another' WHERE id = 1", "another"},
		{"a preloaded row that is gone", "DELETE FROM {file_type} WHERE id = 1", "file_type"},
		{"another version", "UPDATE {schema_version} SET version = 999 WHERE version = 1", "schema_version"},
	}
}

// isFound makes a case alter its place, which has to fail the case.
func (a alteration) isFound(t *testing.T, b Backend) {
	places := newPlaces(t, b, 4)
	site := newSite(t, t, b)
	e := &Env{Backend: b, DSN: site.dsn}
	backend := e.open(t)
	query := a.statement
	if backend.Dialect().Name() == "mysql" && strings.HasPrefix(query, "DROP INDEX") {
		query = "DROP INDEX run_by_name ON {run}"
	}
	change(e.context(t), t, backend, query)
	said := noted{TB: t}
	places.takeBack(&said, site)
	if len(places.free) > 0 || !said.failed || !strings.Contains(said.text, a.names) || !strings.Contains(said.text, "altering") {
		t.Errorf("places handed out again: %d; the case says %q", len(places.free), said.text)
	}
}
