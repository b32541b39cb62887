package sqlite

import (
	"errors"
	"fmt"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A place is the file that a backend has open. It detects that the name leads to
// another file: SQLite would go on with the old one, which no other program sees, and
// writes would be lost. A nil place is an unknown file.
type place struct {
	path   string
	opened os.FileInfo
	// frozen says that the file was opened as immutable. Otherwise SQLite cannot read a
	// file with a write-ahead log in a directory where it may not write.
	frozen bool
}

func (f file) place(frozen bool) (*place, error) {
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f.path, err)
	}
	return &place{path: f.path, opened: info, frozen: frozen}, nil
}

// A movedError says that the file was deleted or replaced. sent says whether statements
// were being sent meanwhile.
type movedError struct {
	path   string
	gone   bool
	sent   bool
	frozen bool
}

func (e *movedError) Error() string {
	what := "was replaced by another"
	switch {
	case e.frozen:
		return e.path + " is being written to, but was opened read-only because its directory is not writable; open it again"
	case e.gone:
		what = "was deleted or moved"
	}
	if e.sent {
		return fmt.Sprintf("%s %s during this write, which may be lost; open the database again", e.path, what)
	}
	return fmt.Sprintf("%s %s while it was open, so nothing was read or written; put it back, or open the database again", e.path, what)
}

// class returns the class of the error.
func (e *movedError) class() dialect.Class {
	if e.sent {
		return dialect.Disconnected
	}
	return dialect.Unreachable
}

// check returns an error if the name no longer leads to the file.
func (p *place) check(sent bool) error {
	if p == nil {
		return nil
	}
	now, err := os.Stat(p.path)
	switch {
	case err != nil || !os.SameFile(now, p.opened):
		return &movedError{path: p.path, gone: err != nil, sent: sent}
	case p.frozen && (!now.ModTime().Equal(p.opened.ModTime()) || now.Size() != p.opened.Size() || hasLog(p.path)):
		return &movedError{path: p.path, sent: sent, frozen: true}
	default:
		return nil
	}
}

// dbMoved classifies SQLite's own error for such a file, which a caller's pool gets.
func dbMoved(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_READONLY_DBMOVED {
		return fmt.Errorf("the database's file was deleted, moved or replaced while it was open, so nothing was written; put it back, or open the database again: %w", err)
	}
	return err
}

// around checks before and after fn, which sends statements that may write.
func (p *place) around(writes bool, fn func() error) error {
	if err := p.check(false); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return dbMoved(err)
	}
	return p.check(writes)
}

// hasLog reports whether a write-ahead log with content lies beside the file.
func hasLog(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}

// A new file is private to its owner, and its write-ahead log has the same permissions.
const mode = 0o600

// create creates the file if it does not exist, and reports whether it is new.
func (f file) create() (bool, error) {
	made, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err == nil {
		return true, made.Close()
	}
	if info, stat := os.Stat(f.path); stat == nil {
		return info.Size() == 0, nil // another program may be creating it at this moment
	}
	return false, f.unmade(err)
}
