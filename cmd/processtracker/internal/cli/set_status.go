package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const setStatusHelp = `Give a run that "processtracker start" started another status: completed, failed, on hold,
or one of your own, which says whether the run goes on with it:

  processtracker lookup run-status add waiting --active
  processtracker lookup run-status add skipped --ended

A run that has ended keeps its status.`

// setStatusCommand sets any status of a run.
func (a *app) setStatusCommand() *cobra.Command {
	var handle, note, at string
	cmd := &cobra.Command{
		Use: "set-status STATUS", Short: "Give a run a status, which may be one of your own", Long: setStatusHelp, Args: cobra.ExactArgs(1),
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
	cmd.Flags().StringVar(&note, "note", "", "what was out of the ordinary; it is recorded with the run")
	cmd.Flags().StringVar(&at, "ended-at", "", "when the run ended (default: now)")
	cmd.Flags().StringVar(&handle, "run", "", runHelp)
	return cmd
}
