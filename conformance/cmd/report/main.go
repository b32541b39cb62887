// Command report prints what a test run proved on which database, and fails if a test failed or a database is missing.
//
//	report [-rules] FILE...
//	report [-rules] -run FILE COMMAND [ARG]...
//	report -pairs FILE...
//
// The files hold what go test -json prints. With -run the command prints it: report shows the progress, keeps
// the stream in the file, and reports when the run ends, even if it is interrupted. -rules adds the table of which rule holds on which database;
// -pairs prints that alone, a line for each rule, database and setting, to compare two runs. The rules are those of
// docs/semantics.md; run the command in the repository's root.
//
// Exit status 1 means that a test failed or did not end, that none ran, or that a database listed in
// PROCESSTRACKER_REQUIRE was not tested; with -rules also that a rule has no case, or was not covered on one of those.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/processtracker/processtracker-go/conformance/report"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

func main() {
	os.Exit(run(os.Args[1:], report.Required(), os.Stdout))
}

// run prints a report and returns the exit status. Errors go to the same writer as the table, so that the end of a log
// shows them.
func run(args, required []string, out io.Writer) int {
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(out)
	rules := flags.Bool("rules", false, "print which rule holds on which database, too")
	pairs := flags.Bool("pairs", false, "print a line for each rule, database and setting, and nothing else")
	file := flags.String("run", "", "run a command that prints what go test -json does, and keep that in the `file`")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() == 0 {
		_, _ = fmt.Fprintln(out, "usage: report [-rules | -pairs] FILE...  or: report [-rules] -run FILE COMMAND [ARG]...")
		return 2
	}
	var r *report.Run
	var err error
	if *file != "" {
		r, err = watch(*file, flags.Args(), out)
	} else {
		r, err = report.Read(flags.Args()...)
	}
	if r == nil {
		_, _ = fmt.Fprintln(out, "error:", err)
		return 1
	}
	if *pairs {
		_, _ = fmt.Fprintln(out, strings.Join(r.Pairs(), "\n"))
		return 0
	}
	problems, printing := r.Print(out, required)
	if *rules && printing == nil {
		var more []string
		more, printing = printRules(out, r, required)
		problems = append(problems, more...)
	}
	if printing != nil || err != nil && len(problems) == 0 { // failed tests say more than an exit status
		problems = append(problems, errors.Join(err, printing).Error())
	}
	if len(problems) > 0 {
		_, _ = fmt.Fprintf(out, "\nerror: %s\n", strings.Join(problems, "\nerror: "))
	}
	_, _ = fmt.Fprintf(out, "\n%s\n", r.Totals())
	return min(len(problems), 1)
}

func printRules(out io.Writer, r *report.Run, required []string) ([]string, error) {
	page, err := os.ReadFile(filepath.Join("docs", "semantics.md"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range suite.Cases() {
		names = append(names, c.Name)
	}
	_, _ = fmt.Fprintln(out)
	return r.PrintRules(out, report.Rules(string(page)), names, required)
}

// watch runs a command and shows its tests. The command itself handles an interrupt,
// which it also gets from the terminal: watch reports the tests up to then.
func watch(file string, command []string, out io.Writer) (*report.Run, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return nil, err
	}
	kept, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM) // no other program sends it to the command
	defer stop()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	stream, err := cmd.StdoutPipe()
	said, err2 := cmd.StderrPipe()
	if err = errors.Join(err, err2); err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(err, kept.Close())
	}
	terminal, every := false, 30*time.Second
	if info, err := os.Stdout.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		terminal, every = true, time.Second
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	r, err := report.Watch(stream, said, kept, out, tick.C, terminal)
	err = errors.Join(err, cmd.Wait(), kept.Close())
	select {
	case <-interrupts:
		_, _ = fmt.Fprintln(out, "\nInterrupted; until then:")
	default:
	}
	return r, err
}
