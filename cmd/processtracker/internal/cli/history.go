package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func (a *app) historyCommand() *cobra.Command {
	var filter tracker.HistoryFilter
	var of span
	var limit int
	cmd := &cobra.Command{
		Use: "history", Short: "List the changes of statuses, newest first", Args: cobra.NoArgs,
		Example: `  processtracker history --process "Teams Load" --since 12h
  processtracker history --oldest-first --limit 0 --json`,
		Long: `List the changes of the statuses of runs, extracts and processes, and the watermarks
that were moved by hand, newest first. Without --run and --extract it also lists refused
starts: equal refusals are one line, at the time of the first.

` + pastHelp,
		RunE: a.run(func(ctx context.Context, _ []string) (err error) {
			if filter.Since, filter.Until, err = a.parseSpan(of); err != nil {
				return err
			}
			filter.Limit, filter.Order = fetchLimit(limit), cmp.Or(filter.Order, tracker.NewestFirst)
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				return show(a, historyListing().among(processes(ctx, t)), limit, withRefusals(ctx, t, filter))
			})
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&filter.Process, "process", "", "only changes of this process and its runs, and changes that its runs made")
	flags.Var(idFlag{&filter.RunID}, "run", "only changes of the run with this id, and changes that it made")
	flags.Var(idFlag{&filter.ExtractID}, "extract", "only changes of the extract with this id")
	flags.StringVar(&of.since, "since", "", "only changes made at this time or later")
	flags.StringVar(&of.until, "until", "", "only changes made before this time")
	placeVar(cmd, &filter.Order, &filter.After)
	limitVar(flags, &limit)
	return cmd
}

const timesHelp = `Times without a zone are in UTC: 2026-11-22, "2026-11-22 18:00:00",
2026-11-22T18:00:00+01:00.`

// parseTime parses a time; an empty string means none.
func parseTime(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateTime, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, exit(CodeUsage, fmt.Errorf(`--%s %q is not a time; write 2026-11-22 or "2026-11-22 18:00:00"`, flag, text))
}

func historyListing() listing[pastChange] {
	return listing[pastChange]{
		things: "changes",
		columns: []table.Column{
			{Title: "ID", Right: true}, {Title: "At", Key: "changed_at", Time: true}, {Title: "Process", Least: 16, Wrap: true}, {Title: "Run", Right: true, Key: "run_number"},
			{Title: "Extract", Least: 12, Wrap: true}, {Title: "From"}, {Title: "To"}, {Title: "Actor", Least: 8, Wrap: true}, {Title: "Reason", Least: 12, Wrap: true, Longest: longestDescription},
		},
		row: func(c pastChange) []string {
			run := ""
			if c.RunID != 0 {
				run = number(c.RunNumber)
			}
			id := ""
			if c.ID != 0 {
				id = number(c.ID)
			}
			return []string{
				id, table.Time(c.At), c.Process, run, c.Extract, orTime(c.From, c.FromTime), orTime(c.To, c.ToTime), c.Actor, c.Reason,
			}
		},
		document: newChangeJSON,
		cursor:   func(c pastChange) tracker.Cursor { return c.place },
	}
}

// orTime returns a status, followed by the time if there is one, as for a watermark.
func orTime(status string, at time.Time) string {
	if at.IsZero() {
		return status
	}
	return strings.TrimSpace(status + " " + table.Time(at) + " UTC")
}
