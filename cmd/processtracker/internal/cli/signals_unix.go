//go:build unix

package cli

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// stopSignals ask the tool to stop.
func stopSignals() []os.Signal { return []os.Signal{syscall.SIGINT, syscall.SIGTERM} }

// forwardedSignals go to the command that exec runs.
func forwardedSignals() []os.Signal {
	return []os.Signal{
		syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2,
	}
}

// brokenPipe would end the tool when whatever reads its standard error goes
// away, and leave the run active. Caught, it makes writing fail instead, and the
// command gets it from its own pipe. Ignoring it would make the command ignore it,
// too.
func brokenPipe() os.Signal { return syscall.SIGPIPE }

// reachedCommand reports whether the command has had the signal from the
// terminal: Ctrl-C and Ctrl-\ go to all processes in the foreground, and a second
// one means something else to many programs.
func reachedCommand(s os.Signal) bool {
	if s != syscall.SIGINT && s != syscall.SIGQUIT {
		return false
	}
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false // no terminal: it was sent to the tool alone
	}
	defer func() { _ = tty.Close() }()
	foreground, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && foreground == unix.Getpgrp()
}
