package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// RunVariable names the environment variable that holds the handle of a run.
const RunVariable = "PROCESSTRACKER_RUN"

const startHelp = `Start a run of a process and print its handle, a single word. With the handle, other
commands work on the run and end it:

  PROCESSTRACKER_RUN=$(processtracker start --process "Teams Load") || exit
  export PROCESSTRACKER_RUN
  if ./load.sh; then
      processtracker complete
  else
      code=$?
      processtracker fail
      exit $code
  fi

The handle is the right to write to the run, so keep it secret: other users can read a
command line, but not the environment. Your script must complete or fail the run, or the
run counts as running; "processtracker exec" does this for you. With --lease, the run
counts as dead if no command ends it, works on it or renews it ("processtracker renew")
for that long. Without --lease, it stays active until an operator ends it
("processtracker reap --force").

Names that the database does not know are registered. If the start is refused, the
reason is on standard error, and nothing is printed. With --wait, a refused start waits
first.

`

// startOptions holds the flags that say what to start.
type startOptions struct {
	process          tracker.Process
	sources, targets []string
	actor            string
	options          tracker.StartOptions
	after            map[string]*[]string // by flag name
}

// afterFlags are the flags that name processes to wait for.
func afterFlags() []struct {
	name, help string
	options    tracker.DependencyOptions
} {
	return []struct {
		name, help string
		options    tracker.DependencyOptions
	}{
		{"after", "a process that it depends on (repeatable)", tracker.DependencyOptions{}},
		{"after-hard", "a process that must have run before (repeatable)", tracker.DependencyOptions{Kind: tracker.Hard}},
		{"after-soft", "a process that never blocks the start: the run only records its state (repeatable)", tracker.DependencyOptions{Kind: tracker.Soft}},
		{"after-fresh", "a process that must have completed since this one last did (repeatable)", tracker.DependencyOptions{Freshness: tracker.Fresh}},
	}
}

func (o *startOptions) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.process.Name, "process", "", "the process's name")
	flags.StringVar(&o.process.Type, "type", "", `its type, such as "Extract" or "Load"`)
	flags.StringVar(&o.process.Tool, "tool", "", `the tool that it is written with, such as "bash"`)
	flags.StringVar(&o.process.Frequency, "frequency", "", `how often it runs, such as "daily"`)
	flags.StringArrayVar(&o.sources, "source", nil, "a system that it reads from (repeatable)")
	flags.StringArrayVar(&o.targets, "target", nil, "a system that it writes to (repeatable)")
	flags.StringArrayVar(&o.process.DatasetTypes, "dataset-type", nil, "a dataset type that it works on (repeatable)")
	o.after = map[string]*[]string{}
	for _, f := range afterFlags() {
		o.after[f.name] = flags.StringArray(f.name, nil, f.help)
	}
	flags.StringVar(&o.options.Name, "name", "", "the run's business key, such as the day it loads; only one run of this name completes")
	flags.BoolVar(&o.options.FromWatermark, "from-watermark", false, "begin the run's data where that of the last completed run ended")
	flags.Int64Var(&o.options.Needs.Memory, "needs-memory", 0, "the memory that the run takes from the clusters of its process")
	flags.Int64Var(&o.options.Needs.Processing, "needs-processing", 0, "the processing that the run takes from the clusters of its process")
	flags.BoolVar(&o.options.HoldExpired, "hold-expired", false, "if the previous run is dead, put the process on hold instead of starting")
	flags.BoolVar(&o.options.Redefine, "redefine", false, "change the stored type, tool and frequency to the given ones")
	flags.DurationVar(&o.options.Wait, "wait", 0, "how long to wait while the start is refused; 0 not to wait")
	flags.StringVar(&o.actor, "actor", "", "the actor to record with the run (default: your user name)")
	if err := cmd.MarkFlagRequired("process"); err != nil {
		panic(err) // the flag was defined some lines above
	}
}

// startPatience limits a start, which a signal does not stop: otherwise the database
// might have created a run that the tool doesn't know of.
const startPatience = time.Minute

