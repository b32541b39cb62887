package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const watermarkHelp = `Print the watermark of a process: the highest high of its completed runs, at which the
next run continues ("processtracker start --from-watermark").

--set and --clear move the watermark, back or forth. They need a --reason; the history keeps the actor, both values and the reason. The next completed run with a later high moves it on.

` + timesHelp

func (a *app) watermarkCommand() *cobra.Command {
	var to, reason, actor string
	var remove bool
	cmd := &cobra.Command{
		Use: "watermark PROCESS", Short: "Show or move the watermark of a process", Long: watermarkHelp, Args: cobra.ExactArgs(1),
		Example: `  processtracker watermark "Orders Load"
  processtracker watermark "Orders Load" --set 2026-11-20 --reason "load the 20th again"`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			at, err := parseTime("set", to)
			switch {
			case err != nil:
				return err
			case to != "" && at.IsZero():
				return exit(CodeUsage, fmt.Errorf("--set %q is not a time; to remove the watermark, give --clear", to))
			case (to != "" || remove) != (reason != ""):
				return exit(CodeUsage, errors.New("--reason goes with --set TIME or --clear; give both, or neither to see the watermark"))
			}
			return a.withTracker(ctx, actor, func(t *tracker.Tracker) error { return a.watermark(ctx, t, args[0], at, reason) })
		}),
	}
	cmd.Flags().StringVar(&to, "set", "", "the time to move it to")
	cmd.Flags().BoolVar(&remove, "clear", false, "remove it: the next run loads from the beginning")
	cmd.Flags().StringVar(&reason, "reason", "", "the reason; the history keeps it")
	cmd.Flags().StringVar(&actor, "actor", "", "the actor to record (default: your user name)")
	atMostOne(cmd, "set", "clear")
	return cmd
}

// watermark moves the watermark if a reason is given, and prints it.
func (a *app) watermark(ctx context.Context, t *tracker.Tracker, process string, to time.Time, reason string) error {
	if reason != "" {
		if err := t.Admin().SetWatermark(ctx, process, to, reason); err != nil {
			return err
		}
	}
	totals, err := t.Registry().Totals(ctx, process)
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			Process   string `json:"process"`
			Watermark moment `json:"watermark"` // null: there is none
		}{process, moment(totals.Watermark)})
	}
	if totals.Watermark.IsZero() {
		return a.printf("process %q has no watermark\n", process)
	}
	return a.printf("the watermark of process %q is %s\n", process, totals.Watermark.UTC().Format(time.RFC3339Nano))
}
