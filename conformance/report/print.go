package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// How many tests are named that were skipped for one reason, and that failed in one package.
const (
	shownTests    = 3
	shownFailures = 20
	shownSlow     = 5
)

// slow is the maximum duration of a case in seconds; longer ones are listed.
const slow = 1

// tally counts tests by their outcome.
type tally map[string]int

// Print writes which tests ran on which server with which setting, which were skipped
// and why, the cases that were left to the nightly run, those that took longest, and those
// that failed. It returns, in whole sentences, why the run must not count as a success; none
// means that it may.
func (r *Run) Print(to io.Writer, required []string) (problems []string, err error) {
	records := r.records()
	if err := table(to, records); err != nil {
		return nil, err
	}
	p := &page{to: to}
	missing := r.missing()
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		for _, why := range missing[name] {
			lines = append(lines, name+": "+why)
		}
	}
	p.section("No server", lines)
	p.section("Skipped", skips(records, missing))
	p.section("Left to make nightly", r.nightly())
	p.section("Slowest", slowest(records))
	p.section("Failed", failures(records))
	return slices.Concat(r.problems(records), absent(records, missing, required)), p.err
}

// Totals returns the last line of a report.
func (r *Run) Totals() string {
	all := tally{}
	for _, rec := range r.records() {
		all[rec.Outcome]++
	}
	return fmt.Sprintf("%d passed, %d failed, %d skipped", all[passed], all[failed], all[skipped])
}

// page writes sections until one cannot be written.
type page struct {
	to  io.Writer
	err error
}

func (p *page) section(heading string, lines []string) {
	if len(lines) > 0 && p.err == nil {
		_, p.err = fmt.Fprintf(p.to, "\n%s:\n  %s\n", heading, strings.Join(lines, "\n  "))
	}
}

func table(to io.Writer, records []record) error {
	rows := map[place]tally{}
	for _, rec := range records {
		if rows[rec.place] == nil {
			rows[rec.place] = tally{}
		}
		rows[rec.place][rec.Outcome]++
	}
	columns := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0) // stores its input until Flush, which returns the errors
	_, _ = fmt.Fprintln(columns, "\nBACKEND\tSERVER\tPROVIDER\tSETTING\tPASSED\tFAILED\tSKIPPED")
	for _, p := range slices.SortedFunc(maps.Keys(rows), comparePlaces) {
		row := rows[p]
		_, _ = fmt.Fprintf(columns, "%s\t%s\t%s\t%s\t%d\t%d\t%d\n", cmp.Or(p.Backend, "(no case of the suite)"),
			cmp.Or(p.Server, "-"), cmp.Or(p.Provider, "-"), cmp.Or(p.Setting, "-"), row[passed], row[failed], row[skipped])
	}
	return columns.Flush()
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.Backend, b.Backend), cmp.Compare(a.Server, b.Server), cmp.Compare(a.Provider, b.Provider),
		cmp.Compare(a.Setting, b.Setting))
}

// skips returns the reasons for skipped tests, each once for a database or a package,
// with the tests' names. It omits tests that had no server, which are reported
// elsewhere.
func skips(records []record, missing map[string][]string) []string {
	names := map[[2]string][]string{}
	for _, rec := range records {
		if rec.Outcome != skipped || slices.ContainsFunc(slices.Collect(maps.Values(missing)), func(all []string) bool { return slices.Contains(all, rec.Why) }) {
			continue
		}
		key := [2]string{cmp.Or(rec.Backend, rec.Program), cmp.Or(rec.Why, "it does not say why")}
		if !slices.Contains(names[key], rec.Name) {
			names[key] = append(names[key], rec.Name)
		}
	}
	var lines []string
	for key, all := range names {
		slices.Sort(all)
		lines = append(lines, fmt.Sprintf("%s: %s (%s)", key[0], key[1], few(all)))
	}
	slices.Sort(lines)
	return lines
}

// few names the first items of a long list.
func few(names []string) string {
	if len(names) <= shownTests {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s, and %d more", strings.Join(names[:shownTests], ", "), len(names)-shownTests)
}

// slowest returns the cases that took longest, among the slow ones.
func slowest(records []record) (lines []string) {
	records = slices.SortedStableFunc(slices.Values(records), func(a, b record) int { return cmp.Compare(b.Seconds, a.Seconds) })
	for _, rec := range records {
		if rec.Backend != "" && rec.Seconds > slow && len(lines) < shownSlow {
			lines = append(lines, fmt.Sprintf("%5.1f s  %s %s", rec.Seconds, rec.at(), rec.Name))
		}
	}
	return lines
}

// at describes where a test ran.
func (rec record) at() string {
	return cmp.Or(strings.Join(strings.Fields(rec.Backend+" "+rec.Server+" "+rec.Setting), " "), rec.Program)
}

func failures(records []record) (lines []string) {
	shown := map[string]int{}
	for _, rec := range records {
		if rec.Outcome != failed {
			continue
		}
		where := rec.at()
		switch shown[where]++; {
		case shown[where] <= shownFailures:
			lines = append(lines, strings.TrimSpace(where+" "+rec.Name)+": "+cmp.Or(rec.Why, "it does not say why"))
		case shown[where] == shownFailures+1:
			lines = append(lines, where+": and more")
		}
	}
	return lines
}

// problems returns what is wrong with the run, independent of the databases that it had
// to test.
func (r *Run) problems(records []record) (all []string) {
	sums, begun := tally{}, map[string][]string{}
	for _, rec := range records {
		sums[rec.Outcome]++
		if rec.Outcome == brokenOff {
			begun[rec.Program] = append(begun[rec.Program], rec.Name)
		}
	}
	if sums[passed]+sums[failed] == 0 {
		all = append(all, "nothing was tested: no test ran")
	}
	if sums[failed] > 0 {
		all = append(all, fmt.Sprintf("%d failed", sums[failed]))
	}
	for _, name := range slices.Sorted(maps.Keys(begun)) {
		all = append(all, fmt.Sprintf("%s: %d had begun and did not end: %s", name, len(begun[name]), few(begun[name])))
	}
	if sums[waiting] > 0 {
		all = append(all, fmt.Sprintf("%d were waiting for their turn and never ran", sums[waiting]))
	}
	return all
}

// absent reports which of the required databases do not count as tested. A single test
// without its server is enough for that, even if other tests had theirs.
func absent(records []record, missing map[string][]string, required []string) (all []string) {
	for _, name := range required {
		ran := slices.ContainsFunc(records, func(rec record) bool { return rec.Backend == name && rec.Outcome == passed })
		switch {
		case len(missing[name]) > 0:
			all = append(all, fmt.Sprintf("%s is required, and was not there for all tests: %s", name, missing[name][0]))
		case !ran:
			all = append(all, name+" is required, and no case passed on it")
		}
	}
	return all
}
