package cli

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// runResults is the part of dbt's output that matters here: PostgreSQL's adapter
// reports rows, SQLite's does not.
const runResults = `{
	"metadata": {"dbt_version": "1.10.23"},
	"results": [
		{"unique_id": "seed.shop.teams", "status": "success", "message": "INSERT 30", "adapter_response": {"_message": "INSERT 30", "code": "INSERT", "rows_affected": 30}},
		{"unique_id": "model.shop.winners", "status": "success", "message": "SELECT 12", "adapter_response": {"code": "SELECT", "rows_affected": 12}},
		{"unique_id": "model.shop.fixes", "status": "success", "message": "UPDATE 3", "adapter_response": {"code": "UPDATE", "rows_affected": 3}},
		{"unique_id": "model.shop.views", "status": "success", "message": "CREATE VIEW", "adapter_response": {"code": "CREATE VIEW", "rows_affected": -1}},
		{"unique_id": "model.shop.lite", "status": "success", "message": "OK", "adapter_response": {}},
		{"unique_id": "model.shop.broken", "status": "error", "message": "no such column: wins", "adapter_response": {}},
		{"unique_id": "model.shop.after", "status": "skipped", "message": null, "adapter_response": {}},
		{"unique_id": "test.shop.unique_team", "status": "fail", "message": "Got 2 results, configured to fail if != 0", "failures": 2, "adapter_response": {"code": "SELECT", "rows_affected": 1}},
		{"unique_id": "test.shop.not_null", "status": "pass", "message": null, "adapter_response": {"rows_affected": 1}}
	],
	"elapsed_time": 1.5
}`

func TestImportDbtRecordsRowsAndErrors(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	in := tl.with(RunVariable, tl.start("--process", "Teams Build", "--tool", "dbt"))
	file := filepath.Join(tl.home, "run_results.json")
	writeResults(t, file, runResults)
	in.run("import-dbt", file).want(0, `run 1 of process "Teams Build" is running`)
	in.run("import-dbt", file).want(0) // sets the same counts
	in.run("count", "--deletes", "0").want(0, "45 records, 42 inserts, 3 updates, 0 deletes")
	in.run("fail").want(0)
	tl.run("errors").want(0, "model.shop.broken: no such column: wins", "test.shop.unique_team: Got 2 results").
		wantColumn("TYPE", "Data Error", "Process Error", "Data Error", "Process Error")
}

func TestImportDbtRefusesAFileFromBeforeTheRun(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	in := tl.with(RunVariable, tl.start("--process", "Teams Build"))
	file := filepath.Join(tl.home, "run_results.json")
	in.run("import-dbt", file).want(1, "no such file", "name the run_results.json in dbt's target directory")
	for text, says := range map[string]string{
		"":                        "is not dbt's run_results.json",
		`{"results": 7}`:          "is not dbt's run_results.json",
		`{"nodes": {"model": 1}}`: "it has no results",
	} {
		writeResults(t, file, text)
		in.run("import-dbt", file).want(1, says)
	}
	writeResults(t, file, runResults)
	yesterday := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(file, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	in.run("import-dbt", file).want(1, "before the run started")
	tl.run("import-dbt", file).want(CodeUsage, "no run is named")
	tl.run("errors", "--json").want(0, "[]")
}

func writeResults(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
