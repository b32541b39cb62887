// Command report prints what a test run tested where, and fails when that is not what it should have been.
//
//	report [directory]
//
// The directory, or else PROCESSTRACKER_REPORT_DIR, is where the tests wrote their records. Exit status 1 means that a
// case failed, that a backend listed in PROCESSTRACKER_REQUIRE was not tested, or that there are no records at all.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/processtracker/processtracker-go/conformance/report"
)

func main() {
	os.Exit(run(os.Args[1:], os.Getenv, os.Stdout))
}

// run prints the report and returns the exit status. Errors go where the table goes: who reads only the end of a log
// sees them.
func run(args []string, getenv func(string) string, out io.Writer) int {
	dir := getenv(report.DirVar)
	if len(args) > 0 {
		dir = args[0]
	}
	if dir == "" || len(args) > 1 {
		_, _ = fmt.Fprintf(out, "usage: report [directory]   (default: %s)\n", report.DirVar)
		return 2
	}
	records, err := report.Read(dir)
	if err != nil {
		_, _ = fmt.Fprintln(out, "error:", err)
		return 1
	}
	summary := report.Summarise(records)
	problems := summary.Problems(report.List(getenv(report.RequireVar)))
	if err := summary.Print(out, problems); err != nil || len(problems) > 0 {
		return 1
	}
	return 0
}
