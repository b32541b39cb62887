package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every command rejects a wrong command line before it opens the database: in one line
// that says what is wrong and what to write, and with the code for that.
func TestEveryCommandRejectsAWrongCommandLine(t *testing.T) {
	t.Parallel()
	root := (&app{}).root()
	completeTree(root)
	checked := 0
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, child := range cmd.Commands() {
			walk(child)
		}
		if !cmd.Runnable() {
			return
		}
		checked++
		flags := cmd.LocalNonPersistentFlags() // which changes the commands above it
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			t.Parallel()
			wrong{newTool(t), cmd, flags}.check()
		})
	}
	walk(root)
	if checked < 100 {
		t.Errorf("%d commands were checked: are there no more?", checked)
	}
}

// wrong gives a command wrong command lines.
type wrong struct {
	*tool

	cmd   *cobra.Command
	flags *pflag.FlagSet
}

func (w wrong) check() {
	w.t.Helper()
	w.rejected([]string{"--nothing-like-it"}, "unknown flag: --nothing-like-it")
	w.flags.VisitAll(w.checkFlag)
	if w.cmd.HasSubCommands() {
		w.rejected([]string{"nothing-like-it"}, `unknown command "nothing-like-it"`)
		return
	}
	if w.cmd.Args == nil { // it takes any: files, processes or, as help does, the words of a command
		if w.cmd.Name() == "help" {
			w.rejected([]string{"nothing-like-it"}, "unknown command")
		}
		return
	}
	var args []string
	for len(args) < 5 && w.cmd.Args(w.cmd, args) != nil {
		w.rejected(args, "an argument is missing; write: processtracker")
		args = append(args, "x")
	}
	for len(args) < 5 && w.cmd.Args(w.cmd, args) == nil {
		args = append(args, "x")
	}
	if len(args) < 5 {
		w.rejected(args, `unexpected argument "x"; write: processtracker`)
	}
}

func (w wrong) checkFlag(f *pflag.Flag) {
	w.t.Helper()
	if f.Name == "help" || f.Name == "version" {
		return
	}
	if _, required := f.Annotations[cobra.BashCompOneRequiredFlag]; required {
		w.rejected(w.arguments(), `"`+f.Name+`"`)
	}
	if len(f.Name) > 4 {
		w.rejected([]string{"--" + f.Name[:len(f.Name)-1] + "q"}, "did you mean --")
	}
	if f.NoOptDefVal == "" {
		w.rejected([]string{"--" + f.Name}, "flag needs an argument: --"+f.Name)
	}
	switch f.Value.Type() {
	case "int", "int64", "id", "duration", "bool", "func":
		w.rejected([]string{"--" + f.Name + "=x"}, `--`+f.Name+` "x": `)
	}
}

// arguments are as many as the command needs.
func (w wrong) arguments() []string {
	var args []string
	for len(args) < 5 && w.cmd.Args != nil && w.cmd.Args(w.cmd, args) != nil {
		args = append(args, "x")
	}
	return args
}

func (w wrong) rejected(args []string, says string) {
	w.t.Helper()
	code := CodeUsage
	if w.cmd.Name() == "exec" {
		code = CodeExecError
	}
	r := w.run(append(strings.Fields(w.cmd.CommandPath())[1:], args...)...).want(code, says, "see: processtracker")
	if r.stdout != "" || strings.Count(r.stderr, "\n") != 1 || strings.Contains(r.stderr, "strconv") || strings.Contains(r.stderr, "goroutine") {
		w.t.Errorf("%q: not one line in the tool's words: %s%s", args, r.stdout, r.stderr)
	}
}

// Flags that contradict each other are rejected.
func TestContradictoryFlagsAreRejected(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "P", "true").want(0)
	for line, says := range map[string]string{
		"runs --json --output csv":                         "--json is --output json, and --output csv is given, too",
		"runs --oldest-first --newest-first":               "the list is to be oldest first, too; give one order",
		"runs --since 1d --until 2d":                       `--since "1d" is not before --until "2d"`,
		"status --output csv":                              "--output csv is for lists",
		"lookup run-status add mine --active --ended":      "give --active or --ended",
		"serve --tokens f --no-tokens":                     "--tokens and --no-tokens are given",
		"serve --insecure --htpasswd f":                    "give one of them",
		"hold P --reason r --run 1":                        "--run names a run, and an argument a process",
		"reap --force --reason r":                          "say which process or run",
		"reap --reason r":                                  "or force the end",
		"process add-data P shop --alias a":                "give --attribute, too",
		"extract measure --written --loaded f --records 1": "--written and --loaded are given; give one of them",
		"extract measure f --records 1":                    "give --written or --loaded",
		"watermark P --set 2026-11-01 --clear --reason r":  "--set and --clear are given; give one of them",
		"watermark P --reason r":                           "--reason goes with --set TIME or --clear",
		"dependency add P Q --fresh --any-age":             "--fresh and --any-age are given; give one of them",
		"extract release --reason r":                       "no extracts are named",
		"runs --profile none":                              `there is no profile "none"`,
	} {
		if r := tl.run(strings.Fields(line)...).want(CodeUsage, says); r.stdout != "" {
			t.Errorf("%s: it printed %s", line, r.stdout)
		}
	}
	tl.run("exec", "--process", "P", "--retry-delay", "1s", "true").want(CodeExecError, "--retry-delay is given without --retries")
}
