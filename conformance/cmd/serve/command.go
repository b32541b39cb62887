package main

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// command runs a command until it ends, and returns its exit code. It forwards signals,
// so that the command can end in its own way. At a terminal, an interrupt reaches the
// command twice, because it is in the same process group.
func command(signals <-chan os.Signal, args, variables []string) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
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

// exitCode returns the command's exit code or, as shells do, 128 plus the number of the
// signal that ended it.
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
