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

The command gets standard input, output and error output as they are. If it fails,
the end of its error output is recorded with the run as a Process Error. It finds
these variables in its environment; PROCESSTRACKER_DSN and PROCESSTRACKER_RUN, which
are not for everybody, are taken out:

  PROCESSTRACKER_RUN_ID, PROCESSTRACKER_RUN_NUMBER, PROCESSTRACKER_PROCESS
  PROCESSTRACKER_LOW             with --from-watermark: where its data begins; empty at first
  PROCESSTRACKER_EXEC_DATABASE   which database this is, without its password

With --share-run they stay, and are this run's: the command can register and claim
extracts, count, record errors, and end its run by itself ("processtracker hold"). A call
of processtracker within the command never takes another database for want of a name.

The command has a process group of its own, which gets the signals that processtracker
gets (INT, TERM, HUP, QUIT, USR1, USR2), and the terminal as soon as it reads from it.
What the command leaves behind in its group has two seconds to end by itself; then it
gets TERM and, ten seconds later, KILL. When processtracker returns, nothing of the
group is left. A daemon with a session of its own is not part of it. On Windows a job
object takes the group's place.

The run holds a lease, which is renewed as long as this program lives. If it is
killed, the group is killed, too (by a shell, processtracker-guard, that waits for that),
and the next start of the process ends the run once the lease has expired. Should the run be ended while the command still
works, or the database be out of reach for as long as a lease, the group gets TERM and,
ten seconds later, KILL.

If the end cannot be recorded, as the database is away, processtracker goes on trying
for --record-for, says so each minute, and notes with the run's errors that it was late.
If another start has taken the run by then, the end is not recorded. A signal gives up.

A process whose last three runs failed goes on hold at its next start, which exits with
76, as all after it do until "processtracker release". The third failure says so; a release
before that start has the failures not count.

With --wait, a start that is refused waits for what is in its way, says in a line what that
is, and goes on as soon as it can; a signal ends the waiting. With --timeout, a command that
works for too long gets TERM and, ten seconds later, KILL; its run fails, and the exit code
is 124. With --retries, a command that fails, or took too long, is run again, as a new run;
not if a signal ended it, or it cannot be run. The failures count as any: see above.

What is named and not known yet is registered. If the start is refused, standard
error says what is in the way, and the command does not run. With --json, the last
line on standard error is a JSON document of what came of it.

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
	cmd.Flags().DurationVar(&more.lease, "lease", tracker.DefaultLease, "for how long the run is taken for alive without being renewed; 0 for ever")
	cmd.Flags().DurationVar(&more.recordFor, "record-for", endPatience, "for how long to go on trying to record the end, while the database is away")
	cmd.Flags().BoolVar(&more.share, "share-run", false, "let the command work on its run: it gets the run's handle, and the DSN")
	cmd.Flags().BoolVarP(&more.verbose, "verbose", "v", false, "say which run starts, and in which database")
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
	err := a.withConfig(ctx, leased(o.actor, more.lease), func(t *tracker.Tracker) error {
		e := execution{app: a, tracker: t, start: o, execOptions: more, command: command, signals: signals, report: &report}
		return e.attempts(ctx)
	})
	return a.conclude(report, err)
}
