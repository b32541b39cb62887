package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func sample() []Record {
	records := []Record{
		{Backend: "sqlite", Server: "3.53.0", Provider: "file", Case: "S2.7 one winner", Outcome: Passed},
		{Backend: "postgres", Server: "17.2", Provider: "container postgres:17", Case: "S2.7 one winner", Outcome: Passed},
		{Backend: "postgres", Server: "17.2", Provider: "container postgres:17", Case: "S3.1 statuses", Outcome: Passed},
		{Backend: "mysql", Outcome: Skipped, Why: "no mysql server:\n  start Docker"},
	}
	for _, name := range []string{"S9.6", "S9.5", "S9.4", "S9.3", "S9.2", "S9.1"} {
		records = append(records, Record{
			Backend: "sqlite", Server: "3.53.0", Provider: "file", Case: name, Outcome: Skipped, Why: "one writer only",
		})
	}
	return records
}

func TestPrint(t *testing.T) {
	t.Parallel()
	const want = `BACKEND   SERVER  PROVIDER               PASSED  FAILED  SKIPPED
mysql     -       -                      0       0       1
postgres  17.2    container postgres:17  2       0       0
sqlite    3.53.0  file                   1       0       6

Skipped:
  mysql: no mysql server: start Docker
  sqlite: one writer only (S9.1, S9.2, S9.3, S9.4, S9.5, and 1 more)

3 passed, 0 failed, 7 skipped
`
	records := sample()
	for range 2 {
		if got := printed(t, records); got != want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
		slices.Reverse(records) // whatever order they were written in
	}
}

func TestPrintSaysWhatFailedAndWhatIsMissing(t *testing.T) {
	t.Parallel()
	const want = `BACKEND   SERVER  PROVIDER  PASSED  FAILED  SKIPPED
postgres  15.18   dsn       0       1       1

Skipped:
  postgres: no server (all of it, S5.1)

Failed:
  postgres 15.18 S2.7: two winners

error: 1 failed
error: postgres is required, and was skipped: no server

0 passed, 1 failed, 2 skipped
`
	got := printed(t, []Record{
		{Backend: "postgres", Server: "15.18", Provider: "dsn", Case: "S2.7", Outcome: Failed, Why: "two\n\twinners"},
		{Backend: "postgres", Server: "15.18", Provider: "dsn", Case: "S5.1", Outcome: Skipped, Why: "no server"},
		{Backend: "postgres", Outcome: Skipped, Why: "no server"},
	}, "postgres")
	// The missing server has a row of its own, which this test is not about.
	if got = strings.Replace(got, "postgres  -       -         0       0       1\n", "", 1); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// A server that died fails what comes after; how it died comes first.
func TestPrintNamesTheFirstFailuresOfABackend(t *testing.T) {
	t.Parallel()
	records := []Record{{Backend: "mariadb", Server: "10.11", Outcome: Failed, Why: "the server ended by itself"}}
	for i := range 30 {
		records = append(records, Record{Backend: "mariadb", Server: "10.11", Case: fmt.Sprintf("S1.%02d", i), Outcome: Failed})
	}
	got := printed(t, records)
	if n := strings.Count(got, "S1."); n != shownFailures-1 || !strings.Contains(got, "Failed:\n  mariadb 10.11: the server ended by itself\n") ||
		!strings.Contains(got, "S1.18: -\n  mariadb: and more\n") {
		t.Errorf("%d cases in:\n%s", n, got)
	}
}

func printed(t *testing.T, records []Record, required ...string) string {
	t.Helper()
	sum := Summarise(records)
	var text strings.Builder
	if err := sum.Print(&text, sum.Problems(required)); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		records  []Record
		required []string
		want     []string // a part of each
	}{
		{name: "all is well", records: sample(), required: []string{"sqlite", "postgres"}},
		{name: "capitals", records: sample(), required: []string{"SQLite"}},
		{name: "nothing ran", required: []string{"sqlite"}, want: []string{"nothing was recorded", "no case passed on it"}},
		{name: "skipped as a whole", records: sample(), required: []string{"mysql"}, want: []string{"start Docker"}},
		{name: "never heard of", records: sample(), required: []string{"sqlserver"}, want: []string{"sqlserver is required"}},
		{
			name:    "failures",
			records: append(sample(), Record{Backend: "sqlite", Outcome: Failed, Why: "a leak"}),
			want:    []string{"1 failed"},
		},
		{
			name:     "one binary had no server",
			records:  append(sample(), Record{Backend: "postgres", Outcome: Skipped, Why: "the engine went away"}),
			required: []string{"postgres"}, want: []string{"the engine went away"},
		},
		{
			name:     "only skipped cases",
			records:  []Record{{Backend: "sqlite", Case: "S1.1", Outcome: Skipped, Why: "later"}},
			required: []string{"sqlite"}, want: []string{"no case passed on it"},
		},
	} {
		got := Summarise(test.records).Problems(test.required)
		ok := slices.EqualFunc(got, test.want, strings.Contains)
		if !ok {
			t.Errorf("%s: problems %q, want %q", test.name, got, test.want)
		}
	}
}
