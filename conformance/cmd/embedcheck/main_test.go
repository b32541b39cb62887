package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestForeign(t *testing.T) {
	t.Parallel()
	b := backends()[1] // PostgreSQL's
	for line, want := range map[string]bool{
		"github.com/jackc/pgx/v5 v5.12.0": false, "golang.org/x/text v0.41.0": false,
		"modernc.org/sqlite v1.60.1": true, "github.com/go-sql-driver/mysql v1.10.1": true, "github.com/microsoft/go-mssqldb v1": true,
		"github.com/testcontainers/testcontainers-go v0.44.0": true, "github.com/spf13/cobra v1": true, "pgregory.net/rapid v1": true,
	} {
		if got := len(foreign(b, []string{line})) > 0; got != want {
			t.Errorf("%s: foreign is %v", line, got)
		}
	}
}

// TestTheListsAreInOrder checks the existing lists, without building.
func TestTheListsAreInOrder(t *testing.T) {
	t.Parallel()
	for _, b := range backends() {
		text, err := os.ReadFile(filepath.Join("testdata", b.name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		if wrong := foreign(b, lines); len(wrong) > 0 || !slices.IsSorted(lines) {
			t.Errorf("%s: %q may not be there, or the list is not sorted", b.name, wrong)
		}
	}
}
