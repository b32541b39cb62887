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

// jobs is job control. The command has its own process group, but a terminal has one
// foreground group, which is at first this program's: this program receives Ctrl-C and
// sends it on. The command gets the terminal when it first needs it, by reading from it
// or by changing its settings: the kernel stops the command for that. A command that
// does neither leaves the terminal to the pipeline or script that this program is part
// of.
//
// Ctrl-Z stops both, whichever has the terminal, and both continue together.
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

// watchJobs catches the job control signals, which would otherwise stop only this program.
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

// start starts the command. Signals that arrive meanwhile wait until the command's
// group is known.
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

// stopped handles a command that was stopped by a signal. It returns the result of
// moved, which reports whether the command has continued or ended since.
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
	case wants: // from the background, where the kernel stops every reader
		j.lent = true
		_ = unix.Kill(wholeGroup, syscall.SIGTTIN)
	case by == syscall.SIGTSTP, j.held: // as Ctrl-Z would have stopped both
		j.takeBack()
		_ = unix.Kill(wholeGroup, syscall.SIGTSTP)
	}
	// Otherwise, the program that stopped the command will continue it.
	return false
}

// wholeGroup addresses every process in this program's group.
const wholeGroup = 0

// suspend stops the command and then this program. A Go program that has ever caught a
// stop signal is no longer stopped by it, so suspend uses another stop signal for itself.
// The kernel ignores that signal if no parent could continue the program.
func (j *jobs) suspend() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.suspended = true
	j.send(syscall.SIGTSTP)
	j.takeBack()
	_ = unix.Kill(unix.Getpid(), syscall.SIGTTIN)
}

// resume continues the command together with this program.
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

// foreground reports whether the terminal is this program's to hand over.
func (j *jobs) foreground() bool {
	if j.tty == nil {
		return false
	}
	group, err := unix.IoctlGetInt(int(j.tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == j.own
}

// give hands the terminal to the command. Until it is taken back, writing to it must
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
		_ = unix.IoctlSetPointerInt(int(j.tty.Fd()), unix.TIOCSPGRP, j.own) // the terminal may have gone
		signal.Reset(syscall.SIGTTOU)
	}
	j.held = false
}
