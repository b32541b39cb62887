package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/report"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

func few() []Rule {
	return []Rule{
		{ID: "S1.1", Says: "registers"}, {ID: "S2.9", Says: "names | runs"}, {ID: "S2.10", Says: "costs the same"},
		{ID: "S4.1", Says: "renews", Planned: "no lease yet"}, {ID: "S4.2", Says: "reaps", Planned: "no lease yet"},
	}
}

func cases() []suite.Case {
	return []suite.Case{{Name: "S1.1 S2.9 both"}, {Name: "S1.1 once"}, {Name: "S2.10 cheap"}}
}

// ran are the records of a run of some cases under one setting of a backend's.
func ran(backend, provider string, names ...string) []report.Record {
	var all []report.Record
	for _, name := range names {
		c := suite.Case{Name: name}
		all = append(all, report.Record{
			Backend: backend, Server: "1.0", Provider: provider, Case: name, Rules: c.Rules(), Outcome: report.Passed,
		})
	}
	return all
}

func sample() []report.Record {
	return slices.Concat(
		ran("postgres", "container", "S1.1 S2.9 both", "S1.1 once", "S2.10 cheap"),
		ran("postgres", "container, serializable", "S1.1 S2.9 both"),
		ran("sqlite", "", "S1.1 S2.9 both", "S1.1 once"),
		[]report.Record{
			{Backend: "sqlite", Server: "1.0", Case: "S2.10 cheap", Rules: []string{"S2.10"}, Outcome: report.Skipped, Why: "no\n clock"},
			{Backend: "sqlserver", Outcome: report.Skipped, Why: "no server:\n  start one"},
		},
	)
}

func printed(t *testing.T, markdown bool, records []report.Record, required ...string) string {
	t.Helper()
	table := Tabulate(few(), cases(), records)
	write := table.Print
	if markdown {
		write = table.Markdown
	}
	var text strings.Builder
	if err := write(&text, table.Problems(required)); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestPrint(t *testing.T) {
	t.Parallel()
	const want = `RULE   SAYS            CASES    POSTGRES  SQLITE          SQLSERVER
S1.1   registers       2        3 passed  2 passed        not run
S2.9   names | runs    1        2 passed  1 passed        not run
S2.10  costs the same  1        1 passed  1 of 1 skipped  not run
S4.1   renews          planned  -         -               -
S4.2   reaps           planned  -         -               -

Run on:
  postgres 1.0 (container)
  postgres 1.0 (container, serializable)
  sqlite 1.0

Not run:
  sqlserver: no server: start one

Skipped:
  sqlite, S2.10 cheap: no clock

Planned:
  S4.1, S4.2: no lease yet

5 rules: 3 with cases, 0 without, 2 planned
`
	if got := printed(t, false, sample(), "postgres", "sqlite"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	const want = `| rule | says | cases | sqlite |
| --- | --- | --- | --- |
| S1.1 | registers | 2 | 1 of 1 failed |
| S2.9 | names \| runs | 1 | 1 of 1 failed |
| S2.10 | costs the same | 1 | not covered |
| S4.1 | renews | planned | - |
| S4.2 | reaps | planned | - |

Run on:

- sqlite 1.0

Failed:

- sqlite, S1.1 S2.9 both: two rows

Planned:

- S4.1, S4.2: no lease yet

- **error:** S1.1 failed on sqlite
- **error:** S2.9 failed on sqlite
- **error:** sqlite is required, and not covered on it: S2.10

5 rules: 3 with cases, 0 without, 2 planned
`
	failed := ran("sqlite", "", "S1.1 S2.9 both")
	failed[0].Outcome, failed[0].Why = report.Failed, "two\nrows"
	if got := printed(t, true, failed, "sqlite"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	worst := sample()
	worst[3].Outcome = report.Failed // under one setting of two
	for _, test := range []struct {
		name     string
		cases    []suite.Case
		records  []report.Record
		required []string
		want     []string // a part of each
	}{
		{name: "all is well", cases: cases(), records: sample(), required: []string{"postgres", "sqlite"}},
		{name: "nothing ran", cases: cases(), want: []string{"nothing was recorded"}},
		{
			name: "a rule without a case", cases: cases()[:2], records: ran("sqlite", "", "S1.1 S2.9 both"),
			want: []string{"S2.10 has no case"},
		},
		{
			name: "a planned rule with a case", cases: append(cases(), suite.Case{Name: "S4.2 reaped"}), records: sample(),
			want: []string{"S4.2 is marked as planned"},
		},
		{
			name: "a planned rule with a record", cases: cases(), records: append(sample(), ran("sqlite", "", "S4.1 renewed")...),
			want: []string{"S4.1 is marked as planned"},
		},
		{
			name: "a rule that nobody knows", cases: append(cases(), suite.Case{Name: "S1.1 S9.9 more"}), records: sample(),
			want: []string{`no rule S9.9 (in "S1.1 S9.9 more")`},
		},
		{name: "a failure under one setting", cases: cases(), records: worst, want: []string{"S1.1 failed on postgres", "S2.9 failed on postgres"}},
		{name: "required and never heard of", cases: cases(), records: sample(), required: []string{"mysql"}, want: []string{"mysql is required"}},
		{name: "required and without a server", cases: cases(), records: sample(), required: []string{"sqlserver"}, want: []string{"sqlserver is required"}},
		{
			name: "required and without a server for some", cases: cases(), required: []string{"postgres"},
			records: append(sample(), report.Record{Backend: "postgres", Outcome: report.Skipped, Why: "it went away"}),
			want:    []string{"it went away"},
		},
		{
			name: "required and not covered", cases: cases(), records: ran("sqlite", "", "S1.1 once"), required: []string{"sqlite"},
			want: []string{"not covered on it: S2.9, S2.10"},
		},
		{
			name: "required of a cluster in part", cases: cases(), records: ran("galera", "", "S1.1 once"), required: []string{"galera"},
			want: []string{"not covered on it: S2.9"},
		},
	} {
		got := Tabulate(few(), test.cases, test.records).Problems(test.required)
		if !slices.EqualFunc(got, test.want, strings.Contains) {
			t.Errorf("%s: problems %q, want %q", test.name, got, test.want)
		}
	}
}

// TestARuleOfTheWholeSuite counts cases that are not named after the rule.
func TestARuleOfTheWholeSuite(t *testing.T) {
	t.Parallel()
	records := ran("sqlite", "strict", "S1.1 once", "S2.10 cheap")
	for i := range records {
		records[i].Rules = append(records[i].Rules, "S2.9")
	}
	table := Tabulate(few(), cases()[1:], records)
	if row := table.Rows[1]; row.Cases != 2 || row.Cells[0].Passed != 2 {
		t.Errorf("%+v", row)
	}
}
