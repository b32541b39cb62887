// Package cli is the command-line tool. Each command has its own file; this one runs them.
package cli

import (
	"context"
	"fmt"
	"io"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	listers "github.com/processtracker/processtracker-go/core/listing"
)

// Env is the tool's access to the operating system.
type Env struct {
	Args    []string
	Environ []string // NAME=value
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Width   int // of the terminal; 0 if the output is not one

	// Zone is the time zone in which tables show times; nil is UTC.
	Zone *time.Location

	// Terminal reports whether standard error is a terminal, where a line may be redrawn.
	Terminal bool

	described func(document any) // if set, gets an empty document of each list, for tests

	// Lister returns the lister of a location; nil allows only the local file system.
	Lister func(ctx context.Context, location string, getenv func(string) string) (listers.Lister, error)

	// Interactive reports whether the tool can ask the user: input and output are a terminal.
	Interactive bool

	// Completion limits how long shell completion waits for names from the database; 0
	// means 300 ms.
	Completion time.Duration

	// Reminder is the interval at which exec reports that it is still trying to record
	// an end; 0 means a minute.
	Reminder time.Duration

	// Grace is the time that a command and its remaining processes have to exit after
	// exec has told them to; 0 means ten seconds.
	Grace time.Duration

	// Stragglers is the time that the processes which a command left behind have to exit
	// before exec tells them to. It is also the limit for reading their error output
	// afterwards. 0 means two seconds.
	Stragglers time.Duration

	// Heartbeat is the interval at which exec renews its run's lease; 0 means a third of
	// the lease.
	Heartbeat time.Duration

	// Patience is the time that the calls of a session have to finish after its input has
	// ended; 0 means five seconds.
	Patience time.Duration
}

// Getenv returns the value of an environment variable, empty if it is not set.
func (e Env) Getenv(name string) string {
	value, _ := e.lookup(name)
	return value
}

// lookup returns the value of an environment variable, and whether it is set.
func (e Env) lookup(name string) (string, bool) {
	for _, variable := range slices.Backward(e.Environ) { // the last one counts
		if value, ok := strings.CutPrefix(variable, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// Main runs the command that the arguments name and returns the exit code.
//
// SIGINT and SIGTERM cancel ctx, so that the database stops its current work. A second
// signal ends the process.
func Main(ctx context.Context, env Env) int {
	ctx, stop := signal.NotifyContext(ctx, unlessIgnored(stopSignals())...)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	defer catchClosedPipes()()

	env.Stderr = &inTurn{w: env.Stderr}
	a := &app{env: env}
	root := a.root() //nolint:contextcheck // cobra hands it to the commands
	completeTree(root)
	root.SetArgs(env.Args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case isClosedPipe(err) && !works(cmd):
		return CodeOK
	case err == nil, isSilent(err):
	case !a.began:
		a.sayf("%v%s (see: %s --help)", err, suggestion(root, env.Args), cmd.CommandPath())
	default:
		a.sayf("%v", err)
	}
	return a.code(cmd, err)
}

// works reports whether running a command has effects beyond its output.
func works(cmd *cobra.Command) bool {
	return slices.Contains([]string{"exec", "session", "serve", "start", "claim"}, cmd.Name())
}

// suggestion returns the command that the user may have meant by an unknown one.
func suggestion(root *cobra.Command, args []string) string {
	if len(args) == 0 {
		return ""
	}
	if _, _, err := root.Find(args); err == nil {
		return ""
	}
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		return "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return ""
}

// app is one call of the tool.
type app struct {
	env    Env
	dsn    string // the flag
	ask    string // the flag: the command that prints the password
	named  bool   // the flag was given
	json   bool   // print JSON
	output output

	profile  string // the flag; then the profile that is used
	settings settings
	used     string // the DSN of the database that is used; it may have a password
	began    bool   // the command line was understood
	flags    *pflag.FlagSet
}

// sayf writes one line to standard error, however many lines the text has.
func (a *app) sayf(format string, args ...any) {
	_, _ = fmt.Fprintf(a.env.Stderr, "processtracker: %s\n", oneLine(fmt.Sprintf(format, args...))) // the error has nowhere to go
}

// inTurn serializes writes: exec forwards the output of its command and writes lines of
// its own.
type inTurn struct {
	mu sync.Mutex
	w  io.Writer
}

// Write implements [io.Writer].
func (t *inTurn) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.w.Write(p)
}

// oneLine joins the lines of a text and drops duplicates.
func oneLine(text string) string {
	var joined string
	seen := map[string]bool{}
	for line := range strings.Lines(table.Clean(text)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || seen[line]:
			continue
		case joined != "" && strings.ContainsAny(joined[len(joined)-1:], ":;,?"):
			joined += " "
		case joined != "":
			joined += "; "
		}
		joined, seen[line] = joined+line, true
	}
	return joined
}

// printf writes to standard output.
func (a *app) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(a.env.Stdout, format, args...)
	return err
}

// noEmpty rejects a flag that was given an empty value, as happens if a script's
// variable is empty. Without the flag, the command would apply to everything, or to
// something else.
func noEmpty(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		if err == nil && f.Value.Type() == "string" && f.Name != "dsn" && strings.TrimSpace(f.Value.String()) == "" {
			err = fmt.Errorf("--%s is given but empty; give a value", f.Name)
			if _, required := f.Annotations[cobra.BashCompOneRequiredFlag]; !required {
				err = fmt.Errorf("%w, or leave it out", err)
			}
		}
	})
	return err
}

// run executes a command's work. It records that the command line was valid: earlier
// errors are usage errors.
func (a *app) run(work func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if err := noEmpty(cmd.Flags()); err != nil {
			return err
		}
		if err := a.readSettings(cmd); err != nil {
			return err
		}
		if err := a.readOutput(cmd); err != nil {
			return err
		}
		a.began, a.named, a.flags = true, cmd.Flags().Changed("dsn"), cmd.Flags()
		return work(cmd.Context(), args)
	}
}
