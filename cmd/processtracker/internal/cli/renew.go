package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const renewHelp = `Renew the lease of a run that "processtracker start --lease" started: from now on, it
is taken for alive for so long again. A lease is never shortened. One that is over can
be renewed as long as nobody has ended the run for it.`

func (a *app) renewCommand() *cobra.Command {
	var handle string
	var lease time.Duration
	cmd := &cobra.Command{
		Use: "renew", Short: "Renew the lease of a run that \"start\" started", Long: renewHelp, Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withRun(ctx, handle, "", func(*tracker.Run) error { return nil }, tracker.Lease(lease))
		}),
	}
	cmd.Flags().StringVar(&handle, "run", "", runHelp)
	cmd.Flags().DurationVar(&lease, "lease", tracker.DefaultLease, "for how long, such as 30m")
	return cmd
}
