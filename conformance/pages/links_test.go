package pages

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// Every link within the repository leads to a file, and its anchor to a heading.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		if path.Ext(name) != ".md" {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(found[1], ":") && !leads(name, found[1]) {
				t.Errorf("%s: the link %s leads nowhere", name, found[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// leads reports whether the target of a page's link exists.
func leads(page, to string) bool {
	file, anchor, _ := strings.Cut(to, "#")
	target := page
	if file != "" {
		target = path.Join(path.Dir(page), file)
	}
	if anchor == "" {
		_, err := os.Stat(filepath.Join(root, target))
		return err == nil
	}
	text, err := os.ReadFile(filepath.Join(root, target))
	if err != nil {
		return false
	}
	for _, h := range heading.FindAllStringSubmatch(string(text), -1) {
		if strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(h[1]), ""), " ", "-") == anchor {
			return true
		}
	}
	return false
}

func TestLeads(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]bool{
		"concepts.md": true, "concepts.md#glossary": true, "#glossary": true, "../README.md": true,
		"concept.md": false, "concepts.md#glossaries": false, "../concepts.md": false,
	} {
		if leads("docs/concepts.md", to) != want {
			t.Errorf("%s leads somewhere: %t", to, !want)
		}
	}
}
