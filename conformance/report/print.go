package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// How many are named of the cases that were skipped for one reason, and of those that failed on one backend.
const (
	shownCases    = 5
	shownFailures = 20
)

// Print writes the summary as plain text: the table, why something was skipped, what failed, what is wrong with the run
// as a whole (see [Summary.Problems]), and last of all one line with the totals.
func (s *Summary) Print(to io.Writer, problems []string) error {
	var text strings.Builder
	if len(s.Rows) > 0 {
		if err := s.table(&text); err != nil {
			return err
		}
	}
	if len(s.Skips) > 0 {
		text.WriteString("\nSkipped:\n")
	}
	for _, skip := range s.Skips {
		fmt.Fprintf(&text, "  %s: %s%s\n", skip.Backend, oneLine(skip.Why), skip.cases())
	}
	if len(s.Failures) > 0 {
		text.WriteString("\nFailed:\n")
	}
	failures := map[string]int{}
	for _, r := range s.Failures {
		failures[r.Backend]++
		switch n := failures[r.Backend]; {
		case n <= shownFailures:
			fmt.Fprintf(&text, "  %s: %s\n", oneLine(r.Backend+" "+r.Server+" "+r.Case), orDash(oneLine(r.Why)))
		case n == shownFailures+1:
			fmt.Fprintf(&text, "  %s: and more\n", r.Backend)
		}
	}
	if len(problems) > 0 {
		text.WriteString("\n")
	}
	for _, problem := range problems {
		fmt.Fprintf(&text, "error: %s\n", problem)
	}
	fmt.Fprintf(&text, "\n%d passed, %d failed, %d skipped\n", s.Passed, s.Failed, s.Skipped)
	_, err := io.WriteString(to, text.String())
	return err
}

func (s *Summary) table(to io.Writer) error {
	// A tabwriter keeps what it is given until Flush, which has the errors.
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "BACKEND\tSERVER\tPROVIDER\tPASSED\tFAILED\tSKIPPED")
	for _, row := range s.Rows {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%d\n",
			row.Backend, orDash(row.Server), orDash(row.Provider), row.Passed, row.Failed, row.Skipped)
	}
	return table.Flush()
}

// cases says which cases a reason concerns: " (S2.7 one winner, S5.1 identity, and 3 more)".
func (s Skip) cases() string {
	named := s.Cases
	var more string
	if len(named) > shownCases {
		more = fmt.Sprintf(", and %d more", len(named)-shownCases)
		named = named[:shownCases]
	}
	switch {
	case len(named) == 0:
		return ""
	case s.Whole:
		return " (all of it, " + strings.Join(named, ", ") + more + ")"
	}
	return " (" + strings.Join(named, ", ") + more + ")"
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
