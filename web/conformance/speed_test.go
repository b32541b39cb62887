package conformance_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
)

// The size of the database for BenchmarkPages: ROWS runs and extracts, of this number
// of processes.
const benchProcesses = 2000

// BenchmarkPages measures each page as the first viewer sees it, with an empty cache,
// with ROWS (10000) runs and as many extracts of 2,000 processes.
func BenchmarkPages(b *testing.B) {
	rows := 10_000
	if text := os.Getenv("ROWS"); text != "" {
		var err error
		if rows, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	t := filled(b, rows)
	const layout = "2006-01-02T15:04"
	middle := time.Now().Add(-12 * time.Hour)
	process := url.Values{"name": {"process 7"}}.Encode()
	for name, page := range map[string]string{
		"now": "now", "night": "night?from=" + middle.Add(-6*time.Hour).UTC().Format(layout) + "&to=" + middle.Add(6*time.Hour).UTC().Format(layout),
		"process": "process?" + process, "graph": "graph", "graph around": "graph?process=process+7", "files": "files", "ready files": "files?status=ready",
		"files of a location": "files?location=place+3", "file": "file?id=" + strconv.Itoa(rows/2), "run": "run?id=" + strconv.Itoa(rows/2),
		"processes": "processes", "search": "search?q=file+77", "runs": "runs", "runs of a process": "runs?process=process+7", "errors": "errors",
		"refusals": "refusals", "history": "history", "metrics": "metrics",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				handler, err := web.New(t, web.Options{Fresh: time.Hour}) // with an empty cache
				if err != nil {
					b.Fatal(err)
				}
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/"+page, nil))
				if w.Code != http.StatusOK {
					b.Fatalf("%s: %d\n%.500s", page, w.Code, w.Body)
				}
			}
		})
	}
}

// filled returns a tracker with a number of runs and extracts. The last run began a
// minute ago.
func filled(b *testing.B, rows int) *tracker.Tracker {
	b.Helper()
	file := filepath.Join(b.TempDir(), "filled.db")
	backend, err := sqlite.Open(b.Context(), sqlite.DSN(file), &sqlite.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = backend.Close() }) // no write is in progress
	if _, err := setup.Run(b.Context(), backend); err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", file+"?_pragma=synchronous(0)")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }() // all was committed
	numbers := func(n int) string {
		return fmt.Sprintf("WITH RECURSIVE f(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM f WHERE n < %d) ", n-1)
	}
	const at = "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now', '-' || ((%d - n) * 10 + %d) || ' seconds')"
	moment := func(later int) string { return fmt.Sprintf(at, rows, 60-later) }
	for _, statement := range []string{
		"INSERT INTO pt_actor (name) VALUES ('scheduler')",
		numbers(benchProcesses) + "INSERT INTO pt_process (name, type_id) SELECT 'process ' || n, 1 FROM f",
		numbers(benchProcesses) + "INSERT INTO pt_process_dependency (child_id, parent_id, kind) SELECT n + 1, n / 2 + 1, 'normal' FROM f WHERE n > 1",
		numbers(100) + "INSERT INTO pt_location (path, path_key, name, type_id) SELECT '/place/' || n, '/place/' || n, 'place ' || n, 1 FROM f",
		fmt.Sprintf(numbers(rows)+"INSERT INTO pt_run (id, process_id, run_no, status_id, token_digest, actor_id, started_at, ended_at) "+
			"SELECT n + 1, n %% %[1]d + 1, n / %[1]d + 1, CASE WHEN n %% 50 = 0 THEN 3 ELSE 2 END, 'digest ' || n, 1, %[2]s, %[3]s FROM f", benchProcesses, moment(0), moment(20)),
		numbers(rows) + "INSERT INTO pt_run_error (run_id, process_id, error_type_id, description, recorded_at) SELECT n + 1, n % " + strconv.Itoa(benchProcesses) +
			" + 1, 3, 'it broke', " + moment(20) + " FROM f WHERE n % 50 = 0",
		numbers(rows) + "INSERT INTO pt_extract (id, location_id, name, name_key, status_id, registered_by, process_id, registered_at, status_changed_at) " +
			"SELECT n + 1, n % 100 + 1, 'file ' || n, 'file ' || n, CASE WHEN n % 300 = 0 THEN 2 WHEN n % 1000 = 1 THEN 7 ELSE 4 END, n + 1, n % " + strconv.Itoa(benchProcesses) + " + 1, " +
			moment(1) + ", " + moment(2) + " FROM f",
		numbers(rows) + "INSERT INTO pt_run_extract (run_id, extract_id, status_id, linked_at, status_changed_at) SELECT n + 1, n + 1, 4, " + moment(1) + ", " + moment(2) + " FROM f",
		numbers(rows) + "INSERT INTO pt_status_history (changed_at, process_id, run_id, to_status, actor_id) SELECT " + moment(0) + ", n % " + strconv.Itoa(benchProcesses) + " + 1, n + 1, 'running', 1 FROM f",
		"UPDATE pt_process SET latest_run_no = (SELECT max(run_no) FROM pt_run r WHERE r.process_id = pt_process.id)",
		"UPDATE pt_process SET (latest_status_id, latest_started_at, latest_ended_at) = (SELECT status_id, started_at, ended_at FROM pt_run r WHERE r.process_id = pt_process.id AND r.run_no = latest_run_no)",
		"UPDATE pt_process SET last_completed_at = latest_ended_at, failures = latest_status_id = 3",
		// Some are active.
		"UPDATE pt_process SET active = 1, latest_status_id = 1, latest_ended_at = NULL WHERE id % 40 = 0",
		"UPDATE pt_run SET ended_at = NULL, status_id = 1 WHERE id IN (SELECT r.id FROM pt_run r JOIN pt_process p ON p.id = r.process_id AND p.latest_run_no = r.run_no WHERE p.active = 1)",
		"INSERT INTO pt_refusal (process_id, slot, refusal_key, reason, actor, detail, times, first_at, last_at) SELECT id, 1, 'k', 'dependency', 'scheduler', 'd', 1, latest_started_at, latest_started_at FROM pt_process",
		"ANALYZE",
	} {
		if _, err := db.ExecContext(b.Context(), statement); err != nil {
			b.Fatalf("%v in %s", err, statement)
		}
	}
	t, err := tracker.New(b.Context(), backend, nil)
	if err != nil {
		b.Fatal(err)
	}
	return t
}
