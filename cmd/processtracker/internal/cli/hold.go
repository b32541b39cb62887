package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

const holdHelp = `Put a process on hold: it does not start until "processtracker release". An active run
of the process goes on.

Without a PROCESS, end the run that "processtracker start" started, and put its process
on hold: for a program that finds a problem that a person has to look into.`

func (a *app) holdCommand() *cobra.Command {
	return a.holdOrRelease("hold", "the source is being migrated", "Put a process on hold: it does not start until it is released",
		func(ctx context.Context, t *tracker.Tracker, process, reason string) error {
			return t.Admin().Hold(ctx, process, reason)
		},
		"process %q is on hold\n", true)
}

func (a *app) releaseCommand() *cobra.Command {
	return a.holdOrRelease("release", "the source has been migrated", "End the hold of a process",
		func(ctx context.Context, t *tracker.Tracker, process, reason string) error {
			return t.Admin().Release(ctx, process, reason)
		},
		"process %q is no longer on hold\n", false)
}

func (a *app) holdOrRelease(name, sample, short string, change func(context.Context, *tracker.Tracker, string, string) error, done string, held bool) *cobra.Command {
	var reason, actor string
	var handle *string
	cmd := &cobra.Command{
		Use: name + " PROCESS --reason TEXT", Short: short, Args: cobra.ExactArgs(1),
		Example: fmt.Sprintf("  processtracker %s \"Teams Load\" --reason %q", name, sample),
		RunE: a.run(func(ctx context.Context, args []string) error {
			switch {
			case held && len(args) == 0:
				return a.withRun(ctx, *handle, tracker.OnHold, func(run *tracker.Run) error { return run.Hold(ctx, reason, nil) })
			case held && *handle != "":
				return exit(CodeUsage, errors.New("--run names a run, and an argument a process; give the run to end it on hold, or the process"))
			}
			return a.withTracker(ctx, actor, func(t *tracker.Tracker) error {
				process, err := stood(ctx, t, args[0])
				if err != nil {
					return err
				}
				before := process.Hold
				if err := change(ctx, t, args[0], reason); err != nil {
					return err
				}
				switch {
				case held && before != nil:
					a.sayf("process %q was on hold already, since %s UTC (%s): %s; that reason stays, and the new one is not stored",
						args[0], table.Time(before.Since), before.By, before.Reason)
				case !held && before == nil && process.Failures > 0:
					a.sayf("process %q was not on hold yet; its latest %s no longer count", args[0], counted(process.Failures, "failure", "failures"))
				case !held && before == nil:
					a.sayf("process %q was not on hold; nothing was released", args[0])
				}
				if a.json {
					return writeJSON(a.env.Stdout, struct {
						Process string `json:"process"`
						OnHold  bool   `json:"on_hold"`
					}{args[0], held})
				}
				return a.printf(done, args[0])
			})
		}),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "the reason; the history keeps it")
	cmd.Flags().StringVar(&actor, "actor", "", "the actor to record (default: your user name)")
	if held {
		cmd.Use, cmd.Args, cmd.Long = "hold [PROCESS] --reason TEXT", cobra.MaximumNArgs(1), holdHelp
		handle = cmd.Flags().String("run", "", runHelp)
	}
	if err := cmd.MarkFlagRequired("reason"); err != nil {
		panic(err) // the flag was defined two lines above
	}
	return cmd
}

// stood returns the current state of a process. A process that does not exist has no
// hold; the change itself reports that it does not exist.
func stood(ctx context.Context, t *tracker.Tracker, process string) (tracker.ProcessInfo, error) {
	for info, err := range t.Registry().Processes(ctx, tracker.ProcessFilter{Name: process, Limit: 1}) {
		return info, err
	}
	return tracker.ProcessInfo{}, nil
}
