// Command chaos is the experiment of docs/reliability.md: workers load numbered files into a table, each in a
// transaction of its own, while faults strike them, the network and the server; then it checks whether anything was lost,
// done twice, or stuck.
//
//	chaos [-time 10m] [-lease 2s] [-workers 6] sqlite|postgres|mysql|mariadb|sqlserver...
//
// It ends with status 1 if anything was, and with 69 if no server of a database is available.
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
	"time"

	"github.com/processtracker/processtracker-go/conformance/servers"
)

const (
	exitUsage       = 2
	exitUnavailable = 69 // EX_UNAVAILABLE of sysexits.h
)

func main() {
	if task := os.Getenv(workerVar); task != "" {
		os.Exit(beWorker(task))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

// terms are the settings of an experiment.
type terms struct {
	length  time.Duration // how long faults strike
	lease   time.Duration
	workers int
	// The probability that a worker kills or freezes itself at a step.
	kill, stop float64
	at         string // the only step at which it may freeze; any, if empty
}

func run(ctx context.Context, args []string) int {
	var t terms
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.DurationVar(&t.length, "time", 10*time.Minute, "how long faults strike")
	flags.DurationVar(&t.lease, "lease", 2*time.Second, "the runs' lease, at least 500ms")
	flags.IntVar(&t.workers, "workers", 6, "worker processes, at least 2")
	flags.Float64Var(&t.kill, "kill", 0.01, "how likely it is that a worker kills itself at a step")
	flags.Float64Var(&t.stop, "stop", 0.004, "how likely it is that a worker freezes at a step, for longer than a lease")
	flags.StringVar(&t.at, "at", "", "freeze workers at this step only: "+strings.Join(steps(), ", "))
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	if flags.NArg() == 0 || t.lease < 500*time.Millisecond || t.workers < 2 || t.length <= 0 || t.at != "" && !slices.Contains(steps(), t.at) {
		flags.Usage()
		return exitUsage
	}
	status := 0
	for _, name := range flags.Args() {
		if s := experimentOn(ctx, name, t); s > status {
			status = s
		}
	}
	return status
}

// experimentOn runs the experiment on a database and prints its result.
func experimentOn(ctx context.Context, name string, t terms) int {
	place, err := openPlace(ctx, name)
	var unavailable *servers.Unavailable
	if errors.As(err, &unavailable) {
		fmt.Fprintln(os.Stderr, "chaos:", unavailable)
		return exitUnavailable
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		return 1
	}
	fmt.Printf("%s: %v of faults, leases of %v, %d workers\n", place.server, t.length, t.lease, t.workers)
	found, err := newExperiment(place, t).run(ctx)
	if err = errors.Join(err, place.close()); err != nil {
		fmt.Fprintf(os.Stderr, "chaos: %s: %v\n", name, err)
		return 1
	}
	found.print(os.Stdout)
	if len(found.violations) > 0 {
		return 1
	}
	return 0
}
