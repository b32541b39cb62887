package cli

import "testing"

// TestNumbers gives flags numbers that are as large as can be, too large, negative and
// none at all.
func TestNumbers(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	for _, list := range []string{"runs", "extracts", "errors", "history"} {
		tl.run(list, "--limit", "9223372036854775807").want(0, "Teams")
		for _, limit := range []string{"-1", "9223372036854775808", "many", "1.5", ""} {
			tl.run(list, "--limit", limit).want(CodeUsage, `"`+limit+`" for "--limit"`, "not a whole number from 0", "give 0 for all")
		}
	}
	for flag, list := range map[string]string{"--run": "errors", "--extract": "history"} {
		tl.run(list, flag, "9223372036854775807").want(0, "no "+map[string]string{"errors": "errors", "history": "changes"}[list]+" match "+flag)
		for _, id := range []string{"0", "-1", "9223372036854775808", "first"} {
			tl.run(list, flag, id).want(CodeUsage, `"`+id+`" for "`+flag+`"`, "give a whole number from 1")
		}
	}
	tl.run("reap", "--force", "--run-id", "0").want(CodeUsage, "give a whole number from 1")
}

func TestSuggestion(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	tl.run("runz").want(CodeUsage, `unknown command "runz" for "processtracker"; did you mean runs? (see: processtracker --help)`)
	tl.run("nothing-like-it").want(CodeUsage, `unknown command "nothing-like-it" for "processtracker" (see: processtracker --help)`)
}
