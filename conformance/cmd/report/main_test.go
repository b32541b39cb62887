package main

import (
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/report"
)

func TestRun(t *testing.T) {
	t.Parallel()
	passed := report.Record{Backend: "sqlite", Server: "3.53.0", Provider: "file", Case: "S1.1", Outcome: report.Passed}
	failed := report.Record{Backend: "sqlite", Case: "S1.2", Outcome: report.Failed, Why: "it did not"}
	for _, test := range []struct {
		name    string
		records []report.Record
		require string
		status  int
		last    string
		has     string
	}{
		{name: "good", records: []report.Record{passed}, require: "sqlite", status: 0, last: "1 passed, 0 failed, 0 skipped"},
		{name: "failed", records: []report.Record{passed, failed}, status: 1, last: "1 passed, 1 failed, 0 skipped"},
		{
			name: "missing", records: []report.Record{passed}, require: "sqlite, postgres", status: 1,
			last: "1 passed, 0 failed, 0 skipped", has: "error: postgres is required, and no case passed on it\n",
		},
		{name: "none", status: 1, last: "0 passed, 0 failed, 0 skipped", has: "error: nothing was recorded"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			w, err := report.Create(dir, "sqlite")
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range test.records {
				if err := w.Write(r); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			env := map[string]string{report.DirVar: dir, report.RequireVar: test.require}
			var out strings.Builder
			status := run(nil, func(name string) string { return env[name] }, &out)
			if status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			if !strings.HasSuffix(out.String(), "\n"+test.last+"\n") || !strings.Contains(out.String(), test.has) {
				t.Errorf("printed:\n%s\nwant %q, and last %q", out.String(), test.has, test.last)
			}
		})
	}
}

func TestRunNeedsADirectory(t *testing.T) {
	t.Parallel()
	none := func(string) string { return "" }
	var out strings.Builder
	if status := run(nil, none, &out); status != 2 || !strings.Contains(out.String(), "usage") {
		t.Errorf("status %d, printed %q", status, out.String())
	}
	if status := run([]string{t.TempDir()}, none, &out); status != 1 {
		t.Errorf("status %d for an empty directory given as argument, want 1", status)
	}
}
