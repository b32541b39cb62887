package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// made sets a new file up and returns a tracker on it.
func made(t *testing.T, path string) *tracker.Tracker {
	t.Helper()
	b, err := Open(t.Context(), "sqlite:"+filepath.ToSlash(path), &Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	if _, err := setup.Run(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	tr, err := tracker.New(t.Context(), b, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.Close() })
	return tr
}

// TestMovedFile removes or replaces the file while a run is active: later writes would be lost.
func TestMovedFile(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a file that is open cannot be moved there")
	}
	path := filepath.Join(t.TempDir(), "tracker.db")
	tr := made(t, path)
	run, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]func() error{
		"complete": func() error { return run.Complete(t.Context(), nil) },
		"start": func() error {
			_, err := tr.Start(t.Context(), tracker.Process{Name: "Players Load"}, nil)
			return err
		},
		"read": func() error {
			_, err := tr.RunByID(t.Context(), run.ID())
			return err
		},
	}
	wantMoved := func(what string) {
		t.Helper()
		for name, call := range calls {
			if err := call(); !errors.Is(err, tracker.ErrDisconnected) || !strings.Contains(err.Error(), path+" was "+what) {
				t.Errorf("%s with a file that was %s: %v", name, what, err)
			}
		}
	}
	move := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	move(path, path+".old")
	wantMoved("deleted or moved")
	if err := os.WriteFile(path, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantMoved("replaced by another")
	move(path+".old", path)
	if err := run.Complete(t.Context(), nil); err != nil {
		t.Errorf("with the file back: %v", err)
	}
}

// TestANewFileBelongsToItsOwnerAlone looks at who may read a new file and what lies beside it.
func TestANewFileBelongsToItsOwnerAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a file has no such rights there")
	}
	path := filepath.Join(t.TempDir(), "tracker.db")
	made(t, path)
	for _, end := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + end)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path+end, info, err)
		}
	}
	shared := filepath.Join(t.TempDir(), "shared.db")
	if err := errors.Join(os.WriteFile(shared, nil, 0o600), os.Chmod(shared, 0o640)); err != nil { // whatever the umask
		t.Fatal(err)
	}
	made(t, shared)
	if info, err := os.Stat(shared); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("a file that was there: %v, %v", info, err)
	}
}

// TestFilesThatCannotBeMade says of each why, and leaves nothing behind.
func TestFilesThatCannotBeMade(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte(strings.Repeat("x", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{filepath.Join(dir, "no", "tracker.db"), "the directory " + filepath.Join(dir, "no") + " is missing"},
		{filepath.Join(plain, "tracker.db"), plain + " is not a directory"},
		{dir, "it is a directory; name a file in it"},
		{plain, "the file is not an SQLite database"},
		{filepath.Join(dir, strings.Repeat("x", 300)), "too long"},
	} {
		_, err := Open(context.Background(), "sqlite:"+filepath.ToSlash(c.path), &Options{Create: true})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.path, err, c.want)
		}
		if missing := strings.Contains(c.want, "missing"); errors.Is(err, dialect.ErrNoDatabase) != missing {
			t.Errorf("%s: %v", c.path, err)
		}
	}
	if _, err := Open(context.Background(), "sqlite:"+filepath.ToSlash(filepath.Join(dir, "new.db"))+"?prefix=sqlite_", &Options{Create: true}); err == nil {
		t.Error("a prefix that cannot be was taken")
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 1 {
		t.Errorf("left behind: %v, %v", all, err)
	}
}

// TestMovedFileOnAPoolOfTheCallers has SQLite itself notice it, which it does before it
// makes a journal.
func TestMovedFileOnAPoolOfTheCallers(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a file that is open cannot be moved there")
	}
	path := filepath.Join(t.TempDir(), "tracker.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	b, err := New(t.Context(), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := setup.Run(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	tr, err := tracker.New(t.Context(), b, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.Close() })
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	_, err = tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	if !errors.Is(err, tracker.ErrDisconnected) || errors.Is(err, tracker.ErrReadOnly) || !strings.Contains(err.Error(), "moved") {
		t.Errorf("a file that was moved: %v", err)
	}
}
