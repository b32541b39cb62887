package dialects

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed released.sha256
var released string

// TestReleasedMigrationsNeverChange compares them with the checksums that they were
// released with. Databases have run them, so a change goes into a new migration. A
// release adds a line for each of its new migrations.
func TestReleasedMigrationsNeverChange(t *testing.T) {
	t.Parallel()
	for lines := bufio.NewScanner(strings.NewReader(released)); lines.Scan(); {
		want, path, _ := strings.Cut(lines.Text(), "  ")
		text, err := os.ReadFile(filepath.FromSlash(path))
		if err != nil {
			t.Fatal(err)
		}
		// A checkout may have made other line ends of them.
		sum := sha256.Sum256([]byte(strings.ReplaceAll(string(text), "\r\n", "\n")))
		if hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s was released and has changed: put it back, and write a new migration", path)
		}
	}
}
