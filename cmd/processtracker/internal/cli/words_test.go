package cli

import (
	"strings"
	"testing"
)

// The tool reports flags whose values it does not keep, and requests that changed nothing.
func TestIgnoredFlagsAreReported(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	handle := strings.TrimSpace(tl.run("start", "--process", "P").want(0).stdout)
	tl.run("renew", "--run", handle).want(0, `run 1 of process "P" was started without a lease; nothing was renewed`)
	if r := tl.run("fail", "--run", handle, "first").want(0); r.stderr != "" {
		t.Errorf("a first failure says %s", r.stderr)
	}
	tl.run("fail", "--run", handle, "second").want(0, `run 1 of process "P" was failed already, at `, "nothing was changed or recorded")
	tl.run("hold", "P", "--reason", "first").want(0)
	tl.run("hold", "P", "--reason", "second", "--json").want(0, "that reason stays, and the new one is not stored", `"on_hold":true`)
	tl.run("release", "P", "--reason", "x").want(0)
	tl.run("release", "P", "--reason", "x", "--json").want(0, "nothing was released", `"on_hold":false`)
	leased := strings.TrimSpace(tl.run("start", "--process", "Q", "--lease", "1h").want(0).stdout)
	if r := tl.run("renew", "--run", leased).want(0); r.stderr != "" {
		t.Errorf("renewing says %s", r.stderr)
	}
}

// Refusals name the command or flag that helps.
func TestRefusalsNameTheRemedy(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	handle := strings.TrimSpace(tl.run("start", "--process", "P", "--type", "Load").want(0).stdout)
	tl.run("start", "--process", "P").want(CodeAlreadyRunning, "without a lease; if its program is dead, run: processtracker reap --run-id 1 --force --reason TEXT")
	for _, command := range []string{"error", "fail"} {
		tl.run(command, "--run", handle, "--type", "My Type", "text").want(CodeError,
			`error type "My Type": not found; give --type "File Error", "Data Error" or "Process Error", or add it: processtracker lookup error-type add "My Type"`)
	}
	tl.run("complete", "--run", "1:wrong").want(CodeError, "not the run's token; give the one that its start returned")
	tl.run("reap", "--reason", "x").want(CodeUsage, "force the end (--force)")
	tl.run("reap", "--force").want(CodeUsage, "say which process or run (--process, --run-id)")
	tl.run("complete", "--run", handle).want(0)
	tl.run("start", "--process", "P", "--type", "Extract").want(CodeError, "change it with Redefine, which --redefine does here")
}

// Lines with an end mark of their own are joined without another one.
func TestLinesAreJoinedOnce(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"unknown\nDid you mean this?\n\truns": "unknown; Did you mean this? runs", "a:\nb;\nc\nc\nd": "a: b; c; d",
	} {
		if got := oneLine(text); got != want {
			t.Errorf("%q is joined as %q, want %q", text, got, want)
		}
	}
}

// An unknown name is distinguished from a name without matches, and a similar name is
// suggested.
func TestUnknownNames(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"runs", "--status", "runing"}, `no runs match --status "runing"; there is no status "runing"; did you mean "running"?`},
		{[]string{"runs", "--status", "on hold"}, `no runs match --status "on hold"` + "\n"},
		{[]string{"runs", "--status", "runing", "--process", "Team Load"}, `no runs match --process "Team Load" --status "runing"; there is no process "Team Load"; did you mean "Teams Load"?; there is no status "runing"; did you mean "running"?`},
		{[]string{"runs", "--process", "Tea"}, `there is no process "Tea"` + "\n"},
		{[]string{"extracts", "--status", "lodaing"}, `there is no status "lodaing"; did you mean "loading"?`},
		{[]string{"history", "--process", "Nothing like it"}, `no changes match --process "Nothing like it"; there is no process "Nothing like it"` + "\n"},
		{[]string{"refusals", "--process", "Teams Load"}, `no refusals match --process "Teams Load"` + "\n"},
	} {
		code := CodeOK
		if strings.Contains(c.says, "there is no") {
			code = CodeError
		}
		tl.run(c.args...).want(code, c.says)
	}
	for _, command := range []string{"hold", "release"} {
		tl.run(command, "Teams Laod", "--reason", "x").want(CodeError, `process "Teams Laod": not found; did you mean "Teams Load"?`)
		tl.run(command, "Nothing like it", "--reason", "x").want(CodeError, `process "Nothing like it": not found`+"\n")
	}
}

// An unknown name is distinguished from a name without matches, even if there are more
// names than the tool compares.
func TestNamesAmongTooMany(t *testing.T) {
	t.Parallel()
	names := make([]string, mostNames)
	for i := range names {
		names[i] = "P " + number(int64(i))
	}
	k := known{names: each(names), exists: func(name string) (bool, error) { return name == "beyond", nil }}
	for name, want := range map[string]bool{"P 1": false, "beyond": false, "beyonds": true} {
		if _, missing := k.nearest(name); missing != want {
			t.Errorf("%s is missing: %t", name, missing)
		}
	}
}
