package pages

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The examples of core/tracker run on SQLite. They are in a module without a backend,
// so the go command overlays the file that opens their database.
func TestExamplesOfTheTracker(t *testing.T) {
	t.Parallel()
	if out, err := exec.CommandContext(t.Context(), "go", "env", "GOWORK").Output(); err != nil || strings.TrimSpace(string(out)) == "" {
		t.Skip("there is no workspace, in which the core's tests find a backend")
	}
	tracker, err := filepath.Abs(filepath.Join("..", "..", "core", "tracker"))
	if err != nil {
		t.Fatal(err)
	}
	const opens = "example_database_test.go"
	opener, err := filepath.Abs(filepath.Join("testdata", "examples", opens))
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(tracker, opens): opener}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "test", "-overlay", file, "-run", "^Example", "-v", ours+"core/tracker").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range examples(t, tracker) {
		if !strings.Contains(string(out), "--- PASS: "+name+" ") {
			t.Errorf("%s did not run; end it with // Output:", name)
		}
	}
}

// examples are the names of those in a directory.
func examples(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "example*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?m)^func (Example\w*)\(\)`).FindAllStringSubmatch(string(text), -1) {
			names = append(names, found[1])
		}
	}
	if len(names) == 0 {
		t.Errorf("there are no examples in %s", dir)
	}
	return names
}