func (o *startOptions) start(ctx context.Context, t *tracker.Tracker) (*tracker.Run, error) {
	o.process.Sources, o.process.Targets = tracker.SystemRefs(o.sources...), tracker.SystemRefs(o.targets...)
	o.options.Dependencies = o.dependencies()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("interrupted before the start: %w", err)
	}
	if o.options.Wait == 0 { // a start that waits limits its attempts itself; others do not
		uninterrupted, cancel := context.WithTimeout(context.WithoutCancel(ctx), startPatience)
		defer cancel()
		ctx = uninterrupted
	}
	run, err := t.Start(ctx, o.process, &o.options)
	if errors.Is(err, tracker.ErrMismatch) {
		err = fmt.Errorf("%w, which --redefine does here", err)
	}
	return run, err
}

// dependencies returns the dependencies that the flags define. If several flags name a
// parent, there is one for each flag.
func (o *startOptions) dependencies() []tracker.DependencyOn {
	var all []tracker.DependencyOn
	for _, f := range afterFlags() {
		for _, parent := range *o.after[f.name] {
			all = append(all, tracker.DependencyOn{Parent: parent, DependencyOptions: f.options})
		}
	}
	return all
}

func (a *app) startCommand() *cobra.Command {
	var o startOptions
	var lease time.Duration
	cmd := &cobra.Command{
		Use: "start --process NAME", Short: "Start a run, for other commands to work on", Args: cobra.NoArgs,
		Example: `  processtracker start --process "Teams Load" --type Load --lease 2h
  processtracker start --process "Orders Load" --name 2026-11-29 --after "Teams Extract" --wait 30m`,
		Long: startHelp + startCodesHelp,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			if err := a.waits(&o); err != nil {
				return err
			}
			return a.withConfig(ctx, leased(o.actor, lease), func(t *tracker.Tracker) error { return a.start(ctx, t, o) })
		}),
	}
	o.flags(cmd)
	cmd.Flags().DurationVar(&lease, "lease", 0, "how long the run counts as alive without a heartbeat; 0 to give it no lease")
	return cmd
}

// start prints the handle of the run that it has started, or the reason of the refusal.
func (a *app) start(ctx context.Context, t *tracker.Tracker, o startOptions) error {
	_, stop := catch(unlessIgnored([]os.Signal{brokenPipe()})) // if the handle is not read, the write has to fail
	defer stop()
	run, err := o.start(ctx, t)
	if err != nil {
		refused, code := refusal(err)
		if refused == nil {
			return err
		}
		err = a.inDatabase(err)
		if a.json {
			if writing := writeJSON(a.env.Stdout, startJSON{Process: o.process.Name, Refusal: refused}); writing != nil {
				return errors.Join(err, writing)
			}
		}
		return exit(code, err)
	}
	if a.json {
		handle, id, number := handleOf(run), run.ID(), run.Number()
		err = writeJSON(a.env.Stdout, startJSON{
			Run: &handle, Process: run.Process(), RunID: &id, RunNumber: &number, StartedAt: moment(run.StartedAt()), Low: moment(run.Low()),
		})
	} else {
		err = a.printf("%s\n", handleOf(run))
	}
	if err != nil {
		return errors.Join(err, run.Close()) //nolint:contextcheck // nothing else could end the run
	}
	return nil
}

func handleOf(run *tracker.Run) string { return fmt.Sprintf("%d:%s", run.ID(), run.Token()) }

// parseHandle parses the output of start. Its error does not repeat the handle, which
// is a secret.
func parseHandle(handle string) (id int64, token string, err error) {
	number, token, _ := strings.Cut(strings.TrimSpace(handle), ":")
	id, err = strconv.ParseInt(number, 10, 64)
	if err != nil || token == "" {
		return 0, "", exit(CodeUsage, errors.New(`the run's handle is malformed; give the handle that "processtracker start" printed`))
	}
	return id, token, nil
}
