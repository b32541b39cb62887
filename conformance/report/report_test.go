package report

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "example.org/processtracker-go/"

// stream writes events as go test -json has them, a line each: the action, the package, and then, if there is one, the test
// and, after a colon, what it says. An attribute's key and value are what an attr event says.
func stream(t *testing.T, text string) string {
	t.Helper()
	var all strings.Builder
	write := func(e map[string]any) {
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(append(line, '\n'))
	}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		action, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if action == "" {
			continue
		}
		rest, says, said := strings.Cut(rest, ": ")
		pkg, name, _ := strings.Cut(rest, " ")
		e := map[string]any{"Action": action, "Package": module + pkg}
		if name != "" {
			e["Test"] = strings.ReplaceAll(name, " ", "_")
		}
		switch {
		case action == "attr":
			e["Key"], e["Value"], _ = strings.Cut(says, " ")
		case said:
			output := map[string]any{"Action": "output", "Package": e["Package"], "Output": "    a_test.go:7: " + says + "\n"}
			if name != "" {
				output["Test"] = e["Test"]
			}
			write(output)
		}
		write(e)
	}
	return all.String()
}

func read(t *testing.T, texts ...string) *Run {
	t.Helper()
	var paths []string
	for _, text := range texts {
		path := filepath.Join(t.TempDir(), "stream.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	r, err := Read(paths...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const postgres = `
start pg
run pg TestConformance
run pg TestConformance/suite
attr pg TestConformance/suite: backend postgres
attr pg TestConformance/suite: server 17.2
attr pg TestConformance/suite: provider container postgres:17
run pg TestConformance/suite/S2.7 S2.8 one winner
run pg TestConformance/suite/S2.7 S2.8 one winner/in a test of its own
pass pg TestConformance/suite/S2.7 S2.8 one winner/in a test of its own
pass pg TestConformance/suite/S2.7 S2.8 one winner
pass pg TestConformance/suite/S2.10 cheap
pass pg TestConformance/suite
run pg TestConformance/serializable/suite
attr pg TestConformance/serializable/suite: backend postgres
attr pg TestConformance/serializable/suite: server 17.2
attr pg TestConformance/serializable/suite: provider container postgres:17, serializable
attr pg TestConformance/serializable/suite: proves S8.3
pass pg TestConformance/serializable/suite/S2.7 S2.8 one winner
pass pg TestConformance/serializable/suite
attr pg TestConformance/read committed: nightly postgres: read committed
skip pg TestConformance/read committed: not its turn
pass pg TestConformance
pass pg
`

const sqlite = `
start lite
pass lite TestUnit
attr lite TestConformance/suite: backend sqlite
pass lite TestConformance/suite/S2.7 S2.8 one winner
skip lite TestConformance/suite/S2.10 cheap: no clock
pass lite TestConformance/suite
pass lite TestConformance
pass lite
`

const noMySQL = `
start my
attr my TestConformance/mysql: missing mysql
skip my TestConformance/mysql: no mysql server: start Docker
pass my TestConformance
pass my
`

func printed(t *testing.T, r *Run, required ...string) (string, []string) {
	t.Helper()
	var text strings.Builder
	problems, err := r.Print(&text, required)
	if err != nil {
		t.Fatal(err)
	}
	return text.String() + "\n" + r.Totals() + "\n", problems
}

func TestPrint(t *testing.T) {
	t.Parallel()
	const want = `
BACKEND                 SERVER  PROVIDER               SETTING       PASSED  FAILED  SKIPPED
(no case of the suite)  -       -                      -             1       0       2
postgres                17.2    container postgres:17  -             2       0       0
postgres                17.2    container postgres:17  serializable  1       0       0
sqlite                  -       -                      -             1       0       1

No server:
  mysql: no mysql server: start Docker

Skipped:
  pg: not its turn (TestConformance/read committed)
  sqlite: no clock (S2.10 cheap)

Left to make nightly:
  postgres: read committed

Slowest:
    2.5 s  postgres 17.2 serializable S2.7 S2.8 one winner

5 passed, 0 failed, 3 skipped
`
	const serializable = `"Test":"TestConformance/serializable/suite/S2.7_S2.8_one_winner"`
	slow := strings.Replace(stream(t, postgres), serializable, serializable+`,"Elapsed":2.5`, 1)
	r := read(t, stream(t, noMySQL+sqlite), slow)
	if got, problems := printed(t, r, "sqlite", "postgres"); got != want || problems != nil {
		t.Errorf("problems %q; got:\n%s\nwant:\n%s", problems, got, want)
	}
}

// TestProblems has runs that must not count as a success, and the expected output for them.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text, required string
		want                 []string // a part of each problem
		says                 string   // a part of the page
	}{
		{name: "all is well", text: sqlite + postgres, required: "SQLite, postgres"},
		{name: "a run again", text: "start lite\nfail lite TestUnit: once\nfail lite" + sqlite, want: []string{"1 failed"}, says: "lite TestUnit: once\n"},
		{name: "nothing ran", required: "sqlite", want: []string{"no test ran", "no case passed on it"}},
		{name: "only skipped", text: noMySQL, want: []string{"no test ran"}},
		{name: "never heard of", text: sqlite, required: "sqlserver", want: []string{"sqlserver is required"}},
		{name: "without a server", text: sqlite + noMySQL, required: "mysql", want: []string{"start Docker"}},
		{
			name: "one test without a server", text: postgres + strings.ReplaceAll(noMySQL, "mysql", "postgres"), required: "postgres",
			want: []string{"was not there for all tests: no postgres server"},
		},
		{
			name: "only skipped cases", text: "start p\nattr p T/suite: backend galera\nskip p T/suite/S1.1 a: later\npass p T/suite\npass p T\npass p\n" + sqlite,
			required: "galera", want: []string{"no case passed on it"},
		},
		{
			name: "a case failed", text: strings.Replace(postgres, "pass pg TestConformance/suite/S2.10 cheap", "fail pg TestConformance/suite/S2.10 cheap: 5 trips", 1),
			want: []string{"1 failed"}, says: "Failed:\n  postgres 17.2 S2.10 cheap: 5 trips\n",
		},
		{
			name: "a test in a case failed", text: strings.ReplaceAll(postgres, "its own\npass pg TestConformance/suite/S2.7 S2.8 one winner\n", "its own\nfail pg TestConformance/suite/S2.7 S2.8 one winner/in another: two\nfail pg TestConformance/suite/S2.7 S2.8 one winner\n"),
			want: []string{"1 failed"}, says: "postgres 17.2 S2.7 S2.8 one winner: in another: two\n",
		},
		{
			name: "a server died after its cases", text: strings.Replace(postgres, "pass pg TestConformance\n", "fail pg TestConformance: the server ended by itself\n", 1),
			want: []string{"1 failed"}, says: "pg TestConformance: the server ended by itself\n",
		},
		{
			name: "goroutines were left", text: strings.TrimSuffix(sqlite, "pass lite\n") + "fail lite: goroutines are left at the end\n",
			want: []string{"1 failed"}, says: "lite: a_test.go:7: goroutines are left at the end\n",
		},
		{name: "it does not build", text: sqlite + "start pg\nfail pg", want: []string{"1 failed"}, says: "pg: it failed, and says no more\n"},
		{
			name: "a program died", text: "start pg\nattr pg T/suite: backend postgres\nrun pg T/suite/S1.1 a\nrun pg T/suite/S1.2 b\npause pg T/suite/S1.2 b\n" + sqlite,
			want: []string{"1 failed", "pg: 1 had begun and did not end: S1.1 a", "1 were waiting for their turn and never ran"},
			says: "pg: it was interrupted\n",
		},
		{
			name: "a program was interrupted", text: "start pg\nattr pg T/suite: backend postgres\nrun pg T/suite/S1.1 a\nfail pg: signal: interrupt\n" + sqlite,
			want: []string{"1 failed", "pg: 1 had begun and did not end: S1.1 a"}, says: "signal: interrupt\n",
		},
	} {
		got, problems := printed(t, read(t, stream(t, test.text)), List(test.required)...)
		if !slices.EqualFunc(problems, test.want, strings.Contains) || !strings.Contains(got, test.says) {
			t.Errorf("%s: problems %q, want %q, and in the page %q:\n%s", test.name, problems, test.want, test.says, got)
		}
	}
}

// A group's attribute may be longer than one piece of output: the rest of its line is
// not a test's output.
func TestALongAttributeIsNoFailure(t *testing.T) {
	t.Parallel()
	text := stream(t, "start pg\nrun pg T/suite\nattr pg T/suite: backend postgres")
	for _, piece := range []string{"=== ATTR  T/suite nightly postgres: a long", " story\n"} {
		line, err := json.Marshal(map[string]string{"Action": "output", "Package": module + "pg", "Test": "T/suite", "Output": piece})
		if err != nil {
			t.Fatal(err)
		}
		text += string(line) + "\n"
	}
	got, _ := printed(t, read(t, text+stream(t, "fail pg T/suite/S1.1 a: two\nfail pg T/suite\nfail pg T\nfail pg")))
	if strings.Contains(got, "story") || !strings.Contains(got, "0 passed, 1 failed") {
		t.Error(got)
	}
}

// The output of a program that timed out is attributed to a test, often to one that
// passed. It is kept all the same, because only it shows which tests were running, and
// where each goroutine was.
func TestWhatADyingProgramSaysIsKept(t *testing.T) {
	t.Parallel()
	text := stream(t, "start pg\nattr pg T/suite: backend postgres\nrun pg T/suite/S1.1 a\nrun pg T/suite/S1.2 b\n")
	for _, says := range []string{"panic: test timed out after 2s\n", "\trunning tests:\n", "\t\tT/suite/S1.2_b (2s)\n", "goroutine 5 [running]:\n"} {
		line, err := json.Marshal(map[string]string{"Action": "output", "Package": module + "pg", "Test": "T/suite/S1.1_a", "Output": says})
		if err != nil {
			t.Fatal(err)
		}
		text += string(line) + "\n"
	}
	r := read(t, text+stream(t, "pass pg T/suite/S1.1 a\nfail pg"))
	if said := r.said(); !strings.Contains(said, "T/suite/S1.2_b (2s)") || !strings.Contains(said, "goroutine 5") {
		t.Errorf("what it said: %q", said)
	}
	if got, _ := printed(t, r); !strings.Contains(got, "pg: panic: test timed out after 2s running tests: T/suite/S1.2_b (2s)") {
		t.Error(got)
	}
}

// If a server dies, later tests fail; the report of its death comes first.
func TestPrintNamesTheFirstFailures(t *testing.T) {
	t.Parallel()
	text := "start pg\nattr pg T/suite: backend postgres\n"
	for i := range 30 {
		text += fmt.Sprintf("fail pg T/suite/S1.%d: no server\n", i)
	}
	got, _ := printed(t, read(t, stream(t, text+"fail pg T/suite\nfail pg T\nfail pg")))
	if n := strings.Count(got, "no server\n"); n != shownFailures || !strings.Contains(got, "  postgres: and more\n") {
		t.Errorf("%d are named:\n%s", n, got)
	}
}

func TestReadRefusesALineThatIsNoEvent(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{`{"Action":"pass","Pack`, "{}\n", "FAIL\n"} {
		path := filepath.Join(t.TempDir(), "stream.json")
		if err := os.WriteFile(path, []byte(stream(t, "start pg")+bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "stream.json:2") {
			t.Errorf("%q: %v, want an error that names line 2", bad, err)
		}
	}
}

const semantics = `
| id | promise |
| --- | --- |
| S2.10 | A start costs the same. Always. |
| S2.7 | One wins: the others are told. |
| S2.8 | Runs are numbered in a way that takes longer to tell than there is room for. |

| S2.7 | One more thing. | ErrThis |
| S8.3 | stricter levels do no harm | |
`

func TestRulesTable(t *testing.T) {
	t.Parallel()
	const want = `RULE   SAYS                                                      CASES  POSTGRES  SQLITE
S2.7   One wins                                                  2      2 passed  1 passed
S2.8   Runs are numbered in a way that takes longer to tell th…  1      2 passed  1 passed
S2.10  A start costs the same                                    1      1 passed  1 of 1 skipped
S8.3   stricter levels do no harm                                1      1 passed  not covered
`
	var text strings.Builder
	problems, err := read(t, stream(t, sqlite+postgres)).PrintRules(&text, Rules(semantics), []string{"S2.7 not run"}, []string{"postgres"})
	if err != nil || problems != nil || text.String() != want {
		t.Errorf("%v, problems %q, got:\n%s\nwant:\n%s", err, problems, &text, want)
	}
}

func TestRulesProblems(t *testing.T) {
	t.Parallel()
	galera := strings.ReplaceAll(strings.ReplaceAll(sqlite, "sqlite", "galera"), "skip lite TestConformance/suite/S2.10 cheap: no clock\n", "")
	for _, test := range []struct {
		name, text, required string
		cases                []string
		want                 []string
	}{
		{name: "all is well", text: postgres, required: "postgres"},
		{name: "a rule without a case", text: sqlite, want: []string{"S8.3 has no case"}},
		{name: "a rule that nobody knows", text: postgres, cases: []string{"S9.9 S2.7 more"}, want: []string{"no rule S9.9, which a case names (S9.9 S2.7 more)"}},
		{
			name: "one under one setting", text: strings.Replace(postgres, "suite/S2.10 cheap", "suite/S2.11 cheap", 1), cases: []string{"S2.10 cheap"}, required: "postgres",
			want: []string{"no rule S2.11", "not covered on it: S2.10"},
		},
		{name: "a failure", text: strings.Replace(postgres, "pass pg TestConformance/suite/S2.10", "fail pg TestConformance/suite/S2.10", 1), want: []string{"S2.10 failed on postgres"}},
		{name: "not covered", text: sqlite, cases: []string{"S8.3 x"}, required: "sqlite", want: []string{"not covered on it: S8.3"}},
		{name: "of a cluster in part", text: galera, cases: []string{"S8.3 x", "S2.10 x"}, required: "galera"},
	} {
		problems, err := read(t, stream(t, test.text)).PrintRules(new(strings.Builder), Rules(semantics), test.cases, List(test.required))
		if err != nil || !slices.EqualFunc(problems, test.want, strings.Contains) {
			t.Errorf("%s: %v, problems %q, want %q", test.name, err, problems, test.want)
		}
	}
}

func TestPairs(t *testing.T) {
	t.Parallel()
	want := []string{
		"S2.7\tpostgres\t-", "S2.7\tpostgres\tserializable", "S2.7\tsqlite\t-", "S2.8\tpostgres\t-", "S2.8\tpostgres\tserializable",
		"S2.8\tsqlite\t-", "S2.10\tpostgres\t-", "S8.3\tpostgres\tserializable",
	}
	if got := read(t, stream(t, sqlite+postgres)).Pairs(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
