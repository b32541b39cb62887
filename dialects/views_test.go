package dialects

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	view    = regexp.MustCompile(`(?s)VIEW \{(v\d+_\w+)\} AS SELECT\n(.*?)\nFROM`)
	column  = regexp.MustCompile(`(?m) AS (\w+),?$`)
	section = regexp.MustCompile(`(?s)\n## (v\d+_\w+)\n\n[^\n]+\n\n\| column \| meaning \|\n\| --- \| --- \|\n((?:\|[^\n]+\n)+)`)
	row     = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| [^|]+ \\|$")
)

// listed writes views and their columns down, in order.
func listed(text string, views, columns *regexp.Regexp) string {
	var all strings.Builder
	for _, v := range views.FindAllStringSubmatch(strings.ReplaceAll(text, "\r\n", "\n"), -1) {
		all.WriteString(v[1] + ":")
		for _, c := range columns.FindAllStringSubmatch(v[2], -1) {
			all.WriteString(" " + c[1])
		}
		all.WriteString("\n")
	}
	return all.String()
}

// TestViewsMatchTheirPage compares the views with docs/views.md.
func TestViewsMatchTheirPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "docs", "views.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := listed(string(page), section, row)
	if strings.Count(want, "\n") < 6 {
		t.Fatalf("the page has only\n%s", want)
	}
	paths, err := filepath.Glob(filepath.Join("internal", "views", "migrations", "*.sql"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	if have := listed(all.String(), view, column); have != want {
		t.Errorf("there are the views\n%s\ndocs/views.md has\n%s", have, want)
	}
}
