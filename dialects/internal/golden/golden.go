// Package golden compares a dialect's SQL with files that a reviewer reads.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/statements"
)

// Check compares every statement and every migration of the dialect with the files of
// the folder testdata, or rewrites the files if update is set.
func Check(t *testing.T, d dialect.Dialect, update bool) {
	t.Helper()
	compare(t, filepath.Join("testdata", "statements.sql"), statements.Golden(d), update)
	var setup strings.Builder
	for _, m := range d.Migrations() {
		for _, s := range m.Statements {
			setup.WriteString(s + ";\n\n")
		}
	}
	compare(t, filepath.Join("testdata", "setup.sql"), setup.String(), update)
}

// CheckMore compares the statements that one dialect has and another lacks with a file
// of the folder testdata, as [Check] does.
func CheckMore(t *testing.T, d, than dialect.Dialect, file string, update bool) {
	t.Helper()
	known := map[string]bool{}
	for _, st := range statements.All(than) {
		known[st.Name] = true
	}
	var more strings.Builder
	for _, st := range statements.All(d) {
		if !known[st.Name] {
			more.WriteString("-- " + st.Name + "\n" + st.SQL + ";\n\n")
		}
	}
	compare(t, filepath.Join("testdata", file), more.String(), update)
}

// UpdateFlag defines the flag that rewrites the files: go test -update.
func UpdateFlag() *bool { return flag.Bool("update", false, "rewrite the golden files") }

func compare(t *testing.T, path, got string, update bool) {
	t.Helper()
	if update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s does not have the present SQL (the first difference is in line %d).\n"+
			"Run `make golden` and read the difference.", path, firstDifference(got, string(want)))
	}
}

func firstDifference(a, b string) int {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return i + 1
		}
	}
	return min(len(x), len(y)) + 1
}
