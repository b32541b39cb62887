package suite

import (
	"slices"
	"strings"
)

// apart reports whether a case gets new places that no other case uses afterwards. It
// does if it tests setup, if it makes changes that deleting rows does not undo, or if
// deleted rows would affect its measurements.
func (c Case) apart() bool {
	return slices.ContainsFunc(c.Rules(), settingUp) || slices.Contains(altering(), c.Name) || slices.Contains(measuring(), c.Name)
}

// settingUp reports whether a rule is about setup, or about its result. S9.5 is about rows.
func settingUp(rule string) bool {
	return rule == "S8.5" || strings.HasPrefix(rule, "S9.") && rule != "S9.5"
}

// altering are the cases of other rules that change the schema, or the rows of a setup.
func altering() []string {
	return []string{
		"S8.1 the database's own error stays reachable",
		"S5.8 a file type keeps the format of its files",
	}
}

// measuring are the cases that compare durations. If a database keeps deleted rows for
// transactions that still see them, a search has to pass the rows of earlier cases.
func measuring() []string {
	return []string{
		"S2.10 a start costs no more after many runs than after few",
		"S3.8 reading one run's history costs the same in a long history as in a short one",
	}
}
