// Package report collects what was tested where: each test binary appends its cases to a file, and at the end of a test
// run they are read together, so that a backend that nobody tested cannot go unnoticed behind green lines.
package report

import (
	"os"
	"slices"
	"strings"
)

// The environment variables that this package reads.
const (
	// DirVar names the directory for the records of one test run. Without it nothing is recorded.
	DirVar = "PROCESSTRACKER_REPORT_DIR"
	// RequireVar lists, with commas between them, the backends that must have been tested.
	RequireVar = "PROCESSTRACKER_REQUIRE"
)

// The outcomes of a case.
const (
	Passed  = "passed"
	Failed  = "failed"
	Skipped = "skipped"
)

// Record is one case on one backend; or, with an empty Case, something about the backend as a whole, such as that no
// server was to be had.
type Record struct {
	Backend  string   `json:"backend"`            // such as "postgres"
	Server   string   `json:"server,omitempty"`   // its version, such as "15.18"
	Provider string   `json:"provider,omitempty"` // who gave the server, such as "container postgres:17"
	Case     string   `json:"case,omitempty"`     // the test's name
	Rules    []string `json:"rules,omitempty"`    // what the case proves, such as "S2.7"
	Outcome  string   `json:"outcome"`            // Passed, Failed or Skipped
	Why      string   `json:"why,omitempty"`      // for a skip what to install or wait for, for a failure what went wrong
	Seconds  float64  `json:"seconds,omitempty"`
}

// Required returns the backends that RequireVar names.
func Required() []string { return List(os.Getenv(RequireVar)) }

// List splits a comma-separated list. Spaces, capitals, empty parts and repetitions do not count.
func List(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		part = strings.ToLower(strings.TrimSpace(part))
		if part != "" && !slices.Contains(list, part) {
			list = append(list, part)
		}
	}
	return list
}
