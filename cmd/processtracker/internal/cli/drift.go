package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

// driftJSON is one difference from the schema that setup creates.
type driftJSON struct {
	What       string   `json:"what"`
	Breaks     bool     `json:"breaks"` // it keeps the tracker from working
	Remedy     string   `json:"remedy"`
	Statements []string `json:"statements"` // that repair it; none if no statement does
}

func (s *statusJSON) compare(ctx context.Context, b dialect.Backend) error {
	found, err := setup.Compare(ctx, b)
	if err != nil {
		return err
	}
	s.Drift, s.Unseen, s.breaks = []driftJSON{}, found.Unseen, found.Breaks()
	for _, d := range found.Drifts {
		statements := append([]string{}, d.Mend...)
		s.Drift = append(s.Drift, driftJSON{What: d.String(), Breaks: d.Breaks, Remedy: d.Remedy(), Statements: statements})
	}
	return nil
}

// driftText lists the differences, each with its remedy.
func driftText(drifts []driftJSON, unseen []string) string {
	const indent = "          "
	var lines []string
	for _, d := range drifts {
		what := d.What
		if !d.Breaks {
			what += " (does not keep the tracker from working)"
		}
		lines = append(lines, what, "  "+d.Remedy)
		for _, statement := range d.Statements {
			lines = append(lines, "    "+strings.ReplaceAll(statement, "\n", "\n"+indent+"    ")+";")
		}
	}
	if len(drifts) == 0 {
		lines = append(lines, "none")
	}
	if len(unseen) > 0 {
		lines = append(lines, "not compared, as this user cannot see them: "+strings.Join(unseen, ", "))
	}
	return "drift     " + strings.Join(lines, "\n"+indent) + "\n"
}

// drifted returns the error for differences that keep the tracker from working.
func drifted(breaks int) error {
	return fmt.Errorf("the schema is not as setup made it, and %s the tracker from working; the lines under drift say what to do", differencesKeep(breaks))
}

func differencesKeep(n int) string {
	if n == 1 {
		return "1 difference keeps"
	}
	return fmt.Sprintf("%d differences keep", n)
}
