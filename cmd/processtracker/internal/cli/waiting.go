package cli

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// waits makes a start report what it waits for.
func (a *app) waits(o *startOptions) error {
	if o.options.Wait < 0 {
		return exit(CodeUsage, fmt.Errorf("--wait %v is negative; give 0 to be refused at once, or a time such as 30m", o.options.Wait))
	}
	o.options.OnWait = func(w tracker.WaitEvent) {
		a.sayf("waiting, for up to %s: %v", w.Left.Round(time.Second), w.Err)
	}
	return nil
}

const waitHelp = `Wait until a process could start (--for startable), or until its latest run has
completed (--for completed). One line on standard error names the run, hold or parent
that it waits for. The command only reads, so another caller may start the process
first. To start the process as soon as it can start, use "processtracker exec --wait" or
"processtracker start --wait".

Exit codes:
  0  the condition holds
 75  timed out: another run is active
 76  timed out: the process is on hold
 77  timed out: with --for completed, the latest run has not completed, or the process
     never ran; with --for startable, a process that it depends on is running, failed
     or on hold
 78  timed out: a cluster of the process has no room
All other codes are those of every command; see processtracker --help.`

const waitExample = `  processtracker wait "Teams Extract" --for completed --timeout 2h && ./load.sh
  processtracker wait "Teams Load" --for startable --timeout 0s`

func (a *app) waitCommand() *cobra.Command {
	var until string
	var timeout time.Duration
	cmd := &cobra.Command{
		Use: "wait PROCESS", Short: "Wait until a process can start, or has completed",
		Long: waitHelp, Example: waitExample, Args: cobra.ExactArgs(1),
		RunE: a.run(func(ctx context.Context, args []string) error {
			if timeout < 0 {
				return exit(CodeUsage, fmt.Errorf("--timeout %v is negative; give 0 to look once, or a time such as 1h", timeout))
			}
			state, ok := map[string]func(context.Context, *tracker.Tracker, string) (waitState, error){
				"completed": hasCompleted, "startable": canStart,
			}[until]
			if !ok {
				return exit(CodeUsage, fmt.Errorf("--for %q is not known; give completed or startable", until))
			}
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				w := waiting{app: a, limit: timeout, look: func(ctx context.Context) (waitState, error) { return state(ctx, t, args[0]) }}
				return w.wait(ctx, args[0], until)
			})
		}),
	}
	cmd.Flags().StringVar(&until, "for", "completed", "what to wait for: completed or startable")
	cmd.Flags().DurationVar(&timeout, "timeout", time.Hour, "how long to wait at most; 0 to look once")
	return cmd
}

// waitState is the reason for waiting: an exit code, 0 if there is none, and a text
// that changes only if the reason does.
type waitState struct {
	code int
	text string
}

// canStart checks whether a process could start.
func canStart(ctx context.Context, t *tracker.Tracker, process string) (waitState, error) {
	found, err := t.Explain(ctx, process, nil)
	if err != nil || found.Refusal == nil {
		return waitState{}, err
	}
	_, code := refusal(found.Refusal)
	state := waitState{code, fmt.Sprintf("process %q cannot start: %s", process, reasonOf(found.Refusal))}
	if len(found.Roots) > 0 {
		state.text += fmt.Sprintf("; %q is %s (to see why, run: processtracker why %q)", found.Roots[0].Process, found.Roots[0].Kind, process)
	}
	return state, nil
}

// hasCompleted checks whether the latest run of a process has completed.
func hasCompleted(ctx context.Context, t *tracker.Tracker, process string) (waitState, error) {
	p, err := stood(ctx, t, process)
	switch {
	case err != nil:
		return waitState{}, err
	case p.Name == "":
		return waitState{}, &tracker.NotFoundError{What: "process", Name: process}
	case p.Status == tracker.Completed:
		return waitState{}, nil
	case p.LeaseExpired:
		return waitState{CodeDependency, fmt.Sprintf("run %d of process %q is dead: its lease has expired", p.RunNumber, process)}, nil
	case p.Active:
		return waitState{CodeAlreadyRunning, fmt.Sprintf("run %d of process %q is %s, since %s UTC", p.RunNumber, process, p.Status, table.Time(p.StartedAt))}, nil
	case p.Hold != nil:
		return waitState{CodeOnHold, fmt.Sprintf("process %q is on hold: %s", process, p.Hold.Reason)}, nil
	case p.RunNumber == 0:
		return waitState{CodeDependency, fmt.Sprintf("process %q has not run yet", process)}, nil
	default:
		return waitState{CodeDependency, fmt.Sprintf("run %d of process %q has ended as %s", p.RunNumber, process, p.Status)}, nil
	}
}

// waiting polls until there is nothing to wait for.
type waiting struct {
	*app

	limit time.Duration
	look  func(context.Context) (waitState, error)
}

// The sleep between two polls is a random time of at least half of a bound that grows.
const (
	firstLook   = 200 * time.Millisecond
	longestLook = 15 * time.Second
)

func (w *waiting) wait(ctx context.Context, process, until string) error {
	began, said := time.Now(), ""
	for bound := firstLook; ; bound = min(bound*3/2, longestLook) {
		state, err := w.look(ctx)
		switch {
		case away(err) && said != "": // once it waits, it also waits for the database to come back
			state = waitState{CodeError, oneLine(err.Error())}
		case err != nil:
			return err
		}
		left := w.limit - time.Since(began)
		switch {
		case state.code == CodeOK:
			return w.waited(process, until, nil)
		case left <= 0:
			return w.waited(process, until, exit(state.code, fmt.Errorf("not %s after %s: %s", until, time.Since(began).Round(time.Second), state.text)))
		}
		if state.text != said {
			w.sayf("waiting, for up to %s: %s", left.Round(time.Second), state.text)
			said = state.text
		}
		timer := time.NewTimer(min(bound/2+rand.N(bound/2), left)) //nolint:gosec // the time of the next poll need not be unpredictable
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return exit(state.code, fmt.Errorf("interrupted after %s: %s", time.Since(began).Round(time.Second), state.text))
		}
	}
}

// waited prints the result of the wait, and returns its error.
func (w *waiting) waited(process, until string, err error) error {
	if w.json {
		document := struct {
			Process string `json:"process"`
			For     string `json:"for"`
			Met     bool   `json:"met"`
		}{process, until, err == nil}
		return errors.Join(writeJSON(w.env.Stdout, document), err)
	}
	if err != nil {
		return err
	}
	if until == "startable" {
		until = "able to start"
	}
	return w.printf("process %q is %s\n", process, until)
}

// away reports whether the database may be back later.
func away(err error) bool {
	return errors.Is(err, tracker.ErrDisconnected) || errors.Is(err, tracker.ErrBusy)
}
