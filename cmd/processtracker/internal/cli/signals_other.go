//go:build !unix

package cli

import "os"

// stopSignals ask the tool to stop.
func stopSignals() []os.Signal { return []os.Signal{os.Interrupt} }

// forwardedSignals go to the command that exec runs. The console gives Ctrl-C to
// the command itself; it is caught here only so that the tool lives to record
// the end of the run.
func forwardedSignals() []os.Signal { return []os.Signal{os.Interrupt} }

func brokenPipe() os.Signal { return os.Interrupt }

// endSignals ask a program to end that leaves interrupts to another.
func endSignals() []os.Signal { return nil }
