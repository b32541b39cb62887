// Package cli is the command-line tool. Each command is a file; this one runs
// them.
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

// Env is what the tool gets from the operating system.
type Env struct {
	Args    []string
	Environ []string // NAME=value
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Width   int // of the terminal; 0 if the output is not one

	// Zone is the time zone in which tables show times; nil is UTC.
	Zone *time.Location

	// Terminal says that standard error is a terminal, on which a line may be redrawn.
	Terminal bool

	described func(document any) // tests look at an empty document of each list

	// Lister returns what lists a location; nil stands for the local file system alone.
	Lister func(ctx context.Context, location string, getenv func(string) string) (listers.Lister, error)

	// Interactive says that somebody can be asked: input and output are a terminal.
	Interactive bool

	// Completion is how long a shell waits for names from the database at most; 0 stands
	// for 300 ms.
	Completion time.Duration

	// Reminder is how often exec says that it still tries to record an end; 0 stands for
	// a minute.
	Reminder time.Duration

	// Grace is how long a command, and what it has left behind, has to end by itself
	// when exec has told it to; 0 stands for ten seconds.
	Grace time.Duration

	// Stragglers is how long exec lets what the command has left behind end without
	// being told, and then reads its error output; 0 stands for two seconds.
	Stragglers time.Duration
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
// SIGINT and SIGTERM end ctx, so that the database gives up what it is doing; a
// second one ends the process.
func Main(ctx context.Context, env Env) int {
	ctx, stop := signal.NotifyContext(ctx, unlessIgnored(stopSignals())...)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	defer catchClosedPipes()()

	env.Stderr = &inTurn{w: env.Stderr}
	a := &app{env: env}
	root := a.root() //nolint:contextcheck // cobra hands it to the commands
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

// works reports whether a command does something whose end is more than what it prints.
func works(cmd *cobra.Command) bool {
	return slices.Contains([]string{"exec", "session", "serve", "start", "claim"}, cmd.Name())
}

// suggestion is what a command that there is not may have been meant to be.
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

// sayf writes one line to standard error, whatever it is made of.
func (a *app) sayf(format string, args ...any) {
	_, _ = fmt.Fprintf(a.env.Stderr, "processtracker: %s\n", oneLine(fmt.Sprintf(format, args...))) // there is nowhere to say that this failed
}

// inTurn has one write done after the other: exec writes what its command does, and
// its own lines.
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

// oneLine joins the lines of a text, each of them once.
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

// noEmpty refuses a flag that was given and is empty, as it is where a script's variable
// is: left out, it would mean all of them, or another one.
func noEmpty(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		if err == nil && f.Value.Type() == "string" && f.Name != "dsn" && strings.TrimSpace(f.Value.String()) == "" {
			err = fmt.Errorf("--%s is given, and empty; give a value", f.Name)
			if _, required := f.Annotations[cobra.BashCompOneRequiredFlag]; !required {
				err = fmt.Errorf("%w, or leave it out", err)
			}
		}
	})
	return err
}

// run is a command's work. It notes that the command line was understood: errors
// before that are the user's.
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
