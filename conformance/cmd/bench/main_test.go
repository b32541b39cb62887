package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const printed = `server-sqlite: 3.53.4
go: go1.26.8
cpus: 2
goos: linux
cpu: Some Processor
BenchmarkOperations/sqlite/start-2   	     40	   3107145 ns/op	    769280 facts-ns/op	    341323 floor-ns/op	  13.00 statements/op	  1.039 x/facts	  9.103 x/floor	  205376 B/op	    3304 allocs/op
BenchmarkOperations/sqlite/claim_1,000-2         	       1	3050482721 ns/op	  282.8 x/facts	  5.000 roundtrips/op
BenchmarkAlone/sqlite/start-2    	     423	    246640 ns/op	  192166 B/op	    95 allocs/op
BenchmarkAlone/mariadb/start-2    	     423	    20640 ns/op	  192166 B/op	    95 allocs/op
BenchmarkHistory/postgres/newest_runs-2   	     423	    20640 ns/op	  1.1 x/few
BenchmarkHistory/postgres/purge_while_starts_go_on-2   	     1	    200000000 ns/op	  0.9 speed/alone
BenchmarkProfile/postgres/start-2   	     2	    20640 ns/op	  61.4 start.claim-%	  2.5 lease.insert-%	  36.1 BEGIN-and-COMMIT-%
BenchmarkRiver/postgres/one_after_the_other-2   	     42	   6000000 ns/op	   3000000 river-ns/op	  2 x/river
PASS
`

func parsed(t *testing.T) results {
	t.Helper()
	r, err := parse(strings.NewReader(printed))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestATableSaysWhichBudgetsAreMet(t *testing.T) {
	for _, test := range []struct {
		name  string
		table func(results) string
		want  []string
	}{
		{"operations", operationTables, []string{
			"| start / its facts by hand ", " 1.04 met ", "**283 missed**", "**247 µs missed**", " 21 µs met ", " 95 met ", "1.0 (9.1)", "282.8", "**5 missed**",
			"at most 1.3 ", "at most 30 µs", "4 met, 3 missed.",
		}},
		{"history", historyTables, []string{"| newest runs ", " 1.10 met ", "at most 1.2 ", "**200 ms missed**", "at most 100 ms", " 0.90 met ", "2 met, 1 missed."}},
		{"profile", profileTables, []string{"| start     | PostgreSQL | start.claim 61, BEGIN and COMMIT 36, others 2 "}},
		{"others", otherTables, []string{"| one after the other | 3.00 ms | 6.00 ms ", " 2.00 "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			table := test.table(parsed(t))
			for _, want := range test.want {
				if !strings.Contains(table, want) {
					t.Errorf("%q is not in the table:\n%s", want, table)
				}
			}
		})
	}
}

func TestResultsNameTheirOrigin(t *testing.T) {
	text := parsed(t).provenance()
	for _, want := range []string{"SQLite 3.53.4", "go1.26.8", "Some Processor", "(2 CPUs)"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
}

func TestATableIsWrittenBetweenItsComments(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	page := "# Page\n\n<!-- a -->\nold\n<!-- /a -->\n\nrest\n"
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeSection(path, "a", "new\n"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "# Page\n\n<!-- a -->\n\nnew\n\n<!-- /a -->\n\nrest\n"; string(got) != want {
		t.Errorf("the page is %q, want %q", got, want)
	}
	if err := writeSection(path, "b", "new"); err == nil || !strings.Contains(err.Error(), "<!-- b -->") {
		t.Errorf("a page without the comments: %v", err)
	}
}

func TestATableIsMadeOfStoredMeasurements(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept.txt")
	if err := os.WriteFile(path, []byte(printed), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run(t.Context(), []string{"-from", path, "history"}, &out); err != nil || !strings.Contains(out.String(), "2 met, 1 missed.") {
		t.Errorf("%v:\n%s", err, out.String())
	}
}

func TestTheCommandNeedsABenchmarkToRun(t *testing.T) {
	for _, args := range [][]string{{}, {"nothing"}, {"operations", "history"}, {"-no-such-flag", "operations"}} {
		if err := run(t.Context(), args, t.Output()); !errors.Is(err, errUsage) {
			t.Errorf("bench %q: %v", args, err)
		}
	}
}
