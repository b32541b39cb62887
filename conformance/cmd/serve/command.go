package main

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// command runs a command to its end and returns its exit code. Signals go on to it, so that it can end in its own way: at a
// terminal an interrupt reaches it twice, as it is in the same group of processes.
func command(signals <-chan os.Signal, args, variables []string) (int, error) {
	cmd := exec.Command(args[0], args[1:]...) //nolint:noctx // it is ended by signals only
	cmd.Env = append(os.Environ(), variables...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return exitUsage, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = cmd.Process.Signal(s) // it may have ended meanwhile
		case err := <-done:
			return exitCode(err)
		}
	}
}

// exitCode is the command's, or, as shells have it, 128 and the signal that ended it.
func exitCode(err error) (int, error) {
	var exit *exec.ExitError
	ok := errors.As(err, &exit)
	if !ok {
		return 0, err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}
