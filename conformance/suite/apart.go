package suite

import (
	"slices"
	"strings"
)

// apart reports whether a case gets a place that was never set up, which nobody uses
// after it: its subject is setting up, or it alters more than deleting rows undoes.
func (c Case) apart() bool {
	return slices.ContainsFunc(c.Rules(), settingUp) || slices.Contains(altering(), c.Name)
}

// settingUp reports whether a rule is about setting up, or about what was set up. S9.5
// is about rows.
func settingUp(rule string) bool {
	return rule == "S8.5" || strings.HasPrefix(rule, "S9.") && rule != "S9.5"
}

// altering are the cases of other rules that change the schema, or what setting up
// preloads.
func altering() []string {
	return []string{
		"S8.1 an error that the database itself makes is in reach",
	}
}
