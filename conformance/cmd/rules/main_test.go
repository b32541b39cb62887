package main

import (
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/report"
	"github.com/processtracker/processtracker-go/conformance/rules"
)

// record writes a run in which one case proved all rules that hold.
func record(t *testing.T, outcome string) string {
	t.Helper()
	dir := t.TempDir()
	w, err := report.Create(dir, "sqlite")
	if err != nil {
		t.Fatal(err)
	}
	r := report.Record{Backend: "sqlite", Server: "3", Case: "all", Outcome: outcome}
	for _, rule := range rules.All() {
		if rule.Planned == "" {
			r.Rules = append(r.Rules, rule.ID)
		}
	}
	if err := w.Write(r); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRun(t *testing.T) {
	t.Parallel()
	good, bad := record(t, report.Passed), record(t, report.Failed)
	for _, test := range []struct {
		name   string
		args   []string
		env    map[string]string
		status int
		says   string
	}{
		{"good", []string{good}, nil, 0, "RULE"},
		{"markdown", []string{"-markdown", good}, nil, 0, "| rule |"},
		{"the directory of the environment", nil, map[string]string{report.DirVar: good}, 0, "1 passed"},
		{"failed", []string{bad}, nil, 1, "error: S1.1 failed on sqlite"},
		{"required", []string{good}, map[string]string{report.RequireVar: "postgres"}, 1, "error: postgres is required"},
		{"nothing there", []string{t.TempDir()}, nil, 1, "error: nothing was recorded"},
		{"no directory", nil, nil, 2, "usage"},
		{"two directories", []string{good, bad}, nil, 2, "usage"},
		{"no such flag", []string{"-html", good}, nil, 2, "usage"},
	} {
		var out strings.Builder
		status := run(test.args, func(name string) string { return test.env[name] }, &out)
		if status != test.status || !strings.Contains(out.String(), test.says) {
			t.Errorf("%s: status %d, printed:\n%s\nwant %d and %q", test.name, status, out.String(), test.status, test.says)
		}
	}
}
