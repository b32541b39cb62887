// Package sample fills an SQLite file with a team's nights: processes that depend on
// each other, a month of runs, one that failed last night and the processes that it
// blocks, a hold, a run whose program died, and files that wait. The journeys through
// the dashboard and its screenshots use it.
//
// Processes, dependencies, contacts and files are registered through the tracker. Runs
// of earlier nights cannot be created that way, so they are written to the tracker's
// tables.
package sample

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// job is a process of the sample.
type job struct {
	name    string
	kind    string
	tool    string
	parents []string
	start   time.Duration // after the night's beginning
	takes   time.Duration
	records int64
	fails   bool // last night
}

// The processes that have a problem, for tests.
const (
	Failed   = "Payments Load"
	Blocked  = "Revenue Mart"
	HeldOne  = "Legacy CRM Extract"
	Dead     = "Clickstream Load"
	AtWork   = "Forecast Training"
	Healthy  = "Orders Load"
	LandedAt = "/landing/orders"
)

func jobs() []job {
	m, h := time.Minute, time.Hour
	return []job{
		{name: "Orders Extract", kind: "Extract", tool: "Go", start: 5 * m, takes: 22 * m, records: 180_000},
		{name: "Customers Extract", kind: "Extract", tool: "Go", start: 8 * m, takes: 14 * m, records: 42_000},
		{name: "Products Extract", kind: "Extract", tool: "Go", start: 10 * m, takes: 6 * m, records: 9_000},
		{name: "Payments Extract", kind: "Extract", tool: "Python", start: 20 * m, takes: 31 * m, records: 95_000},
		{name: "Clickstream Extract", kind: "Extract", tool: "Spark", start: 30 * m, takes: 2 * h, records: 4_200_000},
		{name: HeldOne, kind: "Extract", tool: "bash", start: 15 * m, takes: 40 * m, records: 12_000},
		{name: Healthy, kind: "Load", tool: "dbt", parents: []string{"Orders Extract"}, start: 40 * m, takes: 35 * m, records: 180_000},
		{name: "Customers Load", kind: "Load", tool: "dbt", parents: []string{"Customers Extract"}, start: 30 * m, takes: 18 * m, records: 42_000},
		{name: "Products Load", kind: "Load", tool: "dbt", parents: []string{"Products Extract"}, start: 20 * m, takes: 9 * m, records: 9_000},
		{name: Failed, kind: "Load", tool: "dbt", parents: []string{"Payments Extract"}, start: 65 * m, takes: 28 * m, records: 95_000, fails: true},
		{name: Dead, kind: "Load", tool: "Spark", parents: []string{"Clickstream Extract"}, start: 3 * h, takes: 100 * m, records: 4_200_000},
		{name: "Customer Dimension", kind: "Transform", tool: "dbt", parents: []string{"Customers Load"}, start: 70 * m, takes: 12 * m, records: 42_000},
		{name: "Product Dimension", kind: "Transform", tool: "dbt", parents: []string{"Products Load"}, start: 50 * m, takes: 7 * m, records: 9_000},
		{name: "Sales Fact", kind: "Transform", tool: "dbt", parents: []string{Healthy, "Customer Dimension", "Product Dimension"}, start: 90 * m, takes: 55 * m, records: 180_000},
		{name: Blocked, kind: "Transform", tool: "dbt", parents: []string{"Sales Fact", Failed}, start: 3 * h, takes: 25 * m, records: 3_600},
		{name: "Board Report", kind: "Report", tool: "Python", parents: []string{Blocked}, start: 4 * h, takes: 5 * m},
		{name: "Session Fact", kind: "Transform", tool: "Spark", parents: []string{Dead}, start: 5 * h, takes: 45 * m, records: 800_000},
		{name: AtWork, kind: "Training", tool: "Python", parents: []string{"Sales Fact"}, start: 6 * h, takes: 70 * m},
		{name: "Stock Levels", kind: "Load", tool: "Go", start: 4 * h, takes: 3 * m, records: 15_000},
		{name: "Search Index", kind: "Load", tool: "Go", parents: []string{"Product Dimension"}, start: 2 * h, takes: 16 * m, records: 9_000},
	}
}

// Nights is the number of nights.
const Nights = 30

// Open sets up an SQLite file in the directory, fills it, and returns a tracker on it
// and its DSN. now is the time at which the sample is viewed, at any hour: the last night
// is the latest that has ended by then.
func Open(ctx context.Context, dir string, now time.Time) (*tracker.Tracker, string, error) {
	file := filepath.Join(dir, "sample.db")
	dsn := "sqlite:" + file
	b, err := sqlite.Open(ctx, dsn, &sqlite.Options{Create: true})
	if err != nil {
		return nil, "", err
	}
	if _, err := setup.Run(ctx, b); err != nil {
		return nil, "", err
	}
	t, err := tracker.New(ctx, b, &tracker.Config{Actor: "scheduler"})
	if err != nil {
		return nil, "", err
	}
	if err := register(ctx, t); err != nil {
		return nil, "", err
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = db.Close() }() // all writes have been committed
	if err := fill(ctx, db, now.UTC()); err != nil {
		return nil, "", err
	}
	return t, dsn, t.Admin().Hold(ctx, HeldOne, "The vendor changes the export until Tuesday")
}

