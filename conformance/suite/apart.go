package suite

import (
	"slices"
	"strings"
)

// apart reports whether a case gets places that were never set up, and that no other case
// uses afterwards: its subject is setting up, or it alters more than deleting rows undoes, or
// deleted rows would alter what it measures.
func (c Case) apart() bool {
	return slices.ContainsFunc(c.Rules(), settingUp) || slices.Contains(altering(), c.Name) || slices.Contains(measuring(), c.Name)
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
		"S5.8 a file type keeps how its files are written",
	}
}

// measuring are the cases that compare how quick something is. Where rows are kept for
// the transactions that still see them, finding one goes past those of earlier cases.
func measuring() []string {
	return []string{
		"S2.10 a start costs no more after many runs than after few",
		"S3.8 one run's history costs no more to read in a long history than in a short one",
	}
}
