//go:build unix

package cli

import (
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
)

// catchClosedPipes makes a write to a closed pipe fail instead of ending the program.
// The commands of exec still get the signal's default action; they would not if it were
// ignored.
func catchClosedPipes() (stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGPIPE)
	return func() { signal.Stop(c) }
}

// isClosedPipe reports whether err means that the reader of our output has gone, as
// head does. It checks the file, too, because a broken database connection has the same
// errno.
func isClosedPipe(err error) bool {
	var path *fs.PathError
	return errors.As(err, &path) && path.Path == os.Stdout.Name() && errors.Is(err, syscall.EPIPE)
}
