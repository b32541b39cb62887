package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
)

const reportHelp = `Write present failures and the runs of the last night to one HTML file, which needs no
other files. Run it from cron, and put the file on a web server or attach it to a mail.`

func (a *app) reportCommand() *cobra.Command {
	var file, zone string
	cmd := &cobra.Command{
		Use: "report --html FILE", Short: "Write a report as one HTML file", Long: reportHelp, Args: cobra.NoArgs,
		Example: "  processtracker report --html night.html --zone Europe/Berlin",
		RunE: a.run(func(ctx context.Context, _ []string) error {
			location, err := time.LoadLocation(zone)
			if err != nil {
				return exit(CodeUsage, fmt.Errorf("--zone %q: %w; give a name such as Europe/Berlin, or UTC", zone, err))
			}
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				return replaceFile(file, func(w io.Writer) error {
					return web.WriteReport(ctx, w, t, web.ReportOptions{Zone: location, Version: version()})
				})
			})
		}),
	}
	cmd.Flags().StringVar(&file, "html", "", "the file to replace (required)")
	cmd.Flags().StringVar(&zone, "zone", "UTC", "the time zone of the times in it")
	if err := cmd.MarkFlagRequired("html"); err != nil {
		panic(err) // the flag was defined two lines above
	}
	return cmd
}
