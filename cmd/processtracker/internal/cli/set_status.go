package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const setStatusHelp = `Set the status of a run that "processtracker start" started: completed, failed, on hold,
or one of your own. Your own status says whether the run goes on:

  processtracker lookup run-status add waiting --active
  processtracker lookup run-status add skipped --ended

A run that has ended keeps its status.`

// setStatusCommand sets any status of a run.
func (a *app) setStatusCommand() *cobra.Command {
	var handle, note, at string
	cmd := &cobra.Command{
		Use: "set-status STATUS", Short: "Set the status of a run, which may be one of your own", Long: setStatusHelp, Args: cobra.ExactArgs(1),
		Example: `  processtracker set-status skipped --note "no file today"`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			ended, err := parseTime("ended-at", at)
			if err != nil {
				return err
			}
			status := tracker.RunStatus(args[0])
			return a.withRun(ctx, handle, status, func(run *tracker.Run) error {
				return run.SetStatus(ctx, status, &tracker.EndOptions{EndedAt: ended, Note: note})
			})
		}),
	}
	cmd.Flags().StringVar(&note, "note", "", "a note about something unusual, recorded with the run")
	cmd.Flags().StringVar(&at, "ended-at", "", "when the run ended (default: now)")
	cmd.Flags().StringVar(&handle, "run", "", runHelp)
	return cmd
}
