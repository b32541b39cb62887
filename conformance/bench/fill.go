package bench

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// The rows that operations look for in a place with a history. A long and a short
// history have the same number of them, among more or fewer others. They are in the
// middle, or at the end that a list reaches last.
const (
	smallProcess  = "small"
	smallRuns     = 50 // of the small process, from the middle on
	rareRuns      = 10 // that ended on hold, 100 after the middle
	rareExtracts  = 10 // in error, 200 after the middle
	special       = 10 // whose names begin with special, 300 after the middle
	smallLocation = "/small"
	smallFiles    = 100 // in the small location, the newest
	leastRows     = 1000
)

// fill gives a place n runs that ended years ago. Each run registered and loaded an
// extract. Half of the runs belong to one process, and nine in ten extracts to one
// location. fill uses plain SQL.
//
// With stale, statistics are gathered when a tenth of the rows is there.
func (p *place) fill(ctx context.Context, hand Hand, n int, stale bool) error {
	f := filler{place: p, hand: hand, n: n, stale: stale, as: spelling(p.d.Name())}
	for _, statement := range f.as.session {
		if err := hand.Run(ctx, Statement{SQL: statement}); err != nil && !f.as.optional {
			return err
		}
	}
	for _, step := range []func(context.Context) error{f.prepare, f.rows, f.processes, f.number} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	return nil
}

// A filler fills a place.
type filler struct {
	*place

	hand  Hand // uses one connection, whose session is prepared
	n     int
	stale bool
	as    spelled

	firstRun, firstExtract int64
	smallID, smallLocation int64
}

// run runs SQL in which words in brackets stand for the database's own spelling.
func (f *filler) run(ctx context.Context, query string, args ...any) error {
	return f.hand.Run(ctx, f.statement(f.as.replace(query), args...))
}

// numbers is the number of rows that one statement inserts.
const numbers = 100_000

// The table of numbers, from 0 to numbers - 1.
const (
	digits = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 " +
		"UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)"
	numberTable = "CREATE TABLE {bench_number} (n BIGINT NOT NULL PRIMARY KEY)"
	numberRows  = "INSERT INTO {bench_number} (n) SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d FROM " +
		digits + " AS a CROSS JOIN " + digits + " AS b CROSS JOIN " + digits + " AS c CROSS JOIN " + digits + " AS e CROSS JOIN " + digits + " AS f"
)

// prepare inserts the rows that the others refer to.
func (f *filler) prepare(ctx context.Context) error {
	for _, query := range []string{
		numberTable, numberRows,
		"CREATE TABLE {bench_process} (k BIGINT NOT NULL PRIMARY KEY, process_id BIGINT NOT NULL)",
		"CREATE TABLE {bench_location} (k BIGINT NOT NULL PRIMARY KEY, location_id BIGINT NOT NULL)",
		"INSERT INTO {process} (name) SELECT concat('other ', n) FROM {bench_number} WHERE n < 1000",
		"INSERT INTO {bench_process} (k, process_id) SELECT b.n, p.id FROM {bench_number} AS b JOIN {process} AS p ON p.name = concat('other ', b.n)",
		"INSERT INTO {location} (path, path_key, name, type_id) " +
			"SELECT concat('/other/', n), [hash concat('/other/', n)], concat('other ', n), 1 FROM {bench_number} WHERE n < 1000 AND n % 10 = 0",
		"INSERT INTO {bench_location} (k, location_id) SELECT b.n, l.id FROM {bench_number} AS b JOIN {location} AS l ON l.name = concat('other ', b.n)",
	} {
		if err := f.run(ctx, query); err != nil {
			return err
		}
	}
	l, err := f.tracker.Registry().RegisterLocation(ctx, smallLocation, "")
	if err != nil {
		return err
	}
	f.smallLocation, f.smallID = l.ID, f.ids[smallProcess]
	if f.firstRun, err = f.place.number(ctx, "SELECT coalesce(max(id), 0) + 1 FROM {run}"); err != nil {
		return err
	}
	f.firstExtract, err = f.place.number(ctx, "SELECT coalesce(max(id), 0) + 1 FROM {extract}")
	return err
}

