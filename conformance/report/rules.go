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
)

// Rule is a promise of docs/semantics.md.
type Rule struct {
	ID   string // such as "S2.7"
	Says string // its beginning
}

var (
	rulesOfName = regexp.MustCompile(`^(S\d+\.\d+ )+`)
	rowsOfPage  = regexp.MustCompile(`(?m)^\| (S\d+\.\d+) \| ((.{0,55}?)([.:;] .*|[.:;]?)|(.{55}).*?) \|`)
)

// RulesOf returns the rules that a case proves, according to its name: the IDs at the
// beginning.
func RulesOf(name string) []string { return strings.Fields(rulesOfName.FindString(name)) }

// Rules returns the rules of a page, each once, in order: they stand in tables, the id in the first column.
func Rules(page string) []Rule {
	var all []Rule
	for _, row := range rowsOfPage.FindAllStringSubmatch(page, -1) {
		says := row[3]
		if row[5] != "" {
			says = row[5] + "…"
		}
		all = append(all, Rule{row[1], says})
	}
	slices.SortStableFunc(all, func(a, b Rule) int { return compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b Rule) bool { return a.ID == b.ID })
}

// OnCluster returns the rules that have to be proved on a cluster: the ones in which
// transactions of several trackers can conflict. The others are only proved on single
// servers.
func OnCluster() []string {
	return []string{
		"S1.1", "S2.1", "S2.3", "S2.4", "S2.6", "S2.7", "S2.8", "S2.9", "S2.11", "S3.2", "S3.6", "S3.9",
		"S4.1", "S4.2", "S4.3", "S4.4", "S5.1", "S5.4", "S5.6", "S6.1", "S8.2",
	}
}

// compare orders IDs by their numbers: S2.9 before S2.10.
func compare(a, b string) int {
	number := func(id string) float64 {
		chapter, rule, _ := strings.Cut(strings.TrimPrefix(id, "S"), ".")
		n, _ := strconv.ParseFloat(fmt.Sprintf("%s.%03s", chapter, rule), 64) // a text that is no number comes first
		return n
	}
	return cmp.Compare(number(a), number(b))
}

// OfTool lists the rules on how the command-line tool treats the commands that it runs.
// Its tests in cmd/processtracker prove them, once for all databases.
func OfTool() []string { return []string{"S4.8"} }

// A cell counts the outcomes of a rule's cases on a database, with one setting or with all.
type cell struct{ rule, backend, setting string }

func cells(records []record, apart bool) map[cell]tally {
	all := map[cell]tally{}
	for _, rec := range records {
		for _, id := range rec.Rules {
			key := cell{id, rec.Backend, ""}
			if apart {
				key.setting = cmp.Or(rec.Setting, "-")
			}
			if all[key] == nil {
				all[key] = tally{}
			}
			all[key][rec.Outcome]++
		}
	}
	return all
}

// Pairs lists which rule was proved on which database with which setting, one per line,
// so that two runs can be compared line by line. A rule counts if a case of it passed
// and none failed.
func (r *Run) Pairs() (lines []string) {
	all := cells(r.records(), true)
	for _, key := range slices.SortedFunc(maps.Keys(all), func(a, b cell) int {
		return cmp.Or(compare(a.rule, b.rule), cmp.Compare(a.backend, b.backend), cmp.Compare(a.setting, b.setting))
	}) {
		if all[key][passed] > 0 && all[key][failed] == 0 {
			lines = append(lines, key.rule+"\t"+key.backend+"\t"+key.setting)
		}
	}
	return lines
}

// PrintRules writes which rule was proved on which database, and by how many runs of
// cases. names are the names of the suite's cases, whether they ran or not. It returns
// why the table must not count as a success.
func (r *Run) PrintRules(to io.Writer, rules []Rule, names, required []string) (problems []string, err error) {
	records := r.records()
	all, cases, databases := cells(records, false), map[string]map[string]bool{}, map[string]bool{}
	for _, name := range names {
		records = append(records, record{Name: name, Rules: RulesOf(name)})
	}
	for _, rec := range records {
		for _, id := range rec.Rules {
			if cases[id] == nil {
				cases[id] = map[string]bool{}
			}
			cases[id][rec.Name] = true
		}
		if rec.Backend != "" {
			databases[rec.Backend] = true
		}
	}
	columns := slices.Sorted(maps.Keys(databases))
	out := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0) // stores its input until Flush, which returns the errors
	_, _ = fmt.Fprintln(out, strings.ToUpper(strings.Join(append([]string{"rule", "says", "cases"}, columns...), "\t")))
	uncovered := map[string][]string{} // by database
	for _, rule := range rules {
		ofTool := slices.Contains(OfTool(), rule.ID)
		_, _ = fmt.Fprintf(out, "%s\t%s\t%d", rule.ID, rule.Says, len(cases[rule.ID]))
		for _, name := range columns {
			_, _ = fmt.Fprintf(out, "\t%s", all[cell{rule.ID, name, ""}])
			if all[cell{rule.ID, name, ""}][failed] > 0 {
				problems = append(problems, rule.ID+" failed on "+name)
			}
		}
		_, _ = fmt.Fprintln(out)
		if len(cases[rule.ID]) == 0 && !ofTool {
			problems = append(problems, rule.ID+" has no case: add one to conformance/suite")
		}
		delete(cases, rule.ID)
		for _, name := range required {
			if all[cell{rule.ID, name, ""}] == nil && !ofTool && (name != "galera" || slices.Contains(OnCluster(), rule.ID)) {
				uncovered[name] = append(uncovered[name], rule.ID)
			}
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(cases), compare) {
		problems = append(problems, fmt.Sprintf("docs/semantics.md has no rule %s, which a case names (%s): correct the one or the other",
			id, few(slices.Sorted(maps.Keys(cases[id])))))
	}
	for _, name := range slices.Sorted(maps.Keys(uncovered)) {
		problems = append(problems, name+" is required, and not covered on it: "+strings.Join(uncovered[name], ", "))
	}
	return problems, out.Flush()
}

// String returns the worst outcome, with a count.
func (t tally) String() string {
	all := t[passed] + t[failed] + t[skipped] + t[brokenOff] + t[waiting]
	switch {
	case all == 0:
		return "not covered"
	case t[failed] > 0:
		return fmt.Sprintf("%d of %d failed", t[failed], all)
	case t[brokenOff]+t[waiting] > 0:
		return fmt.Sprintf("%d of %d did not end", t[brokenOff]+t[waiting], all)
	case t[skipped] > 0:
		return fmt.Sprintf("%d of %d skipped", t[skipped], all)
	}
	return fmt.Sprintf("%d passed", all)
}
