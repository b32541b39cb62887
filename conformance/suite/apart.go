package suite

import "slices"

// apart reports whether a case gets a place that was never set up, which nobody uses
// after it: its subject is setting up, or it alters more than deleting rows undoes.
func (c Case) apart() bool {
	return slices.ContainsFunc(c.Rules(), func(rule string) bool { return slices.Contains(settingUp(), rule) }) ||
		slices.Contains(altering(), c.Name)
}

// settingUp are the rules about setting up and about rights in what was set up.
func settingUp() []string { return []string{"S8.5", "S9.1", "S9.2", "S9.3", "S9.4"} }

// altering are the cases of other rules that change the schema, or what setting up
// preloads.
func altering() []string {
	return []string{
		"S8.1 an error that the database itself makes is in reach",
	}
}
