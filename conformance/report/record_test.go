package report

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestList(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                         nil,
		" , ":                      nil,
		"sqlite":                   {"sqlite"},
		" SQLite, postgres,sqlite": {"sqlite", "postgres"},
	} {
		if got := List(text); !slices.Equal(got, want) {
			t.Errorf("List(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestRecordsOfManyTestsAtOnceAreReadBackWhole(t *testing.T) {
	t.Parallel()
	const writers, each = 4, 250
	dir := filepath.Join(t.TempDir(), "made", "on", "demand")
	var tests sync.WaitGroup
	for range writers {
		w, err := Create(dir, "postgres") // the same file for each: they are one process
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		})
		for range each {
			tests.Go(func() {
				err := w.Write(Record{Backend: "postgres", Case: "S2.7 one\nwinner", Rules: []string{"S2.7"}, Outcome: Passed})
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	tests.Wait()

	records, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != writers*each {
		t.Fatalf("%d records were read, want %d", len(records), writers*each)
	}
	if r := records[0]; r.Case != "S2.7 one\nwinner" || !slices.Equal(r.Rules, []string{"S2.7"}) {
		t.Errorf("a record came back changed: %+v", r)
	}
	name := fmt.Sprintf("postgres-%d.jsonl", os.Getpid())
	if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
		t.Error(err)
	}
}

func TestWriterWithoutADirectoryRecordsNothing(t *testing.T) {
	t.Setenv(DirVar, "")
	w, err := NewWriter("sqlite")
	if w != nil || err != nil {
		t.Fatalf("NewWriter = %v, %v, want nil, nil", w, err)
	}
	if err := w.Write(Record{}); err != nil {
		t.Error(err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestWriterTakesTheDirectoryFromTheEnvironment(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(DirVar, dir)
	w, err := NewWriter("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(Record{Backend: "sqlite", Case: "S1.1", Outcome: Passed}); err != nil {
		t.Error(err)
	}
	for range 2 { // a second Close is harmless
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
	if records, err := Read(dir); err != nil || len(records) != 1 {
		t.Errorf("Read = %v, %v", records, err)
	}
}

func TestWriterRefusesWhatCannotBeCounted(t *testing.T) {
	t.Parallel()
	w, err := Create(t.TempDir(), "sqlite")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	for want, record := range map[string]Record{
		"without a backend": {Case: "S1.1", Outcome: Passed},
		"no outcome":        {Backend: "sqlite", Case: "S1.1", Outcome: "ok"},
		"needs a reason":    {Backend: "sqlite", Case: "S1.1", Outcome: Skipped},
		"only a case":       {Backend: "sqlite", Outcome: Passed},
	} {
		if err := w.Write(record); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Write(%+v) = %v, want an error with %q", record, err, want)
		}
	}
	for _, name := range []string{"", "../sqlite", `a\b`} {
		if _, err := Create(t.TempDir(), name); err == nil {
			t.Errorf("Create accepts the backend %q", name)
		}
	}
}

func TestReadRefusesBrokenRecords(t *testing.T) {
	t.Parallel()
	good := `{"backend":"sqlite","case":"S1.1","outcome":"passed"}` + "\n"
	for name, content := range map[string]string{
		"cut off":    good + `{"backend":"sqlite","ca`,
		"other JSON": good + "{}\n",
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "sqlite-1.jsonl"), content)
		write(t, filepath.Join(dir, "notes.txt"), "not looked at")
		if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "sqlite-1.jsonl:2") {
			t.Errorf("%s: Read = %v, want an error that names line 2", name, err)
		}
	}
	if records, err := Read(filepath.Join(t.TempDir(), "none")); err != nil || records != nil {
		t.Errorf("Read of no directory = %v, %v", records, err)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
