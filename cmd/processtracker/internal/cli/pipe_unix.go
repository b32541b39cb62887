//go:build unix

package cli

import (
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
)

// catchClosedPipes has a write to a closed pipe fail, and not end the program. Commands
// of exec still get the signal's default action, which they would not if it were ignored.
func catchClosedPipes() (stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGPIPE)
	return func() { signal.Stop(c) }
}

// isClosedPipe reports whether the reader of our output has gone, as head does: the
// database's connections break with the same errno.
func isClosedPipe(err error) bool {
	var path *fs.PathError
	return errors.As(err, &path) && path.Path == os.Stdout.Name() && errors.Is(err, syscall.EPIPE)
}
