package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// patience is the time limit of a command, and how often exec retries it.
type patience struct {
	timeout time.Duration
	retries int64
	delay   time.Duration
}

func (p *patience) flags(flags *pflag.FlagSet) {
	flags.DurationVar(&p.timeout, "timeout", 0, "end the command if it works for longer: TERM, ten seconds later KILL; 0 for no limit")
	flags.Int64Var(&p.retries, "retries", 0, "how often to try again, as a new run, if the command fails")
	flags.DurationVar(&p.delay, "retry-delay", 0, "how long to wait before each retry")
}

func (p *patience) check() error {
	switch {
	case p.timeout < 0:
		return fmt.Errorf("--timeout %v is negative; give 0 for no limit, or a time such as 1h", p.timeout)
	case p.retries < 0:
		return fmt.Errorf("--retries %d is negative; give 0 to try once, or a number such as 2", p.retries)
	case p.delay < 0:
		return fmt.Errorf("--retry-delay %v is negative; give a time such as 5m", p.delay)
	case p.delay > 0 && p.retries == 0:
		return errors.New("--retry-delay is given without --retries; give how often to try again, such as --retries 2")
	}
	return nil
}

// execution is one call of exec: one run, or several if all but the last failed.
type execution struct {
	*app

	tracker *tracker.Tracker
	start   startOptions
	execOptions
	command []string
	signals <-chan os.Signal
	report  *execReport
}

// attempts runs the command. If it fails, attempts retries it as a new run, as often as
// allowed.
func (e *execution) attempts(ctx context.Context) error {
	for left := e.patience.retries; ; left-- {
		started, again, err := e.once(ctx)
		switch {
		case !started && left < e.patience.retries:
			e.sayf("not tried again: %v", err)
			return exit(e.report.last, nil)
		case !again || left == 0 || ctx.Err() != nil:
			return err
		}
		e.sayf("%s; it is tried again%s, %s", e.report.failure, in(e.patience.delay), counted(left, "more time at most", "more times at most"))
		if s := e.pause(ctx); s != "" {
			e.sayf("not tried again, because of %s", s)
			return err
		}
	}
}

func in(delay time.Duration) string {
	if delay == 0 {
		return ""
	}
	return " in " + delay.String()
}

// pause waits before the next attempt. It returns what interrupted the wait, or an
// empty string.
func (e *execution) pause(ctx context.Context) string {
	timer := time.NewTimer(e.patience.delay)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return ""
		case s := <-e.signals:
			if slices.Contains(stopSignals(), s) || slices.Contains(endSignals(), s) {
				return fmt.Sprintf("the signal %q", s)
			}
		case <-ctx.Done():
			return "an interrupt"
		}
	}
}

// once runs the command as one run. It reports whether a run was started, and whether a
// retry may follow.
func (e *execution) once(ctx context.Context) (started, again bool, err error) {
	lost := make(chan error, 1)
	e.start.options.OnLeaseLost = func(why error) { lost <- why }
	run, err := e.startRun(ctx)
	if err != nil {
		return false, false, e.inDatabase(err)
	}
	e.report.started(run)
	if e.verbose {
		e.sayf("run %d of process %q starts, in %s", run.Number(), run.Process(), e.where())
	}
	out := e.runCommand(ctx, e.command, e.childEnviron(run, e.start, e.share), orders{signals: e.signals, lost: lost, timeout: e.patience.timeout})
	err = e.recordEnd(ctx, run, out, e.recordFor, e.signals)
	var ended *tracker.EndedError
	if e.share && errors.As(err, &ended) {
		return true, false, e.report.endedItself(e.app, out, ended)
	}
	if err == nil && out.failure != "" {
		e.sayFailing(ctx, e.tracker, run.Process())
	}
	return true, err == nil && out.mayPass(), e.report.ended(out, err)
}

// startRun starts the run. While it waits because the start is refused, a signal ends
// the wait.
func (e *execution) startRun(ctx context.Context) (*tracker.Run, error) {
	if ends := unlessIgnored(endSignals()); len(ends) > 0 && e.start.options.Wait > 0 {
		waiting, stop := signal.NotifyContext(ctx, ends...)
		defer stop()
		ctx = waiting
	}
	return e.start.start(ctx, e.tracker)
}

// mayPass reports whether a retry may help: the command ran, and failed by itself or exceeded its time
// limit. A retry does not help a command that was terminated, or one that cannot be run.
func (o outcome) mayPass() bool {
	return o.failure != "" && (o.told == "" || o.late) && !slices.Contains([]int{CodeExecError, CodeCannotRun, CodeNotFound}, o.code)
}
