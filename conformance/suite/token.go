package suite

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func tokenCases() []Case {
	return []Case{
		{"S3.9 S8.4 no table holds a run's token, and the stored digest gives no right to write", tokenDigested},
		{"S9.4 a runner changes no schema version, no history and no recorded error", runnerKeepsOut},
	}
}

// everyValue calls see with each value of each table that the catalogue lists.
func everyValue(ctx context.Context, t *testing.T, b dialect.Backend, see func(table, column string, value any)) {
	t.Helper()
	text, err := setup.Catalogue(ctx, b)
	must(t, err)
	columns := map[string][]string{}
	for line := range strings.Lines(text) {
		if fields := strings.Split(line, "\t"); fields[1] == "column" {
			columns[fields[0]] = append(columns[fields[0]], fields[2])
		}
	}
	for table, names := range columns {
		query := "SELECT " + strings.Join(names, ", ") + " FROM {" + table + "}"
		must(t, past(b).Query(ctx, statement(t, b, query), func(r dialect.Row) error {
			values, targets := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				targets[i] = &values[i]
			}
			err := r.Scan(targets...)
			for i, value := range values {
				see(table, names[i], value)
			}
			return err
		}))
	}
}

func tokenDigested(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run, err := tr.Start(ctx, tracker.Process{Name: "Teams Load"}, &tracker.StartOptions{Name: "today"})
	must(t, err)
	ready(ctx, t, run, "/landing", "a")
	wantClaim(ctx, t, run, tracker.ClaimOptions{Limit: 1}, "a")
	must(t, run.RecordError(ctx, tracker.ErrorRecord{Description: "a line was skipped"}))
	must(t, run.AddCounts(ctx, tracker.Counts{Records: 1}))
	seen := 0
	everyValue(ctx, t, b, func(table, column string, value any) {
		seen++
		text := fmt.Sprintf("%s", value)
		if strings.Contains(strings.ToLower(text), run.Token()) {
			t.Errorf("%s.%s holds the token", table, column)
		}
		if strings.Contains(column, "token") || column == "turn" {
			if resumed, err := tr.Resume(ctx, run.ID(), text); !only(err, tracker.ErrNotOwner) {
				t.Errorf("with what %s.%s holds: %v, %v", table, column, resumed, err)
			}
		}
	})
	if seen < 100 {
		t.Errorf("only %d values were looked at", seen)
	}
	again, err := tr.Resume(ctx, run.ID(), run.Token())
	must(t, err)
	must(t, again.Complete(ctx, nil))
}

func runnerKeepsOut(t *testing.T, e *Env) {
	ctx := e.context(t)
	whole(ctx, t, e.setUp(t))
	b := e.as(t, setup.Runner).alone(t)
	for _, query := range []string{
		"UPDATE {schema_version} SET version = 99",
		"INSERT INTO {schema_version} (version, name, applied_at) VALUES (99, 'x', '2026-01-02')",
		"DELETE FROM {schema_version}",
		"UPDATE {status_history} SET reason = 'x'",
		"DELETE FROM {status_history}",
		"UPDATE {run_error} SET description = 'x'",
		"DELETE FROM {run}",
		"INSERT INTO {dependency_lock} (lock_no) VALUES (2)",
	} {
		_, err := b.Conn().Exec(ctx, statement(t, b, query))
		if b.Classify(err) != dialect.Denied {
			t.Errorf("%s: %v", query, err)
		}
	}
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddDependency(ctx, "Teams Load", "Teams Extract", tracker.DependencyOptions{Kind: tracker.Hard}))
}
