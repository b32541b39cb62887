package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func (a *app) refusalsCommand() *cobra.Command {
	var filter tracker.RefusalFilter
	var of span
	var limit int
	cmd := &cobra.Command{
		Use: "refusals", Short: "List the refused starts, newest first", Args: cobra.NoArgs,
		Example: `  processtracker refusals --process "Teams Load" --since 1d`,
		Long: `List the refused starts: the process, the time, the actor, the reason, and the run, hold
or process that blocked it. Equal refusals are one line, which says how often they
happened. A process keeps its last 20 refusals, and at most 5 of one actor for one
reason.

` + pastHelp,
		RunE: a.run(func(ctx context.Context, _ []string) (err error) {
			if filter.Since, filter.Until, err = a.parseSpan(of); err != nil {
				return err
			}
			filter.Limit = fetchLimit(limit)
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				return show(a, refusalListing().among(processes(ctx, t)), limit, t.Refusals(ctx, filter))
			})
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&filter.Process, "process", "", "only refusals of this process")
	flags.StringVar(&filter.Actor, "actor", "", "only refusals of this actor")
	flags.StringVar(&of.since, "since", "", "only starts that were refused at this time or later")
	flags.StringVar(&of.until, "until", "", "only starts that were refused before this time")
	placeVar(cmd, &filter.Order, &filter.After)
	limitVar(flags, &limit)
	return cmd
}

func refusalListing() listing[tracker.Refusal] {
	return listing[tracker.Refusal]{
		things: "refusals",
		columns: []table.Column{
			{Title: "Process", Least: 16, Wrap: true}, {Title: "Last", Key: "last_at", Time: true}, {Title: "Times", Right: true}, {Title: "First", Key: "first_at", Time: true},
			{Title: "Reason"}, {Title: "Actor", Least: 8, Wrap: true}, {Title: "Name", Least: 8, Wrap: true, Key: "run_name"}, {Title: "Blocked by", Least: 16, Wrap: true, Key: "detail", Longest: longestDescription},
		},
		row: func(r tracker.Refusal) []string {
			return []string{
				r.Process, table.Time(r.Last), number(r.Times), table.Time(r.First), r.Reason.Error(), r.Actor, r.RunName, r.Detail,
			}
		},
		document: newRefusalJSON,
		cursor:   tracker.Refusal.Cursor,
	}
}
