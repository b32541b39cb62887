// Command serve runs a command with database servers beside it. Each server is started once:
//
//	serve [-require a,b] postgres,mysql,mariadb,galera,sqlserver [--] COMMAND [ARG]...
//
// The servers come from package servers, and start concurrently. The command finds them by the environment variables that
// name running servers; another variable says where each server comes from and why others are missing. On MySQL and MariaDB,
// where such a variable also names a database, serve creates one, and drops it when the command ends.
//
// A server that cannot be started is left out, and the command's tests say so. If -require or PROCESSTRACKER_REQUIRE
// names it, serve ends with status 69 before it runs the command. An interrupt or a request to end goes to the
// command; serve waits for it, removes what it started, and ends with the command's exit code.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/processtracker/processtracker-go/conformance/report"
	"github.com/processtracker/processtracker-go/conformance/servers"
)

const (
	exitUsage       = 2
	exitUnavailable = 69 // EX_UNAVAILABLE of sysexits.h
	exitInterrupted = 130
)

func main() {
	signals := make(chan os.Signal, 8)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) { // as nohup does, or a shell that runs serve in the background
			signal.Notify(signals, s)
		}
	}
	os.Exit(run(context.Background(), signals, os.Args[1:]))
}

// order is a parsed command line.
type order struct {
	databases []string
	required  []string
	command   []string
}

const usage = "usage: serve [-require a,b] postgres,mysql,mariadb,galera,sqlserver [--] COMMAND [ARG …]"

func read(args []string) (order, error) {
	var o order
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprintln(flags.Output(), usage) }
	require := flags.String("require", "", "the databases without which the command is not run")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	args = flags.Args()
	if len(args) > 0 {
		o.databases, o.command = report.List(args[0]), args[1:]
	}
	if len(o.command) > 0 && o.command[0] == "--" {
		o.command = o.command[1:]
	}
	if len(o.databases) == 0 || len(o.command) == 0 {
		return o, errors.New(usage)
	}
	o.required = append(report.List(*require), report.Required()...)
	for _, name := range o.databases {
		if !slices.Contains(servers.Names(), name) {
			return o, fmt.Errorf("there are no servers of %q: give some of %s", name, strings.Join(servers.Names(), ","))
		}
	}
	return o, nil
}

func run(ctx context.Context, signals <-chan os.Signal, args []string) int {
	o, err := read(args)
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "serve:", err)
		}
		return exitUsage
	}
	code, err := o.serve(ctx, signals)
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		return max(code, 1)
	}
	return code
}

// serve returns the exit code of the command, or its own if the command was not run.
func (o order) serve(ctx context.Context, signals <-chan os.Signal) (code int, err error) {
	if err := servers.RemoveOrphans(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
	}
	all, err := o.start(ctx, signals)
	defer func() { err = errors.Join(err, all.close()) }()
	if err != nil || all.interrupted {
		return exitInterrupted, err
	}
	for _, why := range all.missing {
		if slices.Contains(o.required, why.Backend) {
			return exitUnavailable, fmt.Errorf("%s is required: %w", why.Backend, why)
		}
	}
	variables, err := servers.Serve(all.found, all.missing)
	if err != nil {
		return 1, err
	}
	return command(signals, o.command, variables)
}
