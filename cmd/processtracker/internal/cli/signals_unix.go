//go:build unix

package cli

import (
	"os"
	"syscall"
)

// stopSignals ask the tool to stop.
func stopSignals() []os.Signal { return []os.Signal{syscall.SIGINT, syscall.SIGTERM} }

// forwardedSignals are sent to the command that exec runs.
func forwardedSignals() []os.Signal {
	return []os.Signal{
		syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2,
	}
}

// brokenPipe would end the tool when the reader of its standard error goes away, and
// leave the run active. If it is caught, the write fails instead, and the command gets
// the signal from its own pipe. If the tool ignored it, the command would ignore it,
// too.
func brokenPipe() os.Signal { return syscall.SIGPIPE }

// endSignals ask a program to end if it leaves interrupts to another program.
func endSignals() []os.Signal { return []os.Signal{syscall.SIGTERM, syscall.SIGHUP} }