// rows inserts the runs and extracts, and the rows that belong to them.
func (f *filler) rows(ctx context.Context) error {
	middle := f.n / 2
	between := func(first, many int) string { return fmt.Sprintf("BETWEEN %d AND %d", first, first+many-1) }
	replace := strings.NewReplacer(
		"RUN", strconv.FormatInt(f.firstRun, 10), "EXTRACT", strconv.FormatInt(f.firstExtract, 10), "ACTOR", strconv.FormatInt(f.actor, 10),
		"BIG PROCESS", strconv.FormatInt(f.ids[processOf(ours, 0)], 10), "SMALL PROCESS", strconv.FormatInt(f.smallID, 10),
		"BIG LOCATION", strconv.FormatInt(f.landing, 10), "SMALL LOCATION", strconv.FormatInt(f.smallLocation, 10),
		"IS SMALL", between(middle, smallRuns), "IS RARE", between(middle+100, rareRuns), "IS IN ERROR", between(middle+200, rareExtracts),
		"IS SPECIAL", between(middle+300, special), "IS NEW", between(f.n-smallFiles, smallFiles),
	)
	const (
		process = "CASE WHEN n IS SMALL THEN SMALL PROCESS WHEN n % 2 = 0 THEN BIG PROCESS ELSE bp.process_id END"
		of      = " FROM (SELECT n + FIRST AS n FROM {bench_number} WHERE n < MANY) AS f"
		others  = of + " LEFT JOIN {bench_process} AS bp ON bp.k = f.n % 1000"
		history = "INSERT INTO {status_history} (process_id, run_id, extract_id, from_status, to_status, actor_id, changed_at) SELECT " + process
	)
	many := numbers
	if f.stale {
		many = max(f.n/10, 1)
	}
	for first := 0; first < f.n; first, many = first+many, numbers {
		chunk := strings.NewReplacer("FIRST", strconv.Itoa(first), "MANY", strconv.Itoa(min(many, f.n-first)))
		for _, query := range []string{
			"INSERT INTO {run} (id, process_id, run_no, status_id, token_digest, actor_id, started_at, ended_at) [own ids] SELECT RUN + n, " + process +
				", n + 1, CASE WHEN n IS RARE THEN 4 ELSE 2 END, [hash concat('run ', n)], ACTOR, [at n], [at n + 30]" + others,
			"INSERT INTO {run_lease} (run_id, length_ms, expires_at, renewed_at) SELECT RUN + n, 60000, [at n + 60], [at n]" + of,
			"INSERT INTO {run_error} (run_id, process_id, error_type_id, description, recorded_at) SELECT RUN + n, " + process + ", 3, 'broken', [at n + 10]" + others + " WHERE n % 100 = 0",
			"INSERT INTO {extract} (id, location_id, name, name_key, status_id, file_type_id, registered_by, process_id, registered_at, status_changed_at) [own ids] " +
				"SELECT EXTRACT + n, CASE WHEN n IS NEW THEN SMALL LOCATION WHEN n % 10 = 0 THEN bl.location_id ELSE BIG LOCATION END, " +
				"concat(CASE WHEN n IS SPECIAL THEN 'special ' ELSE 'file ' END, n, '.csv'), " +
				"[hash concat(CASE WHEN n IS SPECIAL THEN 'special ' ELSE 'file ' END, n, '.csv')], " +
				"CASE WHEN n IS IN ERROR THEN 7 ELSE 4 END, 1, RUN + n, " + process + ", [at n + 1], [at n + 20]" + others +
				" LEFT JOIN {bench_location} AS bl ON bl.k = f.n % 1000",
			"INSERT INTO {run_extract} (run_id, extract_id, status_id, linked_at, status_changed_at) SELECT RUN + n, EXTRACT + n, 4, [at n + 1], [at n + 20]" + of,
			history + ", RUN + n, NULL, NULL, 'running', ACTOR, [at n]" + others,
			history + ", RUN + n, EXTRACT + n, 'loading', 'loaded', ACTOR, [at n + 20]" + others,
			history + ", RUN + n, NULL, 'running', 'completed', ACTOR, [at n + 30]" + others,
		} {
			// A join may return them in another order, and a table is not filled in that order.
			if err := f.run(ctx, replace.Replace(chunk.Replace(query+" ORDER BY f.n"))); err != nil {
				return err
			}
		}
		if f.stale && first == 0 {
			if err := f.analyze(ctx, f.hand); err != nil {
				return err
			}
		}
	}
	return nil
}

// processes updates the processes to the state of their latest runs.
func (f *filler) processes(ctx context.Context) error {
	latest := "(SELECT max(run_no) FROM {run} WHERE process_id = {process}.id)"
	return f.run(ctx, "UPDATE {process} SET latest_run_no = "+latest+", latest_status_id = 2, latest_started_at = [at 0], latest_ended_at = [at 30], "+
		"last_completed_at = [at 30] WHERE EXISTS (SELECT 1 FROM {run} WHERE process_id = {process}.id)")
}

// number makes the database continue with the IDs after the inserted ones.
func (f *filler) number(ctx context.Context) error {
	for _, table := range []string{"run", "extract"} {
		for _, query := range f.as.ids {
			if _, _, err := f.hand.Read(ctx, f.statement(strings.ReplaceAll(query, "TABLE", table))); err != nil {
				return err
			}
		}
	}
	return nil
}

// analyze gathers statistics.
func (p *place) analyze(ctx context.Context, hand Hand) error {
	return p.gather(ctx, hand, spelling(p.d.Name()).analyze)
}

// gather gathers statistics by this statement.
func (p *place) gather(ctx context.Context, hand Hand, statement string) error {
	for _, table := range written() {
		if _, _, err := hand.Read(ctx, p.statement(statement+" {"+table+"}")); err != nil {
			return err
		}
	}
	return nil
}
