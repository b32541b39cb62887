//go:build unix

package cli

import (
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// jobs is job control. The command has a process group of its own, and the terminal
// knows one group in the foreground, which is this program's at first: Ctrl-C comes
// here, and is sent on. The command gets the terminal when it first asks for it, by
// reading from it or changing its settings: the kernel stops it for that. So a command
// that does neither leaves the terminal to the pipeline or the script that this program
// is part of.
//
// Ctrl-Z stops both, whoever of them has the terminal, and both go on together.
type jobs struct {
	tty     *os.File // nil without a terminal
	own     int      // this program's process group
	signals chan os.Signal

	mu    sync.Mutex
	group int  // the command's, 0 before it is started and after it has ended
	lent  bool // the command has been given the terminal
	held  bool // and has it now

	suspended bool // with this program
}

// watchJobs catches the signals of job control, which would stop this program alone.
func watchJobs() *jobs {
	j := &jobs{own: unix.Getpgrp(), signals: make(chan os.Signal, 4)}
	if tty, err := os.OpenFile("/dev/tty", os.O_RDWR|unix.O_NOCTTY, 0); err == nil {
		j.tty = tty
	}
	if caught := unlessIgnored([]os.Signal{syscall.SIGTSTP, syscall.SIGCONT}); len(caught) > 0 {
		signal.Notify(j.signals, caught...)
	}
	go func() {
		for s := range j.signals {
			if s == syscall.SIGCONT {
				j.resume()
			} else {
				j.suspend()
			}
		}
	}()
	return j
}

// start starts the command. Whatever comes meanwhile waits until it is known.
func (j *jobs) start(c *exec.Cmd) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := c.Start(); err != nil {
		return err
	}
	j.group = c.Process.Pid
	return nil
}

// close takes the terminal back.
func (j *jobs) close() {
	signal.Stop(j.signals)
	close(j.signals)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.group = 0
	j.takeBack()
	if j.tty != nil {
		_ = j.tty.Close()
	}
}

// stopped is called when the command was stopped by a signal. It reports what moved
// does when it is called: whether the command has gone on, or ended, since.
func (j *jobs) stopped(by syscall.Signal, moved func() bool) bool {
	wants := by == syscall.SIGTTIN || by == syscall.SIGTTOU
	j.mu.Lock()
	defer j.mu.Unlock()
	if moved() {
		return true
	}
	switch {
	case j.suspended: // by this program
	case wants && j.foreground():
		j.give()
		j.send(syscall.SIGCONT)
	case wants: // from the background, which stops all who read there
		j.lent = true
		_ = unix.Kill(wholeGroup, syscall.SIGTTIN)
	case by == syscall.SIGTSTP, j.held: // as Ctrl-Z would have stopped all of them
		j.takeBack()
		_ = unix.Kill(wholeGroup, syscall.SIGTSTP)
	}
	// Otherwise somebody has stopped it who will have it go on.
	return false
}

// wholeGroup stands for the processes of this program's group.
const wholeGroup = 0

// suspend stops the command and this program, which was told to. A program in Go that
// has ever caught a signal cannot be stopped by it any more, so that another one of the
// sort does it. The kernel leaves it out where nobody could have the program go on.
func (j *jobs) suspend() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.suspended = true
	j.send(syscall.SIGTSTP)
	j.takeBack()
	_ = unix.Kill(unix.Getpid(), syscall.SIGTTIN)
}

// resume has the command go on with this program.
func (j *jobs) resume() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.suspended = false
	if j.lent && j.foreground() {
		j.give()
	}
	j.send(syscall.SIGCONT)
}

func (j *jobs) send(s syscall.Signal) {
	if j.group != 0 {
		_ = unix.Kill(-j.group, s) // it may have ended
	}
}

// foreground reports whether the terminal is this program's to give.
func (j *jobs) foreground() bool {
	if j.tty == nil {
		return false
	}
	group, err := unix.IoctlGetInt(int(j.tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == j.own
}

// give gives the terminal to the command. Until it is taken back, writing to it must
// not stop this program.
func (j *jobs) give() {
	if j.group == 0 {
		return
	}
	if err := unix.IoctlSetPointerInt(int(j.tty.Fd()), unix.TIOCSPGRP, j.group); err == nil {
		j.lent, j.held = true, true
		signal.Ignore(syscall.SIGTTOU)
	}
}

func (j *jobs) takeBack() {
	if j.held {
		_ = unix.IoctlSetPointerInt(int(j.tty.Fd()), unix.TIOCSPGRP, j.own) // the terminal may be gone
		signal.Reset(syscall.SIGTTOU)
	}
	j.held = false
}
