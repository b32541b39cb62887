// Package pages reads the blocks of code that the documents show. Each of them is run by
// a test, or the page says above it, in a comment that its readers do not see, who runs
// it or why it is not run:
//
//	<!-- not run: REASON -->
//	<!-- compiled only: REASON -->
//	<!-- run by: make release-check, as main.go -->
package pages

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Mark is how a block is tested.
type Mark string

// The marks that a page may give a block.
const (
	Run          Mark = ""              // a test runs it, because the page says nothing else
	NotRun       Mark = "not run"       // with the reason
	CompiledOnly Mark = "compiled only" // Go, with the reason
	RunBy        Mark = "run by"        // with the test or command that runs it
)

// Block is a block of code, between two fences.
type Block struct {
	Page     string // its path in the repository
	Line     int    // of the first fence
	Language string
	Text     string
	Mark     Mark
	Why      string // the reason, or the test or command that runs it
}

func (b Block) String() string { return fmt.Sprintf("%s:%d", b.Page, b.Line) }

// Commands returns what a shell is to run: all of a script, and what follows a
// prompt in a console. It is empty for other languages.
func (b Block) Commands() string {
	switch b.Language {
	case "sh":
		return b.Text
	case "console":
		var text strings.Builder
		for line := range strings.Lines(b.Text) {
			if command, is := strings.CutPrefix(line, "$ "); is {
				text.WriteString(command)
			}
		}
		return text.String()
	}
	return ""
}

var (
	fence   = regexp.MustCompile("^ *```+ *([a-z]*)")
	comment = regexp.MustCompile(`^<!-- (not run|compiled only|run by): (.*) -->$`)
)

// Of returns the blocks of a page.
func Of(page, text string) (all []Block, err error) {
	var open *Block
	previous := ""
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		found := fence.FindStringSubmatch(line)
		switch {
		case found == nil && open != nil:
			open.Text += line + "\n"
		case found != nil && open != nil:
			all, open = append(all, *open), nil
		case found != nil:
			open = &Block{Page: page, Line: i + 1, Language: found[1]}
			if said := comment.FindStringSubmatch(previous); said != nil {
				open.Mark, open.Why = Mark(said[1]), strings.TrimSpace(said[2])
			}
		}
		previous = line
	}
	if open != nil {
		return nil, fmt.Errorf("%s: the fence is open at the end of the page", open)
	}
	return all, nil
}

// All returns the blocks of the README, CONTRIBUTING and every page under docs.
func All(root string) (all []Block, err error) {
	names := []string{"README.md", "CONTRIBUTING.md"}
	err = fs.WalkDir(os.DirFS(root), "docs", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			names = append(names, path)
		}
		return err
	})
	for _, name := range names {
		text, readErr := os.ReadFile(filepath.Join(root, name))
		blocks, pageErr := Of(name, string(text))
		all, err = append(all, blocks...), errors.Join(err, readErr, pageErr)
	}
	return all, err
}

// Judge says what is wrong with how a block is marked.
func (b Block) Judge() error {
	shell := slices.Contains([]string{"sh", "console"}, b.Language)
	switch {
	case b.Mark != Run && b.Why == "":
		return fmt.Errorf("%s: it is marked %q without a reason; give one", b, b.Mark)
	case b.Mark == RunBy && !strings.HasPrefix(b.Why, "make release-check"):
		return fmt.Errorf("%s: nothing is known of %q, which is to run it; name make release-check", b, b.Why)
	case b.Mark == CompiledOnly && b.Language != "go":
		return fmt.Errorf("%s: only Go is compiled; mark it <!-- not run: REASON -->", b)
	case b.Language == "":
		return fmt.Errorf("%s: the block has no language; write ```text if it is not code", b)
	case b.Mark == Run && b.Language != "go" && !shell && b.Language != "text" && b.Language != "mermaid":
		return fmt.Errorf("%s: no test runs %s; mark it <!-- not run: REASON -->", b, b.Language)
	}
	return nil
}
