package rules

import (
	"os"
	"regexp"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/processtracker/processtracker-go/conformance/suite"
)

func TestRulesAreInOrder(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, rule := range All() {
		ids = append(ids, rule.ID)
		if n := utf8.RuneCountInString(rule.Says); n == 0 || n > 50 {
			t.Errorf("%s says %q: want 1 to 50 characters, as it stands in a table", rule.ID, rule.Says)
		}
	}
	if !slices.Equal(ids, sorted(ids)) {
		t.Errorf("not in order, or not each once: %q", ids)
	}
}

func TestCasesProveRulesThatExist(t *testing.T) {
	t.Parallel()
	known := map[string]Rule{}
	for _, rule := range All() {
		known[rule.ID] = rule
	}
	seen := map[string]bool{}
	for _, c := range suite.Cases() {
		if seen[c.Name] {
			t.Errorf("two cases are called %q: their records cannot be told apart", c.Name)
		}
		seen[c.Name] = true
		if len(c.Rules()) == 0 {
			t.Errorf("case %q: its name does not begin with a rule", c.Name)
		}
		for _, id := range c.Rules() {
			if rule, ok := known[id]; !ok {
				t.Errorf("case %q: there is no rule %s; correct the name, or add the rule to rules.go", c.Name, id)
			} else if rule.Planned != "" {
				t.Errorf("case %q: %s is marked as planned; take the mark out of rules.go", c.Name, id)
			}
		}
	}
}

// TestThePageTellsOfTheRulesThatHold holds docs/semantics.md against the list: who reads it must not miss a promise, nor
// count on one that is only planned.
func TestThePageTellsOfTheRulesThatHold(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/semantics.md")
	if err != nil {
		t.Fatal(err)
	}
	told := sorted(regexp.MustCompile(`S\d+\.\d+`).FindAllString(string(page), -1))
	var known []string
	for _, rule := range All() {
		known = append(known, rule.ID)
		switch tells := slices.Contains(told, rule.ID); {
		case rule.Planned == "" && !tells:
			t.Errorf("docs/semantics.md does not mention %s (%s): write what holds, or mark it as planned in rules.go", rule.ID, rule.Says)
		case rule.Planned != "" && tells:
			t.Errorf("docs/semantics.md mentions %s (%s), which is planned: take it out there, or the mark out of rules.go", rule.ID, rule.Says)
		}
	}
	for _, id := range told {
		if !slices.Contains(known, id) {
			t.Errorf("docs/semantics.md mentions %s: there is no such rule in rules.go", id)
		}
	}
}
