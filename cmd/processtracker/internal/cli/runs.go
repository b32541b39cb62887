package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func (a *app) runsCommand() *cobra.Command {
	var filter tracker.RunFilter
	var status string
	var of span
	var limit int
	cmd := &cobra.Command{
		Use: "runs", Short: "List runs, newest first", Args: cobra.NoArgs,
		Long: `List runs, newest first, each with its duration so far, whether its lease is held or has
expired and, if it has them, its name, its counts of records and its first error.

` + pastHelp,
		Example: "  processtracker runs --since 12h\n  processtracker runs --process \"Teams Load\" --status failed\n  processtracker runs --running",
		RunE: a.run(func(ctx context.Context, _ []string) (err error) {
			if filter.Since, filter.Until, err = a.parseSpan(of); err != nil {
				return err
			}
			filter.Status, filter.Limit = tracker.RunStatus(status), fetchLimit(limit)
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				now, err := t.Now(ctx)
				if err != nil {
					return err
				}
				l := listedRunListing().among(processes(ctx, t), statuses(ctx, t, tracker.RunStatuses))
				return show(a, l, limit, listedRuns(ctx, t, now, filter))
			})
		}),
	}
	cmd.Flags().StringVar(&filter.Process, "process", "", "only runs of this process")
	cmd.Flags().StringVar(&status, "status", "", "only runs with this status (running, completed, failed, …)")
	cmd.Flags().BoolVar(&filter.Active, "running", false, "only active runs, whatever their status")
	cmd.Flags().StringVar(&of.since, "since", "", "only runs that started at this time or later, or so long ago: 12h")
	cmd.Flags().StringVar(&of.until, "until", "", "only runs that started before this time")
	placeVar(cmd, &filter.Order, &filter.After)
	limitVar(cmd.Flags(), &limit)
	return cmd
}

func runListing() listing[tracker.RunInfo] {
	return listing[tracker.RunInfo]{
		things: "runs",
		columns: []table.Column{
			{Title: "ID", Right: true}, {Title: "Process", Least: 16, Wrap: true}, {Title: "Run", Right: true, Key: "number"}, {Title: "Status"},
			{Title: "Lease"}, {Title: "Started", Key: "started_at", Time: true}, {Title: "Took", Right: true}, {Title: "Actor", Least: 8, Wrap: true},
		},
		row: func(r tracker.RunInfo) []string {
			took := "" // only the database's clock knows the duration of an active run
			if !r.Active() {
				took = table.Duration(r.EndedAt.Sub(r.StartedAt))
			}
			return []string{number(r.ID), r.Process, number(r.Number), string(r.Status), leaseState(r), table.Time(r.StartedAt), took, r.Actor}
		},
		document: newRunJSON,
	}
}

// leaseState distinguishes active runs whose program is alive from dead ones. For a run
// without a lease, that is unknown.
func leaseState(r tracker.RunInfo) string {
	switch {
	case !r.Active():
		return ""
	case r.LeaseExpired:
		return "expired"
	case r.LeaseUntil.IsZero():
		return "none"
	default:
		return "held"
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
