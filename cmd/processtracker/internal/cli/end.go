package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

const runHelp = "the run's handle (default: " + RunVariable + ", which other users cannot read)"

const problemTypeHelp = `the error's type: "File Error", "Data Error", "Process Error", or one of your own ("processtracker lookup error-type add")`

func (a *app) completeCommand() *cobra.Command {
	var handle string
	cmd := &cobra.Command{
		Use: "complete", Short: "Complete a run that \"start\" started", Args: cobra.NoArgs,
		Example: "  processtracker complete",
		Long:    "Complete a run that \"processtracker start\" started. Completing it again is harmless.",
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withRun(ctx, handle, tracker.Completed, func(run *tracker.Run) error { return run.Complete(ctx, nil) })
		}),
	}
	cmd.Flags().StringVar(&handle, "run", "", runHelp)
	return cmd
}

func (a *app) failCommand() *cobra.Command {
	var handle string
	var problem tracker.ErrorRecord
	cmd := &cobra.Command{
		Use: "fail [DESCRIPTION]", Short: "Fail a run that \"start\" started", Args: cobra.MaximumNArgs(1),
		Example: `  processtracker fail "teams.csv is empty" --type "File Error"`,
		Long: `Fail a run that "processtracker start" started, and record why, if a description is
given. Failing it again is harmless.`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			var problems []tracker.ErrorRecord
			for _, problem.Description = range args {
				problems = append(problems, problem)
			}
			return a.withRun(ctx, handle, tracker.Failed, func(run *tracker.Run) error { return run.Fail(ctx, problems...) })
		}),
	}
	cmd.Flags().StringVar(&handle, "run", "", runHelp)
	cmd.Flags().StringVar(&problem.Type, "type", tracker.ProcessError, problemTypeHelp)
	return cmd
}

func (a *app) errorCommand() *cobra.Command {
	var handle string
	var problem tracker.ErrorRecord
	cmd := &cobra.Command{
		Use: "error DESCRIPTION", Short: "Record an error on a run that goes on", Args: cobra.ExactArgs(1),
		Example: `  processtracker error "2 rows without an id" --type "Data Error"`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			problem.Description = args[0]
			return a.withRun(ctx, handle, "", func(run *tracker.Run) error { return run.RecordError(ctx, problem) })
		}),
	}
	cmd.Flags().StringVar(&handle, "run", "", runHelp)
	cmd.Flags().StringVar(&problem.Type, "type", tracker.ProcessError, problemTypeHelp)
	return cmd
}

// withErrorTypes adds the known types, and the command that adds one, to the error of
// an unknown error type.
func withErrorTypes(err error) error {
	var missing *tracker.NotFoundError
	if errors.As(err, &missing) && missing.What == "error type" {
		return fmt.Errorf("%w; give --type %q, %q or %q, or add it: processtracker lookup error-type add %q",
			err, tracker.FileError, tracker.DataError, tracker.ProcessError, missing.Name)
	}
	return err
}

// handle returns the run from the flag, or from the environment.
func (a *app) handle(given string) (id int64, token string, err error) {
	if given == "" {
		given = a.env.Getenv(RunVariable)
	}
	if given == "" {
		return 0, "", exit(CodeUsage, errors.New("no run is named; give the run's handle with --run or "+RunVariable))
	}
	return parseHandle(given)
}

// onRun resumes a run and calls work, which prints its own result.
func (a *app) onRun(ctx context.Context, handle string, work func(*tracker.Tracker, *tracker.Run) error) error {
	id, token, err := a.handle(handle)
	if err != nil {
		return err
	}
	return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
		run, err := t.Resume(ctx, id, token)
		if err != nil {
			return err
		}
		return work(t, run)
	})
}

// withRun resumes a run, calls work, and prints the run. A run that has already ended
// with the wanted status is no error.
func (a *app) withRun(ctx context.Context, handle string, wanted tracker.RunStatus, work func(*tracker.Run) error) error {
	id, token, err := a.handle(handle)
	if err != nil {
		return err
	}
	return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
		run, err := t.Resume(ctx, id, token)
		if err == nil {
			err = work(run)
		}
		var ended *tracker.EndedError
		ok := errors.As(err, &ended)
		switch {
		case err == nil:
		case ok && ended.Status == wanted:
			a.sayf("run %d of process %q was %s already, at %s UTC; nothing was changed or recorded", ended.Number, ended.Process, ended.Status, table.Time(ended.EndedAt))
		default:
			return withErrorTypes(err)
		}
		info, err := t.RunByID(ctx, id)
		if err != nil {
			return fmt.Errorf("the change was made, but the run cannot be shown: %w", err)
		}
		if wanted == tracker.Failed {
			a.sayFailing(ctx, t, info.Process)
		}
		if a.json {
			return writeJSON(a.env.Stdout, newRunJSON(info))
		}
		return a.printf("run %d of process %q is %s\n", info.Number, info.Process, info.Status)
	})
}
