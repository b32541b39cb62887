//go:build unix

package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every command that a document's text names between back quotes exists, with its
// flags. So does every target of make.
func TestCommandsInDocuments(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..", "..")
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, file := range append(documentFiles(t, root), "CONTRIBUTING.md") {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(text), "\n") {
			for _, found := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(line, -1) {
				words := strings.Fields(found[1])
				if len(words) < 2 || words[0] != "processtracker" && words[0] != "make" {
					continue
				}
				checked++
				if err := exists(words, string(makefile)); err != nil {
					t.Errorf("%s:%d: `%s`: %v", file, n+1, found[1], err)
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("%d commands were checked: are there no more?", checked)
	}
}

// documentFiles are the README and everything under docs.
func documentFiles(t *testing.T, root string) []string {
	t.Helper()
	files := []string{"README.md"}
	err := fs.WalkDir(os.DirFS(root), "docs", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// exists checks the words of a command. What follows -- is another one.
func exists(words []string, makefile string) error {
	if words[0] == "make" {
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(words[1]) + `:`).MatchString(makefile) {
			return fmt.Errorf("the Makefile has no target %s", words[1])
		}
		return nil
	}
	root := (&app{}).root()
	root.InitDefaultHelpCmd()
	cmd, _, err := root.Find(words[1:])
	if err != nil {
		return err
	}
	cmd.InitDefaultHelpFlag()
	for _, word := range words[2:] {
		name, _, _ := strings.Cut(strings.Trim(word, "[]"), "=")
		switch {
		case name == "--":
			return nil
		case strings.HasPrefix(name, "--") && cmd.Flag(name[2:]) == nil:
			return fmt.Errorf("%s has no flag %s", cmd.CommandPath(), name)
		}
	}
	return nil
}

func TestExamplesWithUnknownCommandsAreFound(t *testing.T) {
	t.Parallel()
	const makefile = "check: tools\n"
	for command, want := range map[string]bool{
		"make check": true, "make checks": false, "make chec": false,
		"processtracker runs --json": true, "processtracker rums": false, "processtracker runs --jason": false,
		"processtracker exec --process X -- load --fast": true,
	} {
		if err := exists(strings.Fields(command), makefile); (err == nil) != want {
			t.Errorf("%s: %v; exists: %t", command, err, want)
		}
	}
}
