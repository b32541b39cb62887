// Command bench runs the benchmarks of the backends, and compares what they measure with the budgets:
//
//	bench [-time 1s] [-rows 1000000] [-databases sqlite,postgres] [-raw FILE] [-doc docs/performance.md] operations|history|profile|others
//	bench -from FILE [-doc docs/performance.md] operations|history|profile|others
//
// Run it in the repository's root. The output of the benchmarks, in benchstat's format, goes to the standard output and to
// the file that -raw names. A table follows that shows whether each budget is met. -doc also writes the table into a page,
// between the comments with its name. -from measures nothing, and makes the table from an earlier output.
//
// Servers come from package servers: command serve, or the variables that name running servers. A database without a
// server is left out. bench ends with status 1 if a benchmark failed. A missed budget is no failure.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if errors.Is(err, errUsage) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// order is a parsed command line.
type order struct {
	what      string
	time      string // in the form of go test -benchtime
	rows      int
	databases []string
	from      string
	raw, doc  string
}

var errUsage = errors.New("usage")

func read(args []string) (order, error) {
	var o order
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&o.time, "time", "1s", "how long each benchmark takes, or how often its operation is done, as 1x")
	flags.IntVar(&o.rows, "rows", 1_000_000, "how many runs and extracts the long history has")
	databases := flags.String("databases", strings.Join(databases(), ","), "what to measure")
	flags.StringVar(&o.from, "from", "", "a file of -raw, instead of measuring")
	flags.StringVar(&o.raw, "raw", "", "a file for what the benchmarks print")
	flags.StringVar(&o.doc, "doc", "", "a page into which to write the table")
	if err := flags.Parse(args); err != nil {
		return o, errUsage
	}
	o.databases, o.what = strings.Split(*databases, ","), flags.Arg(0)
	if flags.NArg() != 1 || runs()[o.what].benchmarks == "" {
		flags.Usage()
		return o, errUsage
	}
	return o, nil
}

// databases are the databases that have budgets, in the order of the tables.
func databases() []string { return []string{"sqlite", "postgres", "mysql", "mariadb"} }

// a benchRun is a measurement that can be selected.
type benchRun struct {
	benchmarks string // a pattern of go test's
	modules    []string
	table      func(results) string
}

func runs() map[string]benchRun {
	backends := []string{"./backends/sqlite/conformance", "./backends/postgres/conformance", "./backends/mysql/conformance"}
	return map[string]benchRun{
		"operations": {"^Benchmark(Operations|Alone|Load|Bulk)$", backends, operationTables},
		"history":    {"^BenchmarkHistory$", backends, historyTables},
		"profile":    {"^BenchmarkProfile$", backends, profileTables},
		"others":     {"^BenchmarkRiver$", []string{"./conformance/bench/river"}, otherTables},
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := read(args)
	if err != nil {
		return err
	}
	var printed bytes.Buffer
	var failed error
	if o.from == "" {
		failed = o.measure(ctx, io.MultiWriter(out, &printed))
	} else {
		content, err := os.ReadFile(o.from)
		if err != nil {
			return err
		}
		printed.Write(content)
	}
	if o.raw != "" {
		failed = errors.Join(failed, os.WriteFile(o.raw, printed.Bytes(), 0o644))
	}
	found, err := parse(&printed)
	if err != nil {
		return errors.Join(failed, err)
	}
	table := runs()[o.what].table(found)
	fmt.Fprintf(out, "\n%s", table)
	if o.doc != "" && failed == nil {
		failed = writeSection(o.doc, o.what, found.provenance()+"\n"+table)
	}
	return failed
}

// measure runs the benchmarks module by module, so that no two are measured at the same time.
func (o order) measure(ctx context.Context, out io.Writer) error {
	r := runs()[o.what]
	args := []string{"test", "-run", "^$", "-bench", r.benchmarks, "-benchtime", o.time, "-timeout", "12h", "-p", "1"}
	for _, module := range r.modules {
		if o.wants(module) {
			args = append(args, module)
		}
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "PROCESSTRACKER_BENCH_ROWS="+strconv.Itoa(o.rows), "PROCESSTRACKER_BENCH_DATABASES="+strings.Join(o.databases, ","))
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	return cmd.Run()
}

// wants reports whether a module measures one of the databases.
func (o order) wants(module string) bool {
	for _, database := range o.databases {
		folder := map[string]string{"mariadb": "mysql"}[database]
		if folder == "" {
			folder = database
		}
		if strings.Contains(module, "/"+folder+"/") || !strings.Contains(module, "/backends/") {
			return true
		}
	}
	return false
}