func register(ctx context.Context, t *tracker.Tracker) error {
	contacts := map[string]tracker.Contact{
		Failed: {Name: "Payments Team", Email: "payments@example.org"}, Blocked: {Name: "Ada Reyes", Email: "ada@example.org"},
		HeldOne: {Name: "CRM Desk", Email: "crm@example.org"}, Dead: {Name: "Web Team", Email: "web@example.org"}, AtWork: {Name: "Ben Okoro"},
	}
	for _, j := range jobs() {
		p := tracker.Process{Name: j.name, Type: j.kind, Tool: j.tool, Frequency: "daily"}
		if j.kind == "Extract" {
			p.Sources, p.Targets = tracker.SystemRefs("Shop"), tracker.SystemRefs("Landing")
		} else {
			p.Sources, p.Targets = tracker.SystemRefs("Landing"), tracker.ObjectRefs("Warehouse", j.name)
		}
		if err := t.Registry().Register(ctx, p); err != nil {
			return err
		}
		if c, ok := contacts[j.name]; ok {
			if err := t.Registry().AddProcessContact(ctx, j.name, c); err != nil {
				return err
			}
		}
	}
	for _, j := range jobs() {
		for i, parent := range j.parents {
			kind := tracker.Normal
			if i == 0 {
				kind = tracker.Hard
			}
			if err := t.Registry().AddDependency(ctx, j.name, parent, tracker.DependencyOptions{Kind: kind}); err != nil {
				return err
			}
		}
	}
	return t.Registry().AddDependency(ctx, "Board Report", "Session Fact", tracker.DependencyOptions{Kind: tracker.Soft})
}

// filler writes runs to the tracker's tables.
type filler struct {
	tx    *sql.Tx
	now   time.Time
	actor int64
	rand  *rand.Rand
	runs  map[string]int64 // the number of each process's latest run
}

// The IDs of statuses, which are the same in every database.
const (
	running   = 1
	completed = 2
	failed    = 3
)

