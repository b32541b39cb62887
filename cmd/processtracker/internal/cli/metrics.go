package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
)

const metricsHelp = `Print the state of all processes in Prometheus' text format.

With --textfile, write it to a file of node_exporter's textfile collector, such as
/var/lib/node_exporter/processtracker.prom, from cron. The file is replaced at once. If
the database cannot be read, the file stays as it is, and the exit code says so: alert
on the file's age, too (node_textfile_mtime_seconds).`

func (a *app) metricsCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "metrics", Short: "Print metrics for Prometheus", Long: metricsHelp, Args: cobra.NoArgs,
		Example: `  processtracker metrics
  processtracker metrics --textfile tracker.prom`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				write := func(w io.Writer) error { return web.WriteMetrics(ctx, w, t, version()) }
				if file != "" {
					return replaceFile(file, write)
				}
				return write(a.env.Stdout)
			})
		}),
	}
	cmd.Flags().StringVar(&file, "textfile", "", "replace this file instead of printing")
	return cmd
}
