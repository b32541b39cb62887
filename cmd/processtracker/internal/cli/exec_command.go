package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// grace is how long a command has to end by itself that was told to, unless the
// environment says another.
const grace = 10 * time.Second

// stragglers is how long error output is read after the command's end, unless
// the environment says another.
const stragglers = 5 * time.Second

// outcome is what became of a command.
type outcome struct {
	code    int
	failure string // why it failed; empty if it succeeded
}

// orders are what the command is told while it runs.
type orders struct {
	signals <-chan os.Signal // to send on
	lost    <-chan error     // the run lost its lease: end
}

// runCommand runs the command to its end. It takes no notice of ctx ending: the
// signal that ended it goes to the command, which ends in its own way.
func (a *app) runCommand(ctx context.Context, run *tracker.Run, command []string, o orders) outcome {
	select {
	case s := <-o.signals:
		return outcome{code: signalCode(s), failure: fmt.Sprintf("%s: not started, because of the signal %q", command[0], s)}
	default:
	}
	end := &tail{size: tailSize}
	c := exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...) //nolint:gosec // to run what the user names is what exec is for
	c.Stdin, c.Stdout, c.Stderr = a.env.Stdin, a.env.Stdout, io.MultiWriter(end, a.env.Stderr)
	c.Env = childEnviron(a.env.Environ, run)
	c.WaitDelay = cmp.Or(a.env.Stragglers, stragglers)
	if err := c.Start(); err != nil {
		a.sayf("cannot start the command: %v", err)
		return outcome{code: startCode(err), failure: fmt.Sprintf("cannot start the command: %v", err)}
	}
	ended := make(chan struct{})
	var forwarding sync.WaitGroup
	forwarding.Go(func() { a.forward(c.Process, o, ended) })
	err := c.Wait()
	close(ended)
	forwarding.Wait()
	if errors.Is(err, exec.ErrWaitDelay) {
		a.sayf("the command has ended; a program that it left behind still writes to standard error, where nobody reads any more")
	}
	return judge(command[0], c.ProcessState, end.String(), err)
}

// childEnviron is the command's environment: without the DSN, as it may hold a
// password, and the handle of another run, and with what identifies the run.
func childEnviron(environ []string, run *tracker.Run) []string {
	var all []string
	for _, variable := range environ {
		if !strings.HasPrefix(variable, DSNVariable+"=") && !strings.HasPrefix(variable, RunVariable+"=") {
			all = append(all, variable)
		}
	}
	return append(all,
		"PROCESSTRACKER_PROCESS="+run.Process(),
		fmt.Sprintf("PROCESSTRACKER_RUN_ID=%d", run.ID()),
		fmt.Sprintf("PROCESSTRACKER_RUN_NUMBER=%d", run.Number()))
}

// startCode tells, as shells do, what was not found from what cannot be run.
func startCode(err error) int {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return CodeNotFound
	}
	return CodeCannotRun
}

// forward sends signals on to the command until it has ended, and ends it when the
// run has lost its lease.
func (a *app) forward(command *os.Process, o orders, ended <-chan struct{}) {
	var patience <-chan time.Time
	for {
		select {
		case <-ended:
			return
		case why := <-o.lost:
			a.send(command, syscall.SIGTERM) // first: nobody may be reading what is said
			a.sayf("the command is told to end: %v", why)
			patience = time.After(cmp.Or(a.env.Grace, grace))
		case <-patience:
			a.send(command, syscall.SIGKILL)
		case s := <-o.signals:
			if !reachedCommand(s) {
				a.send(command, s)
			}
		}
	}
}

func (a *app) send(command *os.Process, s os.Signal) {
	if err := command.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		a.sayf("cannot send the signal %q to the command: %v", s, err)
	}
}

// judge says what a command's end means.
func judge(name string, state *os.ProcessState, end string, wait error) outcome {
	if state == nil {
		return outcome{code: CodeExecError, failure: fmt.Sprintf("%s: cannot be waited for: %v", name, wait)}
	}
	if state.Success() {
		return outcome{}
	}
	out := outcome{code: state.ExitCode(), failure: fmt.Sprintf("%s: %s", name, state)}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		out.code = signalCode(status.Signal())
	}
	if end == "" {
		out.failure += "; nothing on standard error"
	} else {
		out.failure += "; standard error ended:\n" + end
	}
	return out
}

func signalCode(s os.Signal) int {
	if n, ok := s.(syscall.Signal); ok {
		return codeSignal + int(n)
	}
	return CodeError
}
