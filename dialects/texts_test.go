package dialects

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// looksInto is code that searches the text of a statement, or takes it apart.
var looksInto = regexp.MustCompile(`\b(strings|bytes|regexp|\w*[pP]attern|placeholder)\.\w+\([^()]*\.SQL\b|\.SQL\[|range \w+\.SQL\b`)

func TestNoDialectAndNoBackendLooksIntoTheTextOfAStatement(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{".", "../backends", "../core/sqldb"} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			content, err := os.ReadFile(path)
			if found := looksInto.Find(content); found != nil {
				t.Errorf("%s: %s: what there is to know of a statement is in the fields of dialect.Stmt; add one there", path, found)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
