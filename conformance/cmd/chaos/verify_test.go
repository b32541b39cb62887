package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// sound is an experiment whose one load was made by the second run, after the first one had died.
func sound(ctx context.Context, t *testing.T) *experiment {
	t.Helper()
	p, err := openPlace(ctx, "sqlite")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.close() })
	e := newExperiment(p, terms{lease: time.Minute})
	if e.backend, err = openBackend(ctx, p.direct); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.backend.Close() })
	pool, join, err := openPool(p.dsn)
	if err == nil {
		t.Cleanup(func() { _ = pool.Close() })
		err = errors.Join(e.prepare(ctx), e.register(ctx, 2))
	}
	if err != nil {
		t.Fatal(err)
	}
	w := &worker{task: task{Name: "worker"}, tracker: e.tracker, place: e.backend, pool: pool, join: join}
	for _, load := range []bool{false, true} {
		run, err := e.tracker.Start(ctx, tracker.Process{Name: "Load"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		files, err := run.Claim(ctx, tracker.ClaimOptions{Limit: 2})
		if err != nil || len(files) != 2 {
			t.Fatalf("claimed %v, %v", files, err)
		}
		if !load {
			err = ignore(e.tracker.Admin().Reap(ctx, tracker.ReapOptions{RunID: run.ID(), Force: true}))
		} else if tx, began := pool.BeginTx(ctx, nil); began == nil {
			err = errors.Join(w.write(ctx, tx, run, files), tx.Commit())
		}
		if err != nil {
			t.Fatal(err)
		}
		e.left.note(run.ID(), time.Now())
	}
	e.lease = 10 * time.Millisecond // which is waited for
	return e
}

// Every violation is found.
func TestVerify(t *testing.T) {
	t.Parallel()
	for rule, spoil := range map[string]string{
		"":                                 "UPDATE {run} SET records = 0",
		"a file was loaded more than once": "INSERT INTO {chaos_target} SELECT * FROM {chaos_target} LIMIT 1",
		"a file was not loaded":            "DELETE FROM {chaos_target} WHERE file_name = '00000001.csv'",
		"a row was written by a run that was not completed":   "UPDATE {chaos_target} SET run_id = (SELECT id FROM {run} WHERE status_id = 3)",
		"a run's count is not what it loaded":                 "UPDATE {run} SET inserts = inserts + 1 WHERE inserts > 0",
		"run numbers have a gap or a duplicate":               "UPDATE {process} SET latest_run_no = 3 WHERE name = 'Load'",
		"a process's total is not the sum of its runs":        "UPDATE {process} SET inserts = 1 WHERE name = 'Load'",
		"two runs of a process were active at once":           "UPDATE {run} SET started_at = '2001-01-01 00:00:00.000000' WHERE run_no = 2",
		"an extract's history has it loaded not once":         "DELETE FROM {status_history} WHERE to_status = 'loaded'",
		"the claimed extracts did not come back exactly once": "DELETE FROM {status_history} WHERE from_status = 'loading' AND to_status = 'ready'",
		"a run is stuck":              "UPDATE {run} SET ended_at = NULL WHERE run_no = 2",
		"a process is stuck":          "UPDATE {process} SET latest_ended_at = NULL WHERE name = 'Load'",
		"nothing was loaded":          "DELETE FROM {chaos_target}",
		"run 3 was renewed":           "UPDATE {run_lease} SET expires_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '+2 minutes') WHERE run_id = 3",
		"a dead run kept its process": "UPDATE {run_lease} SET renewed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '-1 minute'), expires_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '-1 minute') WHERE renewed_at = expires_at",
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			e := sound(ctx, t)
			text, err := sqlFor(e.backend, spoil)
			if err == nil {
				_, err = e.backend.Conn().Exec(ctx, dialect.Stmt{Name: "spoil", SQL: text})
			}
			if err != nil {
				t.Fatal(err)
			}
			f, err := e.verify(ctx)
			if err != nil {
				t.Fatal(err)
			}
			found := strings.Join(f.violations, "\n")
			if rule == "" && found != "" || !strings.Contains(found, rule) {
				t.Errorf("found: %s", found)
			}
		})
	}
}

func TestOutside(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Date(2026, 1, 2, 3, 4, s, 0, time.UTC) }
	w := new(windows)
	w.add(at(2), at(4))
	w.add(at(3), at(6))
	for _, c := range []struct{ from, to, want int }{{0, 1, 1}, {0, 3, 2}, {3, 5, 0}, {0, 10, 6}, {6, 8, 2}} {
		if got := w.outside(at(c.from), at(c.to)); got != time.Duration(c.want)*time.Second {
			t.Errorf("from %d to %d: %v", c.from, c.to, got)
		}
	}
}
