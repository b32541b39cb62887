package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func (a *app) extractsCommand() *cobra.Command {
	var filter tracker.ExtractFilter
	var status string
	var limit int
	cmd := &cobra.Command{
		Use: "extracts", Short: "List extracts, oldest first", Args: cobra.NoArgs,
		Example: `  processtracker extracts --status ready --location /landing/teams
  processtracker extracts --process "Teams Load" --columns id,name,status`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			filter.Status, filter.Limit = tracker.ExtractStatus(status), fetchLimit(limit)
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				return show(a, heldListing().among(processes(ctx, t), statuses(ctx, t, tracker.ExtractStatuses)), limit, heldExtracts(ctx, t, t.Extracts(ctx, filter)))
			})
		}),
	}
	cmd.AddCommand(a.releaseExtractsCommand())
	flags := cmd.Flags()
	flags.BoolVar(&filter.Unheld, "unheld", false, "only extracts that are loading but that no active run holds")
	flags.StringVar(&filter.Name, "name", "", "only extracts of exactly this name")
	flags.StringVar(&filter.NameContains, "contains", "", "only extracts whose names contain this; no character is special")
	flags.StringVar(&filter.NameGlob, "glob", "", "only extracts whose names match: * is any characters, ? is one")
	flags.StringVar(&filter.Location, "location", "", "only extracts in the location with this path")
	flags.StringVar(&filter.Process, "process", "", "only extracts that runs of this process registered")
	flags.StringVar(&status, "status", "", "only extracts with this status (initializing, ready, loading, loaded, error, …)")
	flags.Var(idFlag{&filter.RunID}, "run", "only extracts that the run with this id worked on")
	placeVar(cmd, &filter.Order, &filter.After)
	limitVar(flags, &limit)
	return cmd
}

func extractListing() listing[tracker.Extract] {
	return listing[tracker.Extract]{
		things: "extracts",
		columns: []table.Column{
			{Title: "ID", Right: true}, {Title: "Name", Least: 16, Wrap: true}, {Title: "Status"}, {Title: "Since", Key: "status_changed_at", Time: true},
			{Title: "Process", Least: 16, Wrap: true}, {Title: "Run", Right: true, Key: "run_number"}, {Title: "Location", Least: 12, Key: "location.path"},
		},
		row: func(e tracker.Extract) []string {
			return []string{
				number(e.ID), e.Name, string(e.Status), table.Time(e.StatusChangedAt),
				e.Process, number(e.RunNumber), e.Location.Path,
			}
		},
		document: newExtractJSON,
	}
}
