package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const execHelp = `Start a run of a process, run the command, and complete or fail the run by the
command's exit code, which becomes this program's.

The command gets standard input, output and error output as they are, and the
signals that processtracker gets (INT, TERM, HUP, QUIT, USR1, USR2). If it fails,
the end of its error output is recorded with the run as a Process Error. It finds
these variables in its environment; PROCESSTRACKER_DSN, which may hold a password,
is taken out:

  PROCESSTRACKER_RUN_ID, PROCESSTRACKER_RUN_NUMBER, PROCESSTRACKER_PROCESS

What is named and not known yet is registered. If the start is refused, standard
error says what is in the way, and the command does not run. With --json, the last
line on standard error is a JSON document of what came of it.

`

const execExample = `  processtracker exec --process "Teams Load" --type Load --tool bash -- ./load.sh teams.csv
  processtracker exec --process "Teams Load" --after "Teams Extract" -- ./load.sh teams.csv`

// execOptions are the flags of exec.
type execOptions struct {
	process          tracker.Process
	sources, targets []string
	after            []string
	actor            string
	redefine         bool
}

func (a *app) execCommand() *cobra.Command {
	var o execOptions
	cmd := &cobra.Command{
		Use:   "exec --process NAME [flags] -- COMMAND [ARGUMENT]...",
		Short: "Run a command as a run of a process",
		Long:  execHelp + execCodesHelp, Example: execExample,
		Args: cobra.MinimumNArgs(1),
		RunE: a.run(func(ctx context.Context, command []string) error { return a.exec(ctx, o, command) }),
	}
	flags := cmd.Flags()
	flags.SetInterspersed(false) // what follows the command is the command's
	flags.StringVar(&o.process.Name, "process", "", "the process's name")
	flags.StringVar(&o.process.Type, "type", "", `its type, such as "Extract" or "Load"`)
	flags.StringVar(&o.process.Tool, "tool", "", `what it is written in, such as "bash"`)
	flags.StringVar(&o.process.Frequency, "frequency", "", `how often it runs, such as "daily"`)
	flags.StringArrayVar(&o.sources, "source", nil, "a system that it reads from (repeatable)")
	flags.StringArrayVar(&o.targets, "target", nil, "a system that it writes to (repeatable)")
	flags.StringArrayVar(&o.process.DatasetTypes, "dataset-type", nil, "a kind of data that it works on (repeatable)")
	flags.StringArrayVar(&o.after, "after", nil, "a process that it depends on (repeatable)")
	flags.BoolVar(&o.redefine, "redefine", false, "change the stored type, tool and frequency to those given")
	flags.StringVar(&o.actor, "actor", "", "who starts the run (default: the user)")
	if err := cmd.MarkFlagRequired("process"); err != nil {
		panic(err) // the flag was defined some lines above
	}
	return cmd
}

// exec runs the command and says what came of it.
func (a *app) exec(ctx context.Context, o execOptions, command []string) error {
	o.process.Sources, o.process.Targets = tracker.Systems(o.sources...), tracker.Systems(o.targets...)
	// From here on no signal ends the tool: none may leave a run active.
	signals, stop := catch(unlessIgnored(forwardedSignals()))
	defer stop()
	_, stopBroken := catch(unlessIgnored([]os.Signal{brokenPipe()}))
	defer stopBroken()

	report := execReport{Process: o.process.Name}
	err := a.withTracker(ctx, o.actor, func(t *tracker.Tracker) error {
		run, err := o.start(ctx, t)
		if errors.Is(err, tracker.ErrMismatch) {
			err = fmt.Errorf("%w (--redefine)", err)
		}
		if err != nil {
			return err
		}
		report.started(run)
		out := a.runCommand(ctx, run, command, signals)
		return report.ended(out, a.recordEnd(ctx, run, out))
	})
	return a.conclude(report, err)
}

// startPatience bounds a start, which a signal does not stop: the database might
// have made a run that the tool then would not know of.
const startPatience = time.Minute

func (o execOptions) start(ctx context.Context, t *tracker.Tracker) (*tracker.Run, error) {
	if o.redefine {
		if err := t.Redefine(ctx, o.process); err != nil {
			return nil, err
		}
	}
	for _, parent := range o.after {
		if err := t.AddDependency(ctx, o.process.Name, parent, ""); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, errors.Join(errors.New("interrupted"), err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startPatience)
	defer cancel()
	return t.Start(ctx, o.process)
}
