package cli

import (
	"slices"
	"strings"
	"testing"
)

// TestNumbers passes the largest possible numbers to flags, larger ones, negative ones,
// and texts that are no numbers.
func TestNumbers(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	for _, list := range []string{"runs", "extracts", "errors", "history"} {
		tl.run(list, "--limit", "9223372036854775807").want(0, "Teams")
		for _, limit := range []string{"-1", "9223372036854775808", "many", "1.5", ""} {
			tl.run(list, "--limit", limit).want(CodeUsage, `--limit "`+limit+`"`, "not a whole number from 0", "give 0 for all")
		}
	}
	for flag, list := range map[string]string{"--run": "errors", "--extract": "history"} {
		tl.run(list, flag, "9223372036854775807").want(0, "no "+map[string]string{"errors": "errors", "history": "changes"}[list]+" match "+flag)
		for _, id := range []string{"0", "-1", "9223372036854775808", "first"} {
			tl.run(list, flag, id).want(CodeUsage, flag+` "`+id+`"`, "give a whole number from 1")
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

// TestEmptyFlags passes empty texts to flags, as an empty variable of a script does.
func TestEmptyFlags(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	handle := strings.TrimSpace(tl.run("start", "--process", "Held").want(0).stdout)
	tl.env.Environ = append(tl.env.Environ, RunVariable+"="+handle)
	for _, args := range [][]string{
		{"runs", "--process"}, {"runs", "--status"}, {"extracts", "--glob"}, {"errors", "--process"}, {"history", "--until"}, {"refusals", "--actor"},
		{"extracts", "release", "--all", "--reason", "r", "--process"}, {"extracts", "release", "--all", "--reason"},
		{"reap", "--process"}, {"start", "--process", "P", "--name"}, {"start", "--process", "P", "--actor"}, {"start", "--process"},
		{"complete", "--run"}, {"fail", "--run"}, {"renew", "--run"}, {"fail", "text", "--type"},
		{"hold", "P", "--reason"}, {"release", "P", "--reason"}, {"watermark", "P", "--reason", "r", "--set"},
	} {
		for _, empty := range []string{"", " "} {
			flag := args[len(args)-1]
			tl.run(append(slices.Clone(args), empty)...).want(CodeUsage, flag+" is given but empty; give a value")
		}
	}
	tl.run("runs", "--status", "").want(CodeUsage, "give a value, or leave it out")
	tl.run("hold", "P", "--reason", "").want(CodeUsage, "give a value (see:")
	tl.run("exec", "--process", "", "--", "true").want(CodeExecError, "--process is given but empty")
	for _, flag := range []string{"--id", "--run"} {
		tl.run("extracts", "release", "--reason", "r", flag, "-1").want(CodeUsage, "give a whole number from 1")
	}
	tl.wantRun(1, "running")
}
