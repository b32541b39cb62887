package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const renewHelp = `Renew the lease of a run that "processtracker start --lease" started. The lease then
lasts for its original length, or this once for --lease if that is longer. A lease is
never shortened. An expired lease can be renewed as long as no start, reap or operator
has ended the run.`

// shortest is a lease too short to extend any other.
const shortest = 10 * time.Millisecond

func (a *app) renewCommand() *cobra.Command {
	var handle string
	var lease time.Duration
	cmd := &cobra.Command{
		Use: "renew", Short: "Renew the lease of a run that \"start\" started", Long: renewHelp, Args: cobra.NoArgs,
		Example: `  processtracker renew
  processtracker renew --lease 2h`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withRun(ctx, handle, "", func(run *tracker.Run) error {
				if lease != 0 {
					return run.ExtendLease(ctx, lease)
				}
				// Resuming the run has renewed its lease, if it has one.
				err := run.ExtendLease(ctx, shortest)
				if errors.Is(err, tracker.ErrInvalid) {
					a.sayf("%v was started without a lease; nothing was renewed", run)
					return nil
				}
				return err
			})
		}),
	}
	cmd.Flags().StringVar(&handle, "run", "", runHelp)
	cmd.Flags().DurationVar(&lease, "lease", 0, "renew the lease for at least this long, such as 2h (default: its original length)")
	return cmd
}
