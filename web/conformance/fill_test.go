package conformance_test

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/conformance/bench"
	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

// benchProcesses is the number of processes in a filled place.
const benchProcesses = 2000

// filled returns the DSN of a place with a number of runs and extracts, the last of which
// began a minute ago. If kept is set, the place has that name and stays, and is only
// filled if it is not there yet.
func (p place) filled(tb testing.TB, rows int, kept string) string {
	tb.Helper()
	if rows%benchProcesses != 0 {
		tb.Fatalf("%d rows: give a multiple of %d, so that every process has as many runs", rows, benchProcesses)
	}
	var dsn string
	switch {
	case kept == "":
		dsn = p.fresh(tb)
	case p.server == "":
		dsn = sqlite.DSN(kept + ".db")
	default:
		dsn = p.dsn(tb, kept)
		db := p.sql(tb, p.server)
		_, _ = db.ExecContext(tb.Context(), p.create(kept)) // it may exist
		_ = db.Close()                                      // nothing is in progress
	}
	b, err := p.driver.Open(tb.Context(), dsn, backend.Options{Create: true})
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = b.Close() }() // all was committed
	result, err := setup.Run(tb.Context(), b)
	if err != nil {
		tb.Fatal(err)
	}
	if result.From == 0 {
		began := time.Now()
		p.fill(tb, b.Dialect(), dsn, rows)
		tb.Logf("%s: %d runs and extracts, filled in %v", p.name, rows, time.Since(began).Round(time.Second))
	}
	return dsn
}

// fill writes the rows with plain SQL, on one connection.
func (p place) fill(tb testing.TB, d dialect.Dialect, dsn string, rows int) {
	tb.Helper()
	ctx, as := tb.Context(), bench.NewSpelling(d)
	pool := p.sql(tb, dsn)
	defer func() { _ = pool.Close() }() // all was committed
	conn, err := pool.Conn(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	session, optional := as.Session()
	for _, statement := range session {
		if _, err := conn.ExecContext(ctx, statement); err != nil && !optional {
			tb.Fatal(err)
		}
	}
	f := filling{rows: rows, began: time.Now().Add(-time.Duration(rows*10+60) * time.Second)}
	f.run(tb, conn, as.Numbers()...)
	for _, statement := range f.registry() {
		f.run(tb, conn, as.SQL(statement))
	}
	for first := 0; first < rows; first += 100_000 {
		part := strings.NewReplacer("FIRST", strconv.Itoa(first), "MANY", strconv.Itoa(min(100_000, rows-first)))
		for _, statement := range f.history() {
			f.run(tb, conn, as.SQL(part.Replace(statement)))
		}
	}
	for _, table := range []string{
		"process", "process_dependency", "contact", "process_contact", "process_system", "system_contact", "location",
		"run", "run_lease", "run_error", "extract", "run_extract", "status_history", "refusal",
	} {
		f.run(tb, conn, as.Analyze(table))
	}
}

// filling writes the statements that fill a place.
type filling struct {
	rows  int
	began time.Time // when the first run began; the others follow every ten seconds
}

func (f filling) run(tb testing.TB, conn *sql.Conn, statements ...string) {
	tb.Helper()
	for _, statement := range statements {
		if _, err := conn.ExecContext(tb.Context(), statement); err != nil {
			tb.Fatalf("%v in %s", err, statement)
		}
	}
}

// at is the time so many seconds after the beginning of the run n.
func (f filling) at(n string, later int) string {
	beginning := int(f.began.Sub(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)).Seconds())
	return fmt.Sprintf("[at %d + (%s) * 10]", beginning+later, n)
}

