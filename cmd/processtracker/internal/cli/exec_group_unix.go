//go:build unix

package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// group is the command that exec runs, in its own process group, together with every
// process that it starts there. A process that leaves the group on purpose, as a daemon
// does by starting a session, is not part of it.
//
// group waits for the command with wait4, not with [exec.Cmd], which does not report
// stopped processes.
type group struct {
	id    int // of the group, and of the command
	jobs  *jobs
	guard *guard
	done  chan ending
}

// startGroup starts the command. On systems that support it, this program adopts the
// orphans of the command, so that it sees them end. The calling goroutine has to call
// close at the end: until then it keeps its thread, because Linux kills the command
// when that thread ends.
func startGroup(c *exec.Cmd) (*group, error) {
	runtime.LockOSThread()
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	endWithParent(c.SysProcAttr)
	adoptOrphans()
	guard, jobs := startGuard(), watchJobs()
	if err := jobs.start(c); err != nil {
		guard.close()
		jobs.close()
		runtime.UnlockOSThread()
		return nil, err
	}
	guard.watch(c.Process.Pid) // a moment late: until then, only the kernel watches over the command
	g := &group{id: c.Process.Pid, jobs: jobs, guard: guard, done: make(chan ending, 1)}
	go g.wait()
	return g, nil
}

// wait waits for the command itself.
func (g *group) wait() {
	var status unix.WaitStatus
	next := func(how int) (bool, error) {
		for {
			var latest unix.WaitStatus
			id, err := unix.Wait4(g.id, &latest, unix.WUNTRACED|unix.WCONTINUED|how, nil)
			if id == g.id {
				status = latest
			}
			if !errors.Is(err, unix.EINTR) {
				return id == g.id, err
			}
		}
	}
	for {
		_, err := next(0)
		// A stopped command may have been continued since, or have ended.
		for more := err == nil && status.Stopped(); more; {
			by := status.StopSignal()
			more = g.jobs.stopped(by, func() bool {
				var moved bool
				moved, err = next(unix.WNOHANG)
				return moved
			}) && err == nil && status.Stopped()
		}
		switch {
		case err != nil:
			g.done <- ending{err: err}
			return
		case !status.Stopped() && !status.Continued():
			g.done <- endingOf(status)
			return
		}
	}
}

func endingOf(status unix.WaitStatus) ending {
	if status.Signaled() {
		text := "signal: " + status.Signal().String()
		if status.CoreDump() {
			text += " (core dumped)"
		}
		return ending{code: signalCode(status.Signal()), text: text}
	}
	return ending{code: status.ExitStatus(), text: fmt.Sprintf("exit status %d", status.ExitStatus())}
}

// ended reports once how the command itself ended.
func (g *group) ended() <-chan ending { return g.done }

// send sends a signal to the whole group.
func (g *group) send(s os.Signal) error {
	number, ok := s.(syscall.Signal)
	if !ok {
		return fmt.Errorf("%v is not a signal of this system", s)
	}
	err := unix.Kill(-g.id, number)
	if errors.Is(err, unix.ESRCH) {
		return nil // nothing is left of it
	}
	return err
}

// left reports whether any process of the group is left after the command itself has
// ended. Where this program adopts orphans, as in a container, it also has to reap
// them.
func (g *group) left() bool {
	for {
		id, err := unix.Wait4(-g.id, nil, unix.WNOHANG, nil)
		if id <= 0 && !errors.Is(err, unix.EINTR) {
			break
		}
	}
	return !errors.Is(unix.Kill(-g.id, 0), unix.ESRCH)
}

func (g *group) close() {
	g.guard.close()
	g.jobs.close()
	runtime.UnlockOSThread()
}
