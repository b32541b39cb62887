//go:build !unix

package cli

import "os"

// stopSignals ask the tool to stop.
func stopSignals() []os.Signal { return []os.Signal{os.Interrupt} }

// forwardedSignals are sent to the command that exec runs. The console sends Ctrl-C to
// the command itself; the tool catches it only to survive and record the end of the
// run.
func forwardedSignals() []os.Signal { return []os.Signal{os.Interrupt} }

func brokenPipe() os.Signal { return os.Interrupt }

// endSignals ask a program to end if it leaves interrupts to another program.
func endSignals() []os.Signal { return nil }