// registry fills the tables about processes. A process's latest run is one of the last
// 2,000; one in 40 is running, and one in 50 has failed.
func (f filling) registry() []string {
	numbers := func(n int) string { return fmt.Sprintf(" FROM {bench_number} WHERE n < %d", n) }
	latest := fmt.Sprintf("n + %d", f.rows-benchProcesses)
	processes := numbers(benchProcesses)
	return []string{
		"INSERT INTO {actor} (id, name) [own ids] VALUES (1001, 'scheduler')",
		"INSERT INTO {process} (id, name, type_id, active, latest_run_no, latest_status_id, latest_started_at, latest_ended_at, last_completed_at, failures) [own ids] " +
			"SELECT n + 1, concat('process ', n), 1, n % 40 = 39, " + strconv.Itoa(f.rows/benchProcesses) +
			", CASE WHEN n % 40 = 39 THEN 1 WHEN n % 50 = 0 THEN 3 ELSE 2 END, " + f.at(latest, 0) + ", CASE WHEN n % 40 <> 39 THEN " + f.at(latest, 20) + " END, " +
			"CASE WHEN n % 40 <> 39 AND n % 50 <> 0 THEN " + f.at(latest, 20) + " END, CASE WHEN n % 50 = 0 THEN 1 ELSE 0 END" + processes,
		"INSERT INTO {process_dependency} (child_id, parent_id, kind) SELECT n + 1, floor(n / 2) + 1, 'normal'" + processes + " AND n > 1",
		"INSERT INTO {data_system} (id, name) [own ids] SELECT n + 1, concat('system ', n)" + numbers(100),
		"INSERT INTO {contact} (id, name) [own ids] SELECT n + 1, concat('team ', n)" + numbers(50),
		"INSERT INTO {process_contact} (process_id, contact_id) SELECT n + 1, n % 50 + 1" + processes,
		"INSERT INTO {process_system} (process_id, role, system_id) SELECT n + 1, 'source', n % 100 + 1" + processes,
		"INSERT INTO {system_contact} (system_id, contact_id) SELECT n + 1, n % 50 + 1" + numbers(100),
		"INSERT INTO {location} (id, path, path_key, name, type_id) [own ids] SELECT n + 1, concat('/place/', n), [hash concat('/place/', n)], concat('place ', n), 1" + numbers(100),
		"INSERT INTO {refusal} (process_id, slot, refusal_key, reason, actor, detail, times, first_at, last_at) " +
			"SELECT n + 1, 1, 'k', 'dependency', 'scheduler', 'd', 1, " + f.at(latest, 0) + ", " + f.at(latest, 0) + processes,
	}
}

// history fills the tables about runs and extracts with the rows from FIRST on, MANY of them.
func (f filling) history() []string {
	const (
		from    = " FROM (SELECT n + FIRST AS n FROM {bench_number} WHERE n < MANY) AS f"
		process = "n % 2000 + 1"
		sorted  = " ORDER BY f.n"
	)
	active := fmt.Sprintf("n >= %d AND n %% 40 = 39", f.rows-benchProcesses)
	return []string{
		"INSERT INTO {run} (id, process_id, run_no, status_id, token_digest, actor_id, started_at, ended_at) [own ids] SELECT n + 1, " + process +
			", floor(n / 2000) + 1, CASE WHEN " + active + " THEN 1 WHEN n % 50 = 0 THEN 3 ELSE 2 END, [hash concat('run ', n)], 1001, " +
			f.at("n", 0) + ", CASE WHEN NOT (" + active + ") THEN " + f.at("n", 20) + " END" + from + sorted,
		"INSERT INTO {run_lease} (run_id, length_ms, expires_at, renewed_at) SELECT n + 1, 60000, " + f.at("n", 60) + ", " + f.at("n", 0) + from + sorted,
		"INSERT INTO {run_error} (run_id, process_id, error_type_id, description, recorded_at) SELECT n + 1, " + process + ", 3, 'it broke', " +
			f.at("n", 20) + from + " WHERE n % 50 = 0" + sorted,
		"INSERT INTO {extract} (id, location_id, name, name_key, status_id, registered_by, process_id, registered_at, status_changed_at) [own ids] " +
			"SELECT n + 1, n % 100 + 1, concat('file ', n), [hash concat('file ', n)], CASE WHEN n % 300 = 0 THEN 2 WHEN n % 1000 = 1 THEN 7 ELSE 4 END, n + 1, " + process + ", " +
			f.at("n", 1) + ", " + f.at("n", 2) + from + sorted,
		"INSERT INTO {run_extract} (run_id, extract_id, status_id, linked_at, status_changed_at) SELECT n + 1, n + 1, 4, " + f.at("n", 1) + ", " + f.at("n", 2) + from + sorted,
		"INSERT INTO {status_history} (changed_at, process_id, run_id, to_status, actor_id) SELECT " + f.at("n", 0) + ", " + process + ", n + 1, 'running', 1001" + from + sorted,
		"INSERT INTO {status_history} (changed_at, process_id, run_id, extract_id, to_status, actor_id) SELECT " + f.at("n", 1) + ", " + process + ", n + 1, n + 1, 'loaded', 1001" + from + sorted,
	}
}
