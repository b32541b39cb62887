package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// findings are the results of an experiment.
type findings struct {
	*experiment

	files, loads, runs, dead int64
	recoveries               []recovery // sorted by their length
	violations               []string
}

// recovery is how long a dead run blocked its process: from the last renewal of its
// lease to its end by another run.
type recovery struct {
	whole  time.Duration
	beyond time.Duration // since the lease's end, without the windows in which faults blocked every process
}

func (f *findings) violatedf(format string, args ...any) {
	f.violations = append(f.violations, fmt.Sprintf(format, args...))
}

// check is a query for violations; its results describe them.
type check struct{ rule, query string }

func checks() []check {
	return []check{
		{"a file was loaded more than once", "SELECT concat(file_name, ' ', count(*), ' times') FROM {chaos_target} GROUP BY file_name HAVING count(*) > 1"},
		{"a file was not loaded", `SELECT x.name FROM {extract} AS x JOIN {extract_status} AS s ON s.id = x.status_id
			WHERE s.name <> 'loaded' OR NOT EXISTS (SELECT 1 FROM {chaos_target} AS t WHERE t.file_name = x.name)`},
		{"a row was written by a run that was not completed", `SELECT concat(t.file_name, ' in run ', r.id, ', ', s.name, ', by ', t.worker) FROM {chaos_target} AS t
			JOIN {run} AS r ON r.id = t.run_id JOIN {run_status} AS s ON s.id = r.status_id WHERE s.name <> 'completed'`},
		{"a run's count is not what it loaded", `SELECT concat('run ', r.id) FROM {run} AS r
			WHERE r.inserts <> (SELECT count(*) FROM {chaos_target} AS t WHERE t.run_id = r.id)`},
		{"run numbers have a gap or a duplicate", `SELECT p.name FROM {process} AS p WHERE p.latest_run_no <> (SELECT count(DISTINCT r.run_no) FROM {run} AS r WHERE r.process_id = p.id)
			OR p.latest_run_no <> (SELECT count(*) FROM {run} AS r WHERE r.process_id = p.id)
			OR p.latest_run_no <> (SELECT coalesce(max(r.run_no), 0) FROM {run} AS r WHERE r.process_id = p.id)`},
		{"a process's total is not the sum of its runs", `SELECT p.name FROM {process} AS p
			WHERE p.inserts <> (SELECT coalesce(sum(r.inserts), 0) FROM {run} AS r WHERE r.process_id = p.id)`},
		{"two runs of a process were active at once", `SELECT concat(p.name, ' runs ', a.run_no, ' and ', b.run_no) FROM {run} AS a
			JOIN {run} AS b ON b.process_id = a.process_id AND b.run_no = a.run_no + 1 JOIN {process} AS p ON p.id = a.process_id
			WHERE a.ended_at IS NULL OR b.started_at < a.ended_at`},
		{"an extract's history has it loaded not once", `SELECT x.name FROM {extract} AS x
			WHERE (SELECT count(*) FROM {status_history} AS h WHERE h.extract_id = x.id AND h.to_status = 'loaded') <> 1`},
		{"the claimed extracts did not come back exactly once", `SELECT x.name FROM {extract} AS x
			WHERE (SELECT count(*) FROM {status_history} AS h WHERE h.extract_id = x.id AND h.to_status = 'loading')
			<> (SELECT count(*) FROM {status_history} AS h WHERE h.extract_id = x.id AND h.from_status = 'loading')`},
		{"a run is stuck", "SELECT concat('run ', r.id) FROM {run} AS r WHERE r.ended_at IS NULL"},
		{"a process is stuck", "SELECT p.name FROM {process} AS p WHERE p.latest_ended_at IS NULL AND p.latest_run_no > 0"},
	}
}

// verify looks for violations, one lease after the last worker has gone.
func (e *experiment) verify(ctx context.Context) (*findings, error) {
	e.pause(ctx, e.lease)
	if _, err := e.tracker.Admin().Reap(ctx, tracker.ReapOptions{}); err != nil {
		return nil, err
	}
	f := &findings{experiment: e}
	for _, c := range checks() {
		if err := f.look(ctx, c); err != nil {
			return nil, fmt.Errorf("%s: %w", c.rule, err)
		}
	}
	for query, n := range map[string]*int64{
		"SELECT count(*) FROM {extract}": &f.files, "SELECT count(*) FROM {run}": &f.runs,
		"SELECT count(DISTINCT run_id) FROM {chaos_target}": &f.loads,
	} {
		found, err := e.numbers(ctx, query)
		if err != nil {
			return nil, err
		}
		*n = found[0]
	}
	if f.files == 0 || f.loads == 0 {
		f.violatedf("nothing was loaded, so that nothing is proved")
	}
	if err := f.recovered(ctx); err != nil {
		return nil, err
	}
	return f, f.unheld(ctx)
}

func (f *findings) look(ctx context.Context, c check) error {
	const most = 10
	n := 0
	err := f.query(ctx, c.query, func(r dialect.Row) error {
		var what string
		if err := r.Scan(&what); err != nil {
			return err
		}
		if n++; n <= most {
			f.violatedf("%s: %s", c.rule, what)
		}
		return nil
	})
	if n > most {
		f.violatedf("%s: %d more", c.rule, n-most)
	}
	return err
}

// recovered measures how long dead runs blocked their processes, by the database's
// clock, which is this machine's.
func (f *findings) recovered(ctx context.Context) error {
	err := f.query(ctx, `SELECT l.expires_at, r.ended_at FROM {run} AS r JOIN {run_lease} AS l ON l.run_id = r.id
		WHERE l.renewed_at >= l.expires_at`, func(r dialect.Row) error {
		var over, ended dialect.Time
		if err := r.Scan(&over, &ended); err != nil {
			return err
		}
		f.dead++
		f.recoveries = append(f.recoveries, recovery{ended.Sub(over.Time) + f.lease, f.outages.outside(over.Time, ended.Time)})
		return nil
	})
	slices.SortFunc(f.recoveries, func(a, b recovery) int { return int(a.whole - b.whole) })
	for _, r := range f.recoveries {
		if r.beyond > f.lease {
			f.violatedf("a dead run kept its process for %v after its lease was over, though nothing kept others from ending it", r.beyond)
		}
	}
	return err
}

// departures returns when workers left their runs.
type departures struct {
	mu  sync.Mutex
	all map[int64]time.Time
}

func (d *departures) note(run int64, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all == nil {
		d.all = map[int64]time.Time{}
	}
	d.all[run] = at
}

// unheld looks for runs that were renewed although no worker held them. A heartbeat
// that was in flight when the worker left its run may take a third of a lease.
func (f *findings) unheld(ctx context.Context) error {
	f.left.mu.Lock()
	defer f.left.mu.Unlock()
	return f.query(ctx, "SELECT run_id, expires_at, length_ms FROM {run_lease} ORDER BY run_id", func(r dialect.Row) error {
		var run, length int64
		var expires dialect.Time
		if err := r.Scan(&run, &expires, &length); err != nil {
			return err
		}
		left, ok := f.left.all[run]
		renewed := expires.Add(-time.Duration(length) * time.Millisecond)
		if late := renewed.Sub(left); ok && late > f.lease {
			f.violatedf("run %d was renewed %v after its worker had left it", run, late)
		}
		return nil
	})
}
