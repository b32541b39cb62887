package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf8"
)

// Rule is a promise of docs/semantics.md.
type Rule struct {
	ID   string // such as "S2.7"
	Says string // how it begins
}

var rows = regexp.MustCompile(`(?m)^\| (S\d+\.\d+) \| ([^|]+?) \|`)

// Rules returns the rules of a page, each once, in order: they stand in tables, the id in the first column.
func Rules(page string) []Rule {
	var all []Rule
	for _, row := range rows.FindAllStringSubmatch(page, -1) {
		if !slices.ContainsFunc(all, func(r Rule) bool { return r.ID == row[1] }) {
			all = append(all, Rule{row[1], beginning(row[2])})
		}
	}
	slices.SortFunc(all, func(a, b Rule) int { return compare(a.ID, b.ID) })
	return all
}

// beginning is what a table has room for of a promise.
func beginning(text string) string {
	const room = 56 // characters
	text = strings.TrimSuffix(regexp.MustCompile(`^.*?(\. |: |; |$)`).FindString(text), " ")
	text = strings.TrimRight(text, ".:;")
	if utf8.RuneCountInString(text) > room {
		text = string([]rune(text)[:room-1]) + "…"
	}
	return text
}

// OnCluster returns the rules that have to be proved on a cluster: those in which transactions of several trackers can
// meet. The rest is proved on its servers alone.
func OnCluster() []string {
	return []string{
		"S1.1", "S2.1", "S2.3", "S2.4", "S2.6", "S2.7", "S2.8", "S2.9", "S2.11", "S3.2", "S3.6", "S3.9",
		"S4.1", "S4.2", "S4.3", "S4.4", "S5.1", "S5.4", "S5.6", "S6.1", "S8.2",
	}
}

// compare orders ids by their numbers: S2.9 before S2.10.
func compare(a, b string) int {
	x, y := numbers(a), numbers(b)
	return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]))
}

func numbers(id string) (n [2]int) {
	chapter, rule, _ := strings.Cut(strings.TrimPrefix(id, "S"), ".")
	n[0], _ = strconv.Atoi(chapter) // what is no number comes first
	n[1], _ = strconv.Atoi(rule)
	return n
}

// PrintRules writes which rule was proved on which database, by how many runs of cases. Names are those of the suite's
// cases, run or not. It returns why the table must not count as a success.
func (r *Run) PrintRules(to io.Writer, rules []Rule, names, required []string) (problems []string, err error) {
	cells := map[[2]string]tally{} // by rule and database
	proving := map[string]map[string]bool{}
	prove := func(name string, ids []string) {
		for _, id := range ids {
			if proving[id] == nil {
				proving[id] = map[string]bool{}
			}
			proving[id][name] = true
		}
	}
	for _, name := range names {
		prove(name, RulesOf(name))
	}
	databases := map[string]bool{}
	for _, rec := range r.records() {
		if rec.Backend == "" {
			continue
		}
		databases[rec.Backend] = true
		prove(rec.Name, rec.Rules)
		for _, id := range rec.Rules {
			key := [2]string{id, rec.Backend}
			if cells[key] == nil {
				cells[key] = tally{}
			}
			cells[key][rec.Outcome]++
		}
	}
	columns := slices.Sorted(maps.Keys(databases))
	out := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0) // keeps what it is given until Flush, which has the errors
	_, _ = fmt.Fprintln(out, strings.Join(append([]string{"RULE", "SAYS", "CASES"}, upper(columns)...), "\t"))
	for _, rule := range rules {
		line := []string{rule.ID, rule.Says, strconv.Itoa(len(proving[rule.ID]))}
		for _, name := range columns {
			cell := cells[[2]string{rule.ID, name}]
			line = append(line, cell.text())
			if cell[failed] > 0 {
				problems = append(problems, rule.ID+" failed on "+name)
			}
		}
		_, _ = fmt.Fprintln(out, strings.Join(line, "\t"))
		if len(proving[rule.ID]) == 0 {
			problems = append(problems, rule.ID+" has no case: add one to conformance/suite")
		}
		delete(proving, rule.ID)
	}
	for _, id := range slices.SortedFunc(maps.Keys(proving), compare) {
		problems = append(problems, fmt.Sprintf("docs/semantics.md has no rule %s, which a case names (%s): correct the one or the other",
			id, few(slices.Sorted(maps.Keys(proving[id])))))
	}
	for _, name := range required {
		problems = append(problems, uncovered(rules, name, cells)...)
	}
	return problems, out.Flush()
}

func upper(all []string) (up []string) {
	for _, s := range all {
		up = append(up, strings.ToUpper(s))
	}
	return up
}

// text is the worst outcome, with a count.
func (t tally) text() string {
	all := 0
	for _, n := range t {
		all += n
	}
	for _, outcome := range []struct{ name, says string }{{failed, "failed"}, {brokenOff, "broken off"}, {waiting, "never ran"}, {skipped, "skipped"}} {
		if n := t[outcome.name]; n > 0 {
			return fmt.Sprintf("%d of %d %s", n, all, outcome.says)
		}
	}
	if all == 0 {
		return "not covered"
	}
	return fmt.Sprintf("%d passed", all)
}

// uncovered tells which rules no case of the run was about on a required database.
func uncovered(rules []Rule, name string, cells map[[2]string]tally) []string {
	var ids []string
	for _, rule := range rules {
		demanded := name != "galera" || slices.Contains(OnCluster(), rule.ID)
		if demanded && cells[[2]string{rule.ID, name}] == nil {
			ids = append(ids, rule.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return []string{name + " is required, and not covered on it: " + strings.Join(ids, ", ")}
}

// Pairs lists which rule was proved on which database with which setting, a line each, so that two runs can be compared
// line by line. A rule counts if a case of it passed and none failed.
func (r *Run) Pairs() []string {
	cells := map[[3]string]tally{}
	for _, rec := range r.records() {
		for _, id := range rec.Rules {
			key := [3]string{id, rec.Backend, cmp.Or(rec.Setting, "-")}
			if cells[key] == nil {
				cells[key] = tally{}
			}
			cells[key][rec.Outcome]++
		}
	}
	var lines []string
	keys := slices.SortedFunc(maps.Keys(cells), func(a, b [3]string) int {
		return cmp.Or(compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(a[2], b[2]))
	})
	for _, key := range keys {
		if cells[key][passed] > 0 && cells[key][failed] == 0 {
			lines = append(lines, strings.Join(key[:], "\t"))
		}
	}
	return lines
}
