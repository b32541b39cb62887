package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const reapHelp = `End the runs whose leases have expired because their programs died or lost the database:
each run fails with the error "lease expired", and its claimed extracts are released.
You rarely need this command, because the next start of a process does the same to its
expired run.

--force ends a run whose lease has not expired, or that has no lease. Make sure first that its program no longer works. From then on, the program cannot write to the run.`

func (a *app) reapCommand() *cobra.Command {
	var which tracker.ReapOptions
	var actor string
	cmd := &cobra.Command{
		Use: "reap", Short: "End runs whose programs died", Long: reapHelp, Args: cobra.NoArgs,
		Example: `  processtracker reap --dry-run
  processtracker reap
  processtracker reap --process "Teams Load" --force --reason "its machine is gone" --yes`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withTracker(ctx, actor, func(t *tracker.Tracker) error {
				if which.Force && !which.DryRun {
					if err := a.confirm(forceQuestion(which)); err != nil {
						return err
					}
				}
				reaped, err := t.Admin().Reap(ctx, which)
				if err == nil || len(reaped) > 0 { // an error may have kept only the others from being ended
					if printing := a.printReaped(reaped, which.DryRun); err == nil {
						err = printing
					}
				}
				for _, run := range reaped {
					if !which.DryRun {
						a.sayFailing(ctx, t, run.Process)
					}
				}
				return err
			})
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&which.Process, "process", "", "only the run of this process")
	flags.Var(idFlag{&which.RunID}, "run-id", "only the run with this id")
	flags.BoolVar(&which.Hold, "hold", false, "put their processes on hold")
	flags.BoolVar(&which.DryRun, "dry-run", false, "print them, and change nothing")
	flags.BoolVar(&which.Force, "force", false, "end the run even if its lease has not expired; needs --process or --run-id")
	flags.StringVar(&which.Reason, "reason", "", "with --force: the reason, recorded with the run")
	flags.StringVar(&actor, "actor", "", "the actor to record (default: your user name)")
	confirmFlag(flags)
	return cmd
}

// forceQuestion asks whether to end a run, which it names.
func forceQuestion(which tracker.ReapOptions) string {
	run := fmt.Sprintf("the run of process %q", which.Process)
	if which.RunID != 0 {
		run = fmt.Sprintf("the run with id %d", which.RunID)
	}
	return "This ends " + run + ", even if its program still works.\nEnd it?"
}

// printReaped prints the runs that were ended, even if an error kept others from being ended.
func (a *app) printReaped(runs []tracker.RunInfo, dry bool) error {
	if a.json {
		documents := make([]any, len(runs))
		for i, run := range runs {
			documents[i] = newRunJSON(run)
		}
		return writeJSON(a.env.Stdout, documents)
	}
	verb := "ended"
	if dry {
		verb = "would end"
	}
	for _, run := range runs {
		if err := a.printf("%s run %d of process %q (id %d), started by %s\n", verb, run.Number, run.Process, run.ID, run.Actor); err != nil {
			return err
		}
	}
	return a.printf("%s %s\n", verb, counted(int64(len(runs)), "run", "runs"))
}
