// Command rules prints which rule of the contract a test run proved on which database.
//
//	rules [-markdown] [directory]
//
// The directory, or else PROCESSTRACKER_REPORT_DIR, is where the tests wrote their records. Exit status 1 means that a
// rule has no case, that one failed anywhere, or that one is not covered on a backend listed in PROCESSTRACKER_REQUIRE
// (on a cluster, one in which transactions can meet).
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/processtracker/processtracker-go/conformance/report"
	"github.com/processtracker/processtracker-go/conformance/rules"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

func main() {
	os.Exit(run(os.Args[1:], os.Getenv, os.Stdout))
}

// run prints the table and returns the exit status. Errors go where the table goes: who reads only the end of a log sees
// them.
func run(args []string, getenv func(string) string, out io.Writer) int {
	flags := flag.NewFlagSet("rules", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		_, _ = fmt.Fprintf(out, "usage: rules [-markdown] [directory]   (default: %s)\n", report.DirVar)
	}
	markdown := flags.Bool("markdown", false, "")
	dir := getenv(report.DirVar)
	err := flags.Parse(args)
	if flags.NArg() > 0 {
		dir = flags.Arg(0)
	}
	if err == nil && (dir == "" || flags.NArg() > 1) {
		flags.Usage()
	}
	if err != nil || dir == "" || flags.NArg() > 1 {
		return 2
	}
	records, err := report.Read(dir)
	if err != nil {
		_, _ = fmt.Fprintln(out, "error:", err)
		return 1
	}
	table := rules.Tabulate(rules.All(), suite.Cases(), records)
	problems := table.Problems(report.List(getenv(report.RequireVar)))
	write := table.Print
	if *markdown {
		write = table.Markdown
	}
	if err := write(out, problems); err != nil || len(problems) > 0 {
		return 1
	}
	return 0
}
