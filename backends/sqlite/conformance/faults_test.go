package conformance

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestFaults puts SQLite through what only a file can suffer.
func TestFaults(t *testing.T) {
	backend := underTest()
	backend.Proves = nil
	suite.RunCases(t, backend, "faults", []suite.Case{
		{Name: "S8.1 S3.2 a full disk is an error that says so, undoes the call, and the run goes on when there is space", Test: fullDisk},
	})
}

// fullDisk has a program whose file cannot grow work on another's run.
func fullDisk(t *testing.T, _ *suite.Env) {
	path := filepath.Join(t.TempDir(), "tracker.db")
	tr := on(t, database(t, path, "_pragma=foreign_keys(1)"), true)
	run, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	must(t, err)
	full := on(t, database(t, path, "_pragma=foreign_keys(1)&_pragma=max_page_count(1)"), false) // as large as it is
	same, err := full.Resume(t.Context(), run.ID(), run.Token())
	must(t, err)
	files := make([]tracker.File, 500)
	for i := range files {
		files[i] = tracker.File{Location: "/landing", Name: fmt.Sprint("file ", i)}
	}
	for range 2 { // the connection is as good as before
		_, err = same.RegisterExtracts(t.Context(), files...)
		var e *driver.Error
		if !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_FULL {
			t.Errorf("want code %d, got: %v", sqlite3.SQLITE_FULL, err)
		}
	}
	for e, err := range full.Extracts(t.Context(), tracker.ExtractFilter{}) {
		t.Errorf("there is %v, %v", e.Name, err)
	}
	if all, err := run.RegisterExtracts(t.Context(), files...); err != nil || len(all) != len(files) {
		t.Errorf("with space, %d extracts: %v", len(all), err)
	}
	if err := same.Complete(t.Context(), nil); err != nil { // there is space in the last page
		t.Error(err)
	}
	if err := errors.Join(run.Complete(t.Context(), nil), tr.Close(), full.Close()); err != nil {
		t.Error(err)
	}
}
