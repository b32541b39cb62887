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
	var limit int
	cmd := &cobra.Command{
		Use: "runs", Short: "List runs, the newest first", Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			filter.Status, filter.Limit = tracker.RunStatus(status), fetchLimit(limit)
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				return show(a, runListing().among(processes(ctx, t), statuses(ctx, t, tracker.RunStatuses)), limit, t.Runs(ctx, filter))
			})
		}),
	}
	cmd.Flags().StringVar(&filter.Process, "process", "", "only runs of this process")
	cmd.Flags().StringVar(&status, "status", "", "only runs with this status (running, completed, failed, …)")
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
			took := "" // of one that goes on, only the database's clock knows
			if !r.Active() {
				took = table.Duration(r.EndedAt.Sub(r.StartedAt))
			}
			return []string{number(r.ID), r.Process, number(r.Number), string(r.Status), leaseState(r), table.Time(r.StartedAt), took, r.Actor}
		},
		document: newRunJSON,
	}
}

// leaseState tells an active run whose program is alive from a dead one; of a run
// without a lease nobody knows.
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
