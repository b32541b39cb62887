package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Writer appends records to the file of one backend and one test binary. It may be used by many tests at once. A nil
// Writer is one that records nothing.
type Writer struct {
	mu   sync.Mutex
	file *os.File
}

// NewWriter returns a Writer to the directory that DirVar names, or nil when it names none.
func NewWriter(backend string) (*Writer, error) {
	dir := os.Getenv(DirVar)
	if dir == "" {
		return nil, nil //nolint:nilnil // a nil Writer is one that works
	}
	return Create(dir, backend)
}

// Create returns a Writer to <dir>/<backend>-<pid>.jsonl, and makes the directory if need be.
func Create(dir, backend string) (*Writer, error) {
	if backend == "" || strings.ContainsAny(backend, `/\`) {
		return nil, fmt.Errorf("report: %q is no backend's name", backend)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%d%s", backend, os.Getpid(), suffix))
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return &Writer{file: file}, nil
}

// Write appends a record. It is on its way to the disk when Write returns: a test binary that dies later takes none of
// its records along.
func (w *Writer) Write(record Record) error {
	if w == nil {
		return nil
	}
	if err := record.check(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	line, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	// One write a line: another Writer of this process may append to the same file.
	if _, err := w.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// Close closes the file.
func (w *Writer) Close() error {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// check refuses what could not be counted.
func (r Record) check() error {
	switch {
	case r.Backend == "":
		return errors.New("a record without a backend")
	case r.Outcome != Passed && r.Outcome != Failed && r.Outcome != Skipped:
		return fmt.Errorf("%s %s: %q is no outcome", r.Backend, r.Case, r.Outcome)
	case r.Outcome == Skipped && r.Why == "":
		return fmt.Errorf("%s %s: a skip needs a reason", r.Backend, r.Case)
	case r.Case == "" && r.Outcome == Passed:
		return fmt.Errorf("%s: only a case can pass", r.Backend)
	}
	return nil
}
