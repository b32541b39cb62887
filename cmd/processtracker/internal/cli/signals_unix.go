//go:build unix

package cli

import (
	"os"
	"syscall"
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

// endSignals ask a program to end that leaves interrupts to another.
func endSignals() []os.Signal { return []os.Signal{syscall.SIGTERM, syscall.SIGHUP} }
