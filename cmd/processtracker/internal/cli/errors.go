package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func (a *app) errorsCommand() *cobra.Command {
	var filter tracker.ErrorFilter
	var limit int
	var full bool
	cmd := &cobra.Command{
		Use: "errors", Short: "List the errors that runs recorded, newest first", Args: cobra.NoArgs,
		Example: `  processtracker errors --process "Teams Load" --limit 5 --full`,
		Long: `List the errors that runs recorded, newest first. A long description is cut in its
middle, unless --full or --json is given.`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			filter.Limit = fetchLimit(limit)
			l := errorListing()
			if full {
				l.block = errorBlock
			}
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				return show(a, l.among(processes(ctx, t)), limit, t.Errors(ctx, filter))
			})
		}),
	}
	cmd.Flags().StringVar(&filter.Process, "process", "", "only errors of runs of this process")
	cmd.Flags().Var(idFlag{&filter.RunID}, "run", "only errors of the run with this id")
	cmd.Flags().BoolVar(&full, "full", false, "print whole descriptions")
	placeVar(cmd, &filter.Order, &filter.After)
	limitVar(cmd.Flags(), &limit)
	return cmd
}

// longestDescription limits how much of a description a table shows.
const longestDescription = 160

func errorListing() listing[tracker.RunError] {
	return listing[tracker.RunError]{
		things: "errors",
		columns: []table.Column{
			{Title: "ID", Right: true}, {Title: "Process", Least: 16, Wrap: true}, {Title: "Run", Right: true, Key: "run_number"}, {Title: "Type"},
			{Title: "At", Key: "recorded_at", Time: true}, {Title: "Description", Least: 24, Wrap: true, Longest: longestDescription},
		},
		row: func(e tracker.RunError) []string {
			return []string{
				number(e.ID), e.Process, number(e.RunNumber), e.Type, table.Time(e.At), e.Description,
			}
		},
		document: newRunErrorJSON,
		cursor:   tracker.RunError.Cursor,
	}
}

// errorBlock returns an error with its full description.
func errorBlock(e tracker.RunError) string {
	description := strings.TrimRight(table.Clean(e.Description), "\n")
	return fmt.Sprintf("%d  %s, run %d, %s at %s UTC\n    %s\n", e.ID, e.Process, e.RunNumber, e.Type, table.Time(e.At),
		strings.ReplaceAll(description, "\n", "\n    "))
}
