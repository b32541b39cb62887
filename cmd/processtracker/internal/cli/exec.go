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

The command inherits standard input, output and error. If it fails, the end of its
standard error is recorded with the run as a Process Error. Its environment has these
variables, but not PROCESSTRACKER_DSN and PROCESSTRACKER_RUN, which are secrets:

  PROCESSTRACKER_RUN_ID, PROCESSTRACKER_RUN_NUMBER, PROCESSTRACKER_PROCESS
  PROCESSTRACKER_LOW             with --from-watermark: where its data begins; empty at first
  PROCESSTRACKER_EXEC_DATABASE   which database this is, without its password

With --share-run it also has these two, for this run: the command can register and claim
extracts, count, record errors, and end its own run ("processtracker hold"). A call of
processtracker within the command that names no database never falls back to the default
one.

The command runs in its own process group. processtracker forwards the signals INT,
TERM, HUP, QUIT, USR1 and USR2 to the group, and gives it the terminal as soon as it
reads from it. Processes that the command leaves behind in the group have two seconds to
end; then they get TERM and, ten seconds later, KILL. When processtracker returns, the
group is empty. A daemon with its own session is not part of the group. On Windows a job
object takes the place of the group.

The run holds a lease, which processtracker renews while it lives. If processtracker is
killed, the group is killed, too (by a shell, processtracker-guard, that waits for
this), and the next start of the process ends the run once the lease has expired. If
another program ends the run while the command still works, or if the database cannot be
reached for the length of a lease, the group gets TERM and, ten seconds later, KILL.

If the end cannot be recorded because the database cannot be reached, processtracker
keeps trying for --record-for, prints so each minute, and adds to the run's errors that
the end was recorded late. If another start has ended the run by then, the end is not
recorded. A signal makes processtracker give up.

A process whose last three runs failed goes on hold at its next start. That start exits
with 76, and so does every later one until "processtracker release". The third failure
prints a warning; a release before the next start resets the failures.

With --wait, a refused start prints its reason in one line, waits, and starts as soon as
it can; a signal ends the wait. With --timeout, a command that works for too long gets
TERM and, ten seconds later, KILL; its run fails, and the exit code is 124. With
--retries, a command that fails or takes too long is run again, as a new run, unless a
signal ended it or it cannot be run. Each failure counts towards the hold described
above.

Names that the database does not know are registered. If the start is refused, the
reason is on standard error, and the command does not run. With --json, the last line on
standard error is a JSON document with the outcome.

`

const execExample = `  processtracker exec --process "Teams Load" --type Load --tool bash -- ./load.sh teams.csv
  processtracker exec --process "Teams Load" --after "Teams Extract" -- ./load.sh teams.csv
  processtracker exec --process "Teams Load" --wait 30m --timeout 2h --retries 2 --retry-delay 5m -- ./load.sh teams.csv
  processtracker exec --process "Teams Load" --share-run -- sh -c 'wc -l < teams.csv | xargs processtracker count --records'`

func (a *app) execCommand() *cobra.Command {
	var o startOptions
	var more execOptions
	cmd := &cobra.Command{
		Use:   "exec --process NAME [flags] -- COMMAND [ARGUMENT]...",
		Short: "Run a command as a run of a process",
		Long:  execHelp + execCodesHelp, Example: execExample,
		Args: cobra.MinimumNArgs(1),
		RunE: a.run(func(ctx context.Context, command []string) error { return a.exec(ctx, o, more, command) }),
	}
	o.flags(cmd)
	cmd.Flags().DurationVar(&more.lease, "lease", tracker.DefaultLease, "how long the run counts as alive without a heartbeat; 0 to give it no lease")
	cmd.Flags().DurationVar(&more.recordFor, "record-for", endPatience, "how long to keep trying to record the end while the database cannot be reached")
	cmd.Flags().BoolVar(&more.share, "share-run", false, "let the command work on its run: it gets the run's handle and the DSN")
	cmd.Flags().BoolVarP(&more.verbose, "verbose", "v", false, "print which run starts, and in which database")
	more.patience.flags(cmd.Flags())
	cmd.Flags().SetInterspersed(false) // what follows the command is the command's
	return cmd
}

// execOptions are the flags that exec has and start does not.
type execOptions struct {
	lease, recordFor time.Duration
	share            bool // the run, with the command
	verbose          bool
	patience         patience
}

// exec runs the command and reports the result.
func (a *app) exec(ctx context.Context, o startOptions, more execOptions, command []string) error {
	if more.recordFor < 0 {
		return exit(CodeExecError, fmt.Errorf("--record-for %v is negative; give 0 to try once, or a time such as 1h", more.recordFor))
	}
	if err := errors.Join(more.patience.check(), a.waits(&o)); err != nil {
		return exit(CodeExecError, err)
	}
	// From here on, no signal ends the tool: a signal must not leave a run active.
	signals, stop := catch(unlessIgnored(forwardedSignals()))
	defer stop()
	_, stopBroken := catch(unlessIgnored([]os.Signal{brokenPipe()}))
	defer stopBroken()

	report := execReport{Process: o.process.Name}
	config := leased(o.actor, more.lease)
	config.HeartbeatInterval = a.env.Heartbeat
	err := a.withConfig(ctx, config, func(t *tracker.Tracker) error {
		e := execution{app: a, tracker: t, start: o, execOptions: more, command: command, signals: signals, report: &report}
		return e.attempts(ctx)
	})
	return a.conclude(report, err)
}
