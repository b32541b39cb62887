package pages

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

const root = "../.."

// A test runs every block that a page shows, or the page says why none does.
func TestBlocksAreRunOrSayWhyNot(t *testing.T) {
	t.Parallel()
	all, err := All(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("there are %d blocks: are they looked for in the right place?", len(all))
	}
	for _, b := range all {
		if err := b.Judge(); err != nil {
			t.Error(err)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ page, says string }{
		{"```go\nt.Close()\n```", ""},
		{"```sh\nprocesstracker runs\n```", ""},
		{"```text\na picture\n```", ""},
		{"<!-- not run: needs a server -->\n```sql\nSELECT 1\n```", ""},
		{"<!-- run by: make release-check, as main.go -->\n```go\npackage main\n```", ""},
		{"```sql\nSELECT 1\n```", "p.md:1: no test runs sql"},
		{"```python\nprint()\n```", "p.md:1: no test runs python"},
		{"```\nprocesstracker runs\n```", "p.md:1: the block has no language"},
		{"<!-- not run:  -->\n```sh\nmake\n```", "p.md:2: it is marked \"not run\" without a reason"},
		{"<!-- run by: hand -->\n```sh\nmake\n```", `nothing is known of "hand"`},
		{"<!-- compiled only: needs a server -->\n```sh\nmake\n```", "only Go is compiled"},
		{"<!-- not run: too far above -->\n\n```sql\nSELECT 1\n```", "no test runs sql"},
		{"```sh\nmake", "the fence is open"},
	} {
		blocks, err := Of("p.md", c.page)
		for _, b := range blocks {
			err = b.Judge()
		}
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v; want %q", c.page, err, c.says)
		}
	}
}

// The README fits on two screens: a page that grew out of it belongs under docs.
func TestReadmeFitsTwoScreens(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	const lines, columns = 120, 120
	if n := strings.Count(string(text), "\n"); n > lines {
		t.Errorf("README.md has %d lines; move what is not needed at first sight until it has %d", n, lines)
	}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > columns {
			t.Errorf("README.md:%d has %d columns; wrap it at %d", number, n, columns)
		}
	}
}

// A decision has a number of its own, its context, the choice and the price, in this order.
func TestDecisionsHaveOneForm(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`(?s)^# (\d+)\. [^\n]+\n\n\*\*Context\.\*\* .+\n\n\*\*Choice\.\*\* .+\n\n\*\*Price\.\*\* .+\n$`)
	files, err := filepath.Glob(filepath.Join(root, "docs", "decisions", "*.md"))
	if err != nil || len(files) < 50 {
		t.Fatalf("%d decisions: %v", len(files), err)
	}
	taken := make(map[string]string)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		number, _, _ := strings.Cut(filepath.Base(file), "-")
		if other, is := taken[number]; is {
			t.Errorf("%s has the number of %s; give it one that is free", file, other)
		}
		taken[number] = file
		if found := form.FindStringSubmatch(string(text)); found == nil || strings.TrimLeft(number, "0") != found[1] {
			t.Errorf("%s: write # %s. TITLE, and paragraphs that begin with **Context.**, **Choice.** and **Price.**", file, strings.TrimLeft(number, "0"))
		}
	}
}
