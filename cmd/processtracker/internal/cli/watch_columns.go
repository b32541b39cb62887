package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// surveyedListing lists processes with the fields that the user names, and no others.
func surveyedListing() listing[surveyed] {
	return listing[surveyed]{things: "processes", row: func(surveyed) []string { return nil }, document: newProcessJSON}
}

// checkWatch rejects what a screen of several lists cannot print.
func (a *app) checkWatch() error {
	if a.output.form == outputCSV {
		return exit(CodeUsage, errors.New("--output csv is for one list, and watch prints several; give --output json"))
	}
	ofRuns, err := listedRunListing().names(true)
	if err != nil {
		return err
	}
	ofProcesses, err := surveyedListing().names(true)
	if err != nil {
		return err
	}
	all := slices.Compact(slices.Sorted(slices.Values(append(ofRuns, ofProcesses...))))
	for _, name := range a.output.columns {
		if nearest, missing := (known{names: each(all)}).nearest(name); missing {
			return exit(CodeUsage, fmt.Errorf("--%s %q: runs and processes have no such field%s; they have %s", columnsFlag, name, didYouMean(nearest), strings.Join(all, ", ")))
		}
	}
	return nil
}

// ofThem returns the user's columns that the items of a list have.
func (l listing[T]) ofThem(columns []string) ([]string, error) {
	all, err := l.names(true)
	return slices.DeleteFunc(slices.Clone(columns), func(name string) bool { return !slices.Contains(all, name) }), err
}

// writeChosen writes one list of a screen, with the user's columns.
func writeChosen[T any](a *app, to io.Writer, title string, l listing[T], items []T) error {
	columns, err := l.ofThem(a.output.columns)
	if err != nil || len(columns) == 0 || len(items) == 0 {
		return err
	}
	part := *a
	part.env.Stdout, part.output.columns = to, columns
	if _, err := fmt.Fprintf(to, "\n%s\n", title); err != nil {
		return err
	}
	if err := printTable(&part, l, each(items[:min(len(items), mostShown)])); err != nil {
		return err
	}
	if more := len(items) - mostShown; more > 0 {
		_, err = fmt.Fprintf(to, "… and %d more\n", more)
	}
	return err
}

// writeChosen writes the screen's lists with the user's columns.
func (v view) writeChosen(a *app, to io.Writer) error {
	return errors.Join(
		writeChosen(a, to, "Running", listedRunListing(), v.running), writeChosen(a, to, "Blocked", surveyedListing(), v.blocked),
		writeChosen(a, to, "On hold", surveyedListing(), v.held), writeChosen(a, to, "Failed lately", listedRunListing(), v.failed))
}
