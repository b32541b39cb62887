package pages

import (
	"fmt"
	"go/ast"
	"go/doc"
	godoc "go/doc/comment"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// published are the directories of the packages whose documentation users read.
var published = []string{"core/*", "backends/*", "locations/*", "web"}

// A link in a comment, such as [Run.Close], leads to a symbol. One that doesn't is shown
// with its brackets, and the reader has to guess.
func TestLinksInCommentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	found := 0
	for _, pattern := range published {
		dirs, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range dirs {
			links, broken := linksOf(t, dir)
			found += links
			for _, b := range broken {
				t.Error(b)
			}
		}
	}
	if found < 300 {
		t.Errorf("%d links were found: are they looked for in the right place?", found)
	}
}

// bracketed is a link that [godoc.Parser] has left as text.
var bracketed = regexp.MustCompile(`\[\*?([a-z]+\.)?[A-Z]\w*(\.[A-Z]\w*)?\]`)

// linksOf counts the links in the comments of a package, and says which lead nowhere.
func linksOf(t *testing.T, dir string) (links int, broken []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasSuffix(n, "_test.go") })
	if len(names) == 0 {
		return 0, nil
	}
	set := token.NewFileSet()
	var files []*ast.File
	var groups []*ast.CommentGroup
	for _, name := range names {
		f, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files, groups = append(files, f), append(groups, f.Comments...)
	}
	p, err := doc.NewFromFiles(set, files, ours+dir, doc.AllDecls|doc.PreserveAST)
	if err != nil {
		t.Fatal(err)
	}
	parse := p.Parser()
	for _, g := range groups {
		for _, block := range parse.Parse(g.Text()).Content {
			var texts []godoc.Text
			switch b := block.(type) {
			case *godoc.Paragraph:
				texts = b.Text
			case *godoc.List:
				for _, item := range b.Items {
					for _, inner := range item.Content {
						texts = append(texts, inner.(*godoc.Paragraph).Text...)
					}
				}
			}
			for _, text := range texts {
				switch text := text.(type) {
				case *godoc.DocLink:
					links++
				case godoc.Plain:
					for _, b := range bracketed.FindAllString(string(text), -1) {
						broken = append(broken, fmt.Sprintf("%s: %s leads nowhere", set.Position(g.Pos()), b))
					}
				}
			}
		}
	}
	return links, broken
}
