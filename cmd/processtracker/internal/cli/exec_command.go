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
	"syscall"
	"time"
)

// outcome is the result of a command.
type outcome struct {
	code    int
	failure string // why it failed; empty if it succeeded
	told    string // the signal or reason that may have ended it; empty if it was sent none
	late    bool   // it exceeded its time limit
}

// runCommand runs the command until it and every process in its group have ended. It
// ignores the end of ctx: a signal that cancels ctx is also sent to the command, which
// exits in its own way.
func (a *app) runCommand(ctx context.Context, command, environ []string, o orders) outcome {
	select {
	case s := <-o.signals:
		return outcome{code: signalCode(s), failure: fmt.Sprintf("%s: not started, because of the signal %q", command[0], s)}
	default:
	}
	end := &tail{size: tailSize}
	c := exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...) //nolint:gosec // exec exists to run the user's command
	c.Stdin, c.Stdout = a.env.Stdin, a.env.Stdout
	c.Env = environ
	c.WaitDelay = cmp.Or(a.env.Stragglers, stragglers)
	output, err := readErrors(c, io.MultiWriter(end, a.env.Stderr))
	if err != nil {
		return a.cannotStart(err)
	}
	group, err := startGroup(c)
	output.started()
	if err != nil {
		output.wait(0)
		return a.cannotStart(err)
	}
	defer group.close()
	w := &watch{app: a, group: group}
	if o.timeout > 0 {
		timer := time.NewTimer(o.timeout)
		defer timer.Stop()
		w.over = timer.C
	}
	ended := w.watch(o)
	if !output.wait(cmp.Or(a.env.Stragglers, stragglers)) {
		a.sayf("the command has ended; a program that it left behind, in a session of its own, still writes to standard error, which is no longer read")
	}
	_ = c.Wait() // for its other files; the exit status is already known
	out := judge(command[0], ended, w.why, end.String())
	out.told = w.why
	if out.late = w.late; w.late {
		out.tookTooLong(command[0], ended, w.why)
	}
	return out
}

func (a *app) cannotStart(err error) outcome {
	a.sayf("cannot start the command: %v", err)
	return outcome{code: startCode(err), failure: fmt.Sprintf("cannot start the command: %v", err)}
}

// errorOutput copies the command's standard error to its destination.
type errorOutput struct {
	write, read *os.File
	copied      chan struct{}
}

// readErrors connects a pipe to the command's standard error.
func readErrors(c *exec.Cmd, to io.Writer) (*errorOutput, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.Stderr = write
	o := &errorOutput{write: write, read: read, copied: make(chan struct{})}
	go func() {
		defer close(o.copied)
		_, _ = io.Copy(to, read)
		_ = read.Close() // a command that keeps writing gets an error, because the pipe is no longer read
	}()
	return o, nil
}

// started closes the tool's copy of the write end, once the command has its own or has
// failed to start.
func (o *errorOutput) started() { _ = o.write.Close() }

// wait waits for the end of the output, and reports whether it came in time.
func (o *errorOutput) wait(limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-o.copied:
		return true
	case <-timer.C:
		_ = o.read.Close()
		<-o.copied
		return false
	}
}

// startCode distinguishes, as shells do, a command that was not found from one that
// cannot be executed.
func startCode(err error) int {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return CodeNotFound
	}
	return CodeCannotRun
}

// judge interprets the way in which a command ended.
func judge(name string, e ending, why, output string) outcome {
	if e.err != nil {
		return outcome{code: CodeExecError, failure: fmt.Sprintf("%s: cannot be waited for: %v", name, e.err)}
	}
	if e.code == CodeOK {
		return outcome{}
	}
	out := outcome{code: e.code, failure: name + ": " + e.text}
	if why != "" {
		out.failure += "; " + why
	}
	if output == "" {
		out.failure += "; nothing on standard error"
	} else {
		out.failure += "; standard error ended:\n" + output
	}
	return out
}

// tookTooLong marks a command that exceeded its time limit as failed, whatever its exit code.
func (o *outcome) tookTooLong(name string, e ending, why string) {
	o.code = CodeTimedOut
	if o.failure == "" {
		o.failure = name + ": " + e.text + "; " + why
	}
}

func signalCode(s os.Signal) int {
	if n, ok := s.(syscall.Signal); ok {
		return codeSignal + int(n)
	}
	return CodeError
}