func fill(ctx context.Context, db *sql.DB, now time.Time) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after the commit
	f := &filler{tx: tx, now: now, rand: rand.New(rand.NewPCG(1, 2)), runs: map[string]int64{}}
	if err := tx.QueryRowContext(ctx, "SELECT id FROM pt_actor WHERE name = 'scheduler'").Scan(&f.actor); err != nil {
		return err
	}
	last := lastEvening(now)
	for night := Nights - 1; night >= 0; night-- {
		for _, j := range jobs() {
			if err := f.night(ctx, j, last.AddDate(0, 0, -night), night); err != nil {
				return fmt.Errorf("%s: %w", j.name, err)
			}
		}
	}
	if err := f.files(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

// A night begins at 22:00 UTC, and ends when all that happens in it is over.
const (
	evening     = 22 * time.Hour
	nightLength = 9 * time.Hour
)

// lastEvening returns the beginning of the latest night that has ended.
func lastEvening(now time.Time) time.Time {
	return now.Add(-evening - nightLength).Truncate(24 * time.Hour).Add(evening)
}

// night writes the run of one night, with its course.
func (f *filler) night(ctx context.Context, j job, begins time.Time, ago int) error {
	vary := func(d time.Duration) time.Duration { return time.Duration(float64(d) * (.85 + .3*f.rand.Float64())) }
	start := begins.Add(vary(j.start))
	end := start.Add(vary(j.takes))
	status, records := completed, int64(float64(j.records)*(.9+.2*f.rand.Float64()))
	if ago > 2 && f.rand.IntN(25) == 0 {
		status, records, end = failed, records/3, start.Add(j.takes/3)
	}
	if ago > 0 {
		return f.run(ctx, j.name, start, end, status, records)
	}
	switch j.name {
	case Blocked:
		return f.refused(ctx, j.name, start, start.Add(90*time.Minute), "dependency", 7,
			fmt.Sprintf("%q: run %d has failed", Failed, f.runs[Failed]))
	case "Board Report", "Session Fact":
		return f.refused(ctx, j.name, start, start.Add(2*time.Hour), "dependency", 4, "a parent is in the way")
	case HeldOne:
		return nil
	case Failed:
		return f.run(ctx, j.name, start, start.Add(9*time.Minute), failed, records/4)
	case Dead:
		return f.run(ctx, j.name, start, time.Time{}, running, records/2)
	case AtWork:
		return f.run(ctx, j.name, f.now.Add(-170*time.Minute), time.Time{}, running, 0)
	default:
		return f.run(ctx, j.name, start, end, status, records)
	}
}

const layout = "2006-01-02 15:04:05.000000"

func (f *filler) run(ctx context.Context, process string, start, end time.Time, status int, records int64) error {
	f.runs[process]++
	number := f.runs[process]
	digest := sha256.Sum256(fmt.Appendf(nil, "%s %d", process, number))
	var ended any
	if !end.IsZero() {
		ended = end.Format(layout)
	}
	var processID, id int64
	if err := f.tx.QueryRowContext(ctx, "SELECT id FROM pt_process WHERE name = ?", process).Scan(&processID); err != nil {
		return err
	}
	err := f.tx.QueryRowContext(ctx, `INSERT INTO pt_run (process_id, run_no, name, status_id, token_digest, actor_id, started_at, ended_at, high_at, records, inserts, updates)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, processID, number, start.Format("2006-01-02"), status, hex.EncodeToString(digest[:]), f.actor,
		start.Format(layout), ended, start.Truncate(24*time.Hour).Format(layout), records, records*3/4, records/4).Scan(&id)
	if err != nil {
		return err
	}
	steps := []step{{
		`UPDATE pt_process SET active = ?, latest_run_no = ?, latest_status_id = ?, latest_token_digest = ?, latest_started_at = ?, latest_ended_at = ?,
			records = records + ?, inserts = inserts + ?, updates = updates + ? WHERE id = ?`,
		[]any{end.IsZero(), number, status, hex.EncodeToString(digest[:]), start.Format(layout), ended, records, records * 3 / 4, records / 4, processID},
	}, {
		"INSERT INTO pt_status_history (changed_at, process_id, run_id, to_status, actor_id) VALUES (?, ?, ?, 'running', ?)",
		[]any{start.Format(layout), processID, id, f.actor},
	}}
	steps = append(steps, f.ended(process, processID, id, end, status)...)
	if end.IsZero() {
		expires := f.now.Add(time.Hour)
		if process == Dead {
			expires = start.Add(40 * time.Minute)
		}
		steps = append(steps, step{"INSERT INTO pt_run_lease (run_id, expires_at, renewed_at, length_ms) VALUES (?, ?, ?, 60000)",
			[]any{id, expires.Format(layout), start.Format(layout)}})
	}
	return f.exec(ctx, steps...)
}

// ended writes the rows for the end of a run.
func (f *filler) ended(process string, processID, run int64, end time.Time, status int) []step {
	at := end.Format(layout)
	switch status {
	case completed:
		return []step{
			{"UPDATE pt_process SET last_completed_at = ?, failures = 0, watermark = ? WHERE id = ?", []any{at, end.Truncate(24 * time.Hour).Format(layout), processID}},
			{"INSERT INTO pt_status_history (changed_at, process_id, run_id, from_status, to_status, actor_id) VALUES (?, ?, ?, 'running', 'completed', ?)", []any{at, processID, run, f.actor}},
		}
	case failed:
		why := "exit status 1: connection to the warehouse was reset"
		if process == Failed {
			why = "Data Error in payments_2026.csv: 3 rows have a currency that is not known: \"XBT\"\nsee the log of the load"
		}
		return []step{
			{"UPDATE pt_process SET last_failed_at = ?, last_errored_at = ?, failures = failures + 1 WHERE id = ?", []any{at, at, processID}},
			{"INSERT INTO pt_run_error (run_id, process_id, error_type_id, description, recorded_at) VALUES (?, ?, 2, ?, ?)", []any{run, processID, why, at}},
			{"INSERT INTO pt_status_history (changed_at, process_id, run_id, from_status, to_status, actor_id, reason) VALUES (?, ?, ?, 'running', 'failed', ?, ?)", []any{at, processID, run, f.actor, why}},
		}
	default:
		return nil
	}
}

func (f *filler) refused(ctx context.Context, process string, first, last time.Time, reason string, times int, detail string) error {
	return f.exec(ctx, step{`INSERT INTO pt_refusal (process_id, slot, refusal_key, reason, actor, detail, times, first_at, last_at)
		SELECT id, 1, 'sample', ?, 'scheduler', ?, ?, ?, ? FROM pt_process WHERE name = ?`,
		[]any{reason, detail, times, first.Format(layout), last.Format(layout), process}})
}

// step is a statement and its arguments.
type step struct {
	sql  string
	args []any
}

func (f *filler) exec(ctx context.Context, steps ...step) error {
	for _, s := range steps {
		if _, err := f.tx.ExecContext(ctx, s.sql, s.args...); err != nil {
			return err
		}
	}
	return nil
}
