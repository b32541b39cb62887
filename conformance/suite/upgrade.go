package suite

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func upgradeCases() []Case {
	return []Case{
		{"S9.3 upgrading from version 1 keeps every row of every table, and the tracker goes on", upgradeKeepsData},
		{"S9.3 an upgrade is told from a first setup, and run again changes nothing", upgradeIsNoSetup},
		{"S9.3 among concurrent upgrades one does the work, and none is harmed", upgradeAtOnce},
	}
}

// An earlier is a Backend whose newest schema is that of an earlier version.
type earlier struct {
	dialect.Backend

	version int
}

// Dialect implements [dialect.Backend].
func (e earlier) Dialect() dialect.Dialect { return earlierDialect{e.Backend.Dialect(), e.version} }

type earlierDialect struct {
	dialect.Dialect

	version int
}

// Migrations implements [dialect.Dialect].
func (d earlierDialect) Migrations() []dialect.Migration { return d.Dialect.Migrations()[:d.version] }

//go:embed testdata/version1.sql
var version1 string

// versionOne sets up a place as it was at version 1, with a row in each table.
func versionOne(ctx context.Context, t *testing.T, b dialect.Backend) {
	t.Helper()
	if r, err := setup.Run(ctx, earlier{b, 1}); err != nil || r != (setup.Result{From: 0, To: 1}) {
		t.Fatalf("set up as version 1: %+v, %v", r, err)
	}
	fill(ctx, t, b)
}

var literal = regexp.MustCompile(`'(?:[^']|'')*'`)

// fill inserts a row into each table that setup leaves empty, and an additional row
// into the others, of a place without other rows.
func fill(ctx context.Context, t *testing.T, b dialect.Backend) {
	t.Helper()
	_, rows, _ := strings.Cut(version1, "never changes.\n")
	for insert := range strings.SplitSeq(rows, ";\n") {
		if insert = strings.TrimSpace(insert); insert != "" {
			if b.Dialect().Name() == "sqlserver" { // where other literals lose what the database's code page lacks
				insert = literal.ReplaceAllString(insert, "N$0")
			}
			change(ctx, t, b, insert)
		}
	}
}

var created = regexp.MustCompile(`(?s)CREATE TABLE (?:IF NOT EXISTS )?(\S+) \((.*?)\n\)`)

// rowsOfVersionOne reads every row of every table of version 1, with the columns of
// that version.
func rowsOfVersionOne(ctx context.Context, t *testing.T, b dialect.Backend) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, m := range created.FindAllStringSubmatch(strings.Join(b.Dialect().Migrations()[0].Statements, ";\n"), -1) {
		var columns []string
		for line := range strings.SplitSeq(m[2], "\n") {
			if fields := strings.Fields(line); len(fields) > 1 && strings.ToLower(fields[0]) == fields[0] {
				columns = append(columns, fields[0])
			}
		}
		list := strings.Join(columns, ", ")
		must(t, b.Conn().Query(ctx, dialect.Stmt{Name: "case", SQL: "SELECT " + list + " FROM " + m[1] + " ORDER BY " + list}, func(r dialect.Row) error {
			values, targets := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				targets[i] = &values[i]
			}
			err := r.Scan(targets...)
			all[m[1]] = append(all[m[1]], fmt.Sprintf("%v", values))
			return err
		}))
		if len(all[m[1]]) == 0 {
			t.Errorf("version1.sql has no row for %s", m[1])
		}
	}
	return all
}

func upgradeKeepsData(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	versionOne(ctx, t, b)
	newest := len(b.Dialect().Migrations())
	_, err := tracker.New(ctx, b, nil)
	wantVersion(t, err, tracker.ErrSchemaVersion, 1, newest)
	before := rowsOfVersionOne(ctx, t, b)
	if len(before) < 39 {
		t.Fatalf("version 1 has only the tables %v", before)
	}
	if r, err := setup.Upgrade(ctx, b); err != nil || r != (setup.Result{From: 1, To: newest}) {
		t.Fatalf("upgrade: %+v, %v", r, err)
	}
	version := b.Dialect().Table("schema_version")
	for table, rows := range rowsOfVersionOne(ctx, t, b) {
		if table == version && len(rows) == newest {
			rows = rows[:1]
		}
		if !slices.Equal(rows, before[table]) {
			t.Errorf("%s was\n%s\nand is\n%s", table, before[table], rows)
		}
	}
	// Existing objects continue to work: the process that failed, the run that waits.
	tr := trackerOn(ctx, t, b, nil)
	if run := start(ctx, t, tr, tracker.Process{Name: "Teams Check 2"}); run.Number() != 1 {
		t.Errorf("a new process's run has number %d", run.Number())
	}
	wantRefused(ctx, t, tr, "Teams Extract", tracker.ErrOnHold)
	waiting, err := tr.Resume(ctx, 3, "token 3")
	must(t, err)
	wantRefused(ctx, t, tr, "Teams Check", tracker.ErrAlreadyRunning)
	must(t, waiting.Complete(ctx, nil))
	if again := start(ctx, t, tr, tracker.Process{Name: "Teams Check"}); again.Number() != 2 {
		t.Errorf("the next run has number %d", again.Number())
	}
}

func upgradeIsNoSetup(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	before := tables(ctx, t, b)
	newest := len(b.Dialect().Migrations())
	_, err := setup.Upgrade(ctx, b)
	wantVersion(t, err, tracker.ErrNotSetUp, 0, newest)
	if after := tables(ctx, t, b); !slices.Equal(before, after) {
		t.Errorf("where nothing was, an upgrade leaves %q", after)
	}
	versionOne(ctx, t, b)
	if plan, err := setup.DryRun(ctx, b); err != nil || plan.From != 1 || !strings.Contains(plan.Script, b.Dialect().Table("v1_runs")) || strings.Contains(plan.Script, "CREATE TABLE") {
		t.Errorf("a dry run of the upgrade: %+v, %v", plan, err)
	}
	beside := e.beside(t, "beside").open(t)
	versionOne(ctx, t, beside)
	_, err = setup.Upgrade(ctx, b)
	must(t, err)
	if have, _, err := setup.Version(ctx, beside); err != nil || have != 1 {
		t.Errorf("another place beside it has version %d, %v", have, err)
	}
	after, rows := tables(ctx, t, b), content(ctx, t, b)
	if r, err := setup.Upgrade(ctx, b); err != nil || r != (setup.Result{From: newest, To: newest}) {
		t.Errorf("again: %+v, %v", r, err)
	}
	if again := tables(ctx, t, b); !slices.Equal(after, again) {
		t.Errorf("again, it changes %q to %q", after, again)
	}
	wantContent(ctx, t, b, rows)
	_, err = setup.Upgrade(ctx, earlier{b, 1})
	wantVersion(t, err, tracker.ErrSchemaVersion, newest, 1)
}

func upgradeAtOnce(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	versionOne(ctx, t, b)
	type result struct {
		setup.Result

		err error
	}
	did := 0
	for _, r := range atOnce(6, func(int) result {
		b, err := e.Backend.Open(ctx, e.DSN)
		if err != nil {
			return result{err: err}
		}
		r, err := setup.Upgrade(ctx, b)
		return result{r, errors.Join(err, b.Close())}
	}) {
		must(t, r.err)
		if r.From == 1 {
			did++
		}
	}
	if did != 1 {
		t.Errorf("%d of them upgraded", did)
	}
	trackerOn(ctx, t, b, nil)
}
