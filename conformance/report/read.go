package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// suffix ends the names of the files that hold records; other files in the directory are not looked at.
const suffix = ".jsonl"

// Read returns all records in a directory, file by file in the order of their names. A directory that does not exist
// holds none. A line that is no record is an error: whoever wrote it broke off, and what else is missing is not known.
func Read(dir string) ([]Record, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("report: %w", err)
	}
	var records []Record
	for _, entry := range entries {
		if entry.IsDir() || !strings.HasSuffix(entry.Name(), suffix) {
			continue
		}
		found, err := readFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		records = append(records, found...)
	}
	return records, nil
}

func readFile(path string) ([]Record, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var records []Record
	number := 0
	for line := range bytes.Lines(content) {
		number++
		var record Record
		if err := json.Unmarshal(line, &record); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, number, err)
		}
		if err := record.check(); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, number, err)
		}
		records = append(records, record)
	}
	return records, nil
}
