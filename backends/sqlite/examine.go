package sqlite

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// mostChecked is the size up to which a file is read as a whole.
const mostChecked = 256 << 20

// Examine implements [dialect.Examiner].
func (b *Backend) Examine(ctx context.Context) []dialect.Finding {
	e := dialect.Examination{Conn: b.Conn()}
	var version, encoding, mode string
	if e.Ask(ctx, "server", "SELECT sqlite_version()", &version) {
		e.Add("server", dialect.OK, "SQLite "+version+", in this program", "")
	}
	e.Add("encryption", dialect.OK, "none is needed: it is a file", "")
	if e.Ask(ctx, "encoding", "PRAGMA encoding", &encoding) {
		e.Add("encoding", dialect.OK, encoding, "")
	}
	e.Add("isolation", dialect.OK, "serializable, one writer at a time", "")
	if e.Ask(ctx, "journal", "PRAGMA journal_mode", &mode) {
		if mode == "wal" {
			e.Add("journal", dialect.OK, mode, "")
		} else {
			e.Add("journal", dialect.Warn, mode+": readers wait for the writer", "run: sqlite3 FILE 'PRAGMA journal_mode=wal'")
		}
	}
	var pages, free, size int64
	if !e.Ask(ctx, "size", "PRAGMA page_count", &pages) || !e.Ask(ctx, "size", "PRAGMA freelist_count", &free) || !e.Ask(ctx, "size", "PRAGMA page_size", &size) {
		return e.Findings
	}
	found := dialect.Bytes(pages * size)
	if free > 0 {
		found += fmt.Sprintf(", %s of which are free", dialect.Bytes(free*size))
	}
	if pages >= 1000 && free > pages/2 {
		e.Add("size", dialect.Warn, found, "give the free part back: sqlite3 FILE VACUUM")
	} else {
		e.Add("size", dialect.OK, found, "")
	}
	var sound string
	if pages*size <= mostChecked && e.Ask(ctx, "file", "PRAGMA quick_check(1)", &sound) {
		if sound == "ok" {
			e.Add("file", dialect.OK, "sound", "")
		} else {
			e.Add("file", dialect.Fail, sound, "restore it from a backup; sqlite3 FILE .recover reads what is left")
		}
	}
	return e.Findings
}
