package listing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Local lists directories of the local file system, with all directories below
// them. A path may be written as a file:// URL.
//
// Hidden files are listed, and so are symbolic links to files, with the sizes of the
// files. Links to directories are not followed, unless the location itself is one: they
// may lead anywhere, also back. Local skips broken links, anything that is neither a
// file nor a directory (pipes, sockets, devices), and files that are removed during the
// listing. It returns an error if it may not read a directory.
type Local struct{}

// batch is how many entries of a directory are read at once.
const batch = 1000

// List implements [Lister].
func (Local) List(ctx context.Context, location string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		root, err := directory(location)
		if err == nil {
			w := walker{ctx: ctx, root: root, yield: yield}
			err = w.walk("")
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(Object{}, err)
		}
	}
}

// directory returns the path of a location.
func directory(location string) (string, error) {
	scheme, _, isURL := strings.Cut(location, "://")
	if !isURL || len(scheme) < 2 { // one letter is a drive
		return location, nil
	}
	u, err := url.Parse(location)
	switch {
	case !strings.EqualFold(scheme, "file"):
		return "", fmt.Errorf("list %q: it is not in the local file system; list it with its store's lister", location)
	case err != nil:
		return "", fmt.Errorf("list %q: %w", location, err)
	case u.Host != "" && u.Host != "localhost" || strings.ContainsAny(location, "?#"):
		return "", fmt.Errorf("list %q: it is not a local directory; write file:///, the path, %%23 for # and %%3F for ?", location)
	}
	path := u.Path
	if filepath.VolumeName(strings.TrimPrefix(path, "/")) != "" { // file:///C:/landing
		path = strings.TrimPrefix(path, "/")
	}
	return filepath.FromSlash(path), nil
}

// errStop ends a walk whose caller has stopped.
var errStop = errors.New("stop")

type walker struct {
	ctx   context.Context //nolint:containedctx // lives as long as one call
	root  string
	yield func(Object, error) bool
}

// walk yields the files below a directory, which is named relative to the root,
// with a slash at its end.
func (w *walker) walk(dir string) (err error) {
	d, err := os.Open(filepath.Join(w.root, filepath.FromSlash(dir)))
	if errors.Is(err, fs.ErrNotExist) && dir != "" {
		return nil // removed meanwhile
	} else if err != nil {
		return fmt.Errorf("list %q: %w", w.root, err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	for {
		entries, err := d.ReadDir(batch)
		for _, entry := range entries {
			if err := w.visit(d.Name(), dir, entry); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, fs.ErrNotExist) && dir != "":
			return nil
		case err != nil:
			return fmt.Errorf("list %q: %w", w.root, err)
		}
	}
}

func (w *walker) visit(path, dir string, entry fs.DirEntry) error {
	if err := w.ctx.Err(); err != nil {
		return fmt.Errorf("list %q: %w", w.root, err)
	}
	if entry.IsDir() {
		return w.walk(dir + entry.Name() + "/")
	}
	look := entry.Info
	if entry.Type()&fs.ModeSymlink != 0 {
		look = func() (fs.FileInfo, error) { return os.Stat(filepath.Join(path, entry.Name())) }
	}
	info, err := look()
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ELOOP), errors.Is(err, syscall.ENOTDIR):
		return nil
	case err != nil:
		return fmt.Errorf("list %q: %w", w.root, err)
	case !info.Mode().IsRegular():
		return nil
	}
	size := info.Size()
	if !w.yield(Object{Name: dir + entry.Name(), Size: &size, Modified: info.ModTime()}, nil) {
		return errStop
	}
	return nil
}
