package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// replaceFile writes a file under another name in its directory, and renames that: whoever
// reads the file finds the old content or the new one, never a part.
func replaceFile(path string, write func(io.Writer) error) (err error) {
	var content bytes.Buffer
	if err := write(&content); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(file.Name()))
		}
	}()
	if _, err := file.Write(content.Bytes()); err != nil {
		return errors.Join(err, file.Close())
	}
	// What reads it runs as another user: a collector of metrics, a web server.
	if err := errors.Join(file.Chmod(0o644), file.Close()); err != nil { //nolint:gosec // as above
		return err
	}
	return os.Rename(file.Name(), path)
}
