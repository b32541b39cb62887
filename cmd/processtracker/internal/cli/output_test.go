package cli

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"
)

// lists are the arguments of all list commands that need no name.
func lists(t *testing.T) (all [][]string) {
	t.Helper()
	var walk func(cmd *cobra.Command, path []string)
	walk = func(cmd *cobra.Command, path []string) {
		if cmd.Flags().Lookup(columnsFlag) != nil && cmd.ValidateArgs(nil) == nil && cmd.Name() != "watch" { // that prints several
			all = append(all, path)
		}
		for _, child := range cmd.Commands() {
			walk(child, append(slices.Clip(path), child.Name()))
		}
	}
	walk((&app{}).root(), nil)
	if len(all) < 5 {
		t.Fatalf("there are only %q", all)
	}
	return all
}

// Each list supports every form of output.
func TestEachListHasEachForm(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	for _, list := range lists(t) {
		for _, form := range outputs {
			r := tl.run(append(list, "--output", form)...).want(0)
			if form != outputCSV {
				continue
			}
			rows, err := csv.NewReader(strings.NewReader(r.stdout)).ReadAll()
			if err != nil || len(rows) == 0 {
				t.Errorf("%q: %v in %s", list, err, r.stdout)
			}
		}
		if r := tl.run(append(list, "--columns", "no such")...); r.code != CodeUsage || !strings.Contains(r.stderr, `--columns "no such": `) {
			t.Errorf("%q: a column that there is not: code %d, %s", list, r.code, r.stderr)
		}
	}
}

// Users select fields by their JSON names, in each form.
func TestColumns(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	run := func(want string, args ...string) {
		t.Helper()
		if r := tl.run(append([]string{"extracts", "--columns", "name,location.path,size", "--limit", "1"}, args...)...).want(0); r.stdout != want {
			t.Errorf("%q\n%s, want\n%s", args, r.stdout, want)
		}
	}
	run("NAME         LOCATION  SIZE\n─────────────────────────────\nteams_1.csv  /landing\n")
	run("teams_1.csv  /landing\n", "--no-headers")
	run("[\n"+`{"name":"teams_1.csv","location.path":"/landing","size":null}`+"\n]\n", "--json")
	run(`{"name":"teams_1.csv","location.path":"/landing","size":null}`+"\n", "-o", "jsonl")
	run("name,location.path,size\nteams_1.csv,/landing,\n", "-o", "csv")
	run("teams_1.csv,/landing,\n", "-o", "csv", "--no-headers")
	tl.run("runs", "--columns", "took,id").want(0, "TOOK  ID")
	tl.run("runs", "--columns", "took", "--json").want(CodeUsage, `--columns "took": runs have no such field`)
	tl.run("runs", "--columns", "proces").want(CodeUsage, `did you mean "process"?; they have id, process, number`)
	tl.run("runs", "-o", "wide").want(0, "LEASE EXPIRED")
}

// Contradictory flags and unknown forms are rejected before anything is read.
func TestOutputIsRefused(t *testing.T) {
	t.Parallel()
	tl := newTool(t) // not set up
	for want, args := range map[string][]string{
		`--output "jason" is not known; did you mean "json"?; give table, wide, json, jsonl, csv`: {"runs", "--output", "jason"},
		`--json is --output json, and --output csv is given, too`:                                 {"runs", "--json", "-o", "csv"},
		`--output csv is for lists, and processtracker status prints none; give --output json`:    {"status", "-o", "csv"},
		`--no-headers is for tables and CSV; with --output json leave it out`:                     {"runs", "--json", "--no-headers"},
		`--ages is for tables; with --output csv leave it out`:                                    {"runs", "-o", "csv", "--ages"},
		`--output is given but empty`:                                                             {"runs", "-o", ""},
		`--columns is given but empty`:                                                            {"runs", "--columns", ""},
		`unknown flag: --columns`:                                                                 {"status", "--columns", "x"},
	} {
		tl.run(args...).want(CodeUsage, want)
	}
}

// Other commands print JSON as --json does.
func TestOutputOfCommandsThatAreNotLists(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	want := tl.run("status", "--json").want(0).stdout
	for _, form := range []string{"json", "jsonl"} {
		if got := tl.run("status", "-o", form).want(0).stdout; got != want {
			t.Errorf("%s: %s, want %s", form, got, want)
		}
	}
}

// Times are shown in the terminal's zone, or in UTC on request.
func TestTimesOfTables(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	tl.env.Zone = time.FixedZone("HERE", 13*3600+1800)
	here := tl.run("runs", "--limit", "1").want(0, "STARTED (HERE)").column("STARTED (HERE)")[0]
	utc := tl.run("runs", "--limit", "1", "--utc").want(0).column("STARTED (UTC)")[0]
	a, errA := time.ParseInLocation(time.DateTime, here, tl.env.Zone)
	b, errB := time.Parse(time.DateTime, utc)
	if errA != nil || errB != nil || !a.Equal(b) {
		t.Errorf("%s here is %s in UTC", here, utc)
	}
	tl.run("runs", "--ages").want(0, "s ago")
	tl.run("runs", "--json").want(0, utc[:10]+"T"+utc[11:])
}

// Tables fit 80 and 40 columns, and names stay whole.
func TestTablesFitTheTerminal(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	for _, width := range []int{80, 40} {
		tl.env.Width = width
		for _, list := range lists(t) {
			r := tl.run(list...).want(0)
			for line := range strings.Lines(r.stdout) {
				if w := text.StringWidth(strings.TrimSuffix(line, "\n")); w > width {
					t.Errorf("%q: a line has %d of %d characters\n%s", list, w, width, r.stdout)
					break
				}
			}
		}
		tl.run("runs").want(0, "Teams Extract")
		tl.run("extracts").want(0, "teams_1.csv", "Teams Extract")
	}
}

// A list of ten thousand rows is printed completely.
func TestAListOfTenThousandRowsIsComplete(t *testing.T) {
	t.Parallel()
	for form, lines := range map[string]int{"table": 2, "csv": 1, "jsonl": 0, "json": 2} {
		a := &app{output: output{form: form}}
		var b strings.Builder
		a.env.Stdout, a.env.Width = &b, 80
		err := show(a, testListing(), 0, func(yield func(int, error) bool) {
			for i := range 10_000 {
				if !yield(i, nil) {
					return
				}
			}
		})
		if n := strings.Count(b.String(), "\n"); err != nil || n != 10_000+lines {
			t.Errorf("%s: %v, %d lines", form, err, n)
		}
	}
}

func testListing() listing[int] {
	return listing[int]{
		things: "things", columns: runListing().columns[:2],
		row: func(i int) []string { return []string{fmt.Sprint(i), fmt.Sprintf("Process %d", i)} },
		document: func(i int) any {
			return struct {
				ID      int    `json:"id"`
				Process string `json:"process"`
			}{i, fmt.Sprintf("Process %d", i)}
		},
	}
}
