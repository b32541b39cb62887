package pages

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// imports maps package names that blocks use to packages.
var imports = map[string]string{
	"context": "context", "errors": "errors", "fmt": "fmt", "log": "log", "os": "os", "sql": "database/sql", "time": "time",
	"pgx": "github.com/jackc/pgx/v5", "pgxpool": "github.com/jackc/pgx/v5/pgxpool",
	"backend": ours + "core/backend", "listing": ours + "core/listing", "setup": ours + "core/setup", "tracker": ours + "core/tracker",
	"mysql": ours + "backends/mysql", "postgres": ours + "backends/postgres",
	"sqlite": ours + "backends/sqlite", "sqlserver": ours + "backends/sqlserver",
}

const ours = "github.com/processtracker/processtracker-go/"

// The Go code in the documents compiles and, unless a page says why not, runs: each
// block in its own function, on its own SQLite file.
func TestGoInDocuments(t *testing.T) {
	t.Parallel()
	all, err := All(root)
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(b Block) bool { return b.Language != "go" || b.Mark == NotRun || b.Mark == RunBy })
	if said, err := run(t, all); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// Go code that does not compile is reported.
func TestGoThatDoesNotCompile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, says string }{
		{"a name that is gone", "_ = tracker.Gone", "p.md:8: undefined: tracker.Gone"},
		{"a name that nothing declares", "return nothing(ctx)", "p.md:7: nothing is neither declared in the block nor a method of world"},
		{"no Go", "if {", "p.md:8:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			said, err := run(t, []Block{{Page: "p.md", Line: 7, Language: "go", Text: c.text + "\n"}})
			if err == nil || !strings.Contains(err.Error()+said, c.says) {
				t.Errorf("%v\n%s\nwant %q", err, said, c.says)
			}
		})
	}
}

// Go code that fails is reported, with its page and line.
func TestGoThatFails(t *testing.T) {
	t.Parallel()
	var blocks []Block
	for i, text := range []string{
		`return errors.New("returned")`,
		`err := errors.New("left to the reader")`,
		"var p *int\n*p = 1",
	} {
		blocks = append(blocks, Block{Page: "p.md", Line: i + 1, Language: "go", Text: text + "\n"})
	}
	said, err := run(t, blocks)
	for _, want := range []string{"p.md:1: returned", "p.md:2: left to the reader", "p.md:3: panic: "} {
		if err == nil || !strings.Contains(said, want) {
			t.Errorf("%v\n%s\nwant %q", err, said, want)
		}
	}
}

// run builds one program from the blocks and runs it. Its package is in no directory:
// the go command overlays one in this module, so that it finds all modules of the
// workspace.
func run(t *testing.T, blocks []Block) (said string, err error) {
	t.Helper()
	code, err := program(t, blocks)
	if err != nil {
		return "", err
	}
	dir := t.TempDir()
	world, err := filepath.Abs(filepath.Join("testdata", "shown", "world.go"))
	if err != nil {
		return "", err
	}
	at := filepath.Join(filepath.Dir(world), "..", "..", "shown")
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {
		filepath.Join(at, "world.go"): world, filepath.Join(at, "blocks.go"): filepath.Join(dir, "blocks.go"),
	}})
	if err != nil {
		return "", err
	}
	for name, text := range map[string][]byte{"blocks.go": []byte(code), "overlay.json": overlay} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return "", err
		}
	}
	binary := filepath.Join(dir, "shown")
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", binary, "./shown")
	if out, err := build.CombinedOutput(); err != nil {
		return string(out), err
	}
	out, err := exec.CommandContext(t.Context(), binary).CombinedOutput()
	return string(out), err
}

// program is the source of a function for each block, and a list of those to run.
func program(t *testing.T, blocks []Block) (string, error) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "shown", "world.go"))
	if err != nil {
		return "", err
	}
	var functions, list strings.Builder
	used := make(map[string]bool)
	for i, b := range blocks {
		unknown, declared, ending, err := names(b)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&functions, "func block%d(w *world) error {\n", i)
		for _, name := range unknown {
			switch {
			case imports[name] != "":
				used[name] = true
			case strings.Contains(string(text), "func (w *world) "+name+"() "):
				fmt.Fprintf(&functions, "\t%s := w.%s()\n", name, name)
			default:
				return "", fmt.Errorf("%s: %s is neither declared in the block nor a method of world", b, name)
			}
		}
		fmt.Fprintf(&functions, "//line %s:%d\n%s", b.Page, b.Line+1, b.Text)
		for _, name := range declared {
			fmt.Fprintf(&functions, "\t_ = %s\n", name)
		}
		functions.WriteString("\t" + ending + "\n}\n\n")
		if b.Mark == Run {
			fmt.Fprintf(&list, "\t{%q, block%d},\n", b, i)
		}
	}
	code := "package main\n\n"
	for _, name := range slices.Sorted(maps.Keys(used)) {
		code += fmt.Sprintf("import %s %q\n", name, imports[name])
	}
	return code + "\nvar blocks = []struct {\n\tname string\n\tdo   func(*world) error\n}{\n" + list.String() + "}\n\n" + functions.String(), nil
}

// names returns what a block uses without declaring it, what it declares in its
// outermost scope, where a page need not use it, and how its function ends: with the
// error that the block's last statement sets.
func names(b Block) (unknown, declared []string, ending string, err error) {
	source := fmt.Sprintf("package p; func _() error {\n//line %s:%d\n%s\nreturn nil }\n", b.Page, b.Line+1, b.Text)
	file, err := parser.ParseFile(token.NewFileSet(), "", source, 0)
	if err != nil {
		return nil, nil, "", err
	}
	for _, id := range file.Unresolved {
		if types.Universe.Lookup(id.Name) == nil && !slices.Contains(unknown, id.Name) {
			unknown = append(unknown, id.Name)
		}
	}
	body := file.Decls[0].(*ast.FuncDecl).Body.List
	ending = "return nil"
	for i, s := range body {
		a, is := s.(*ast.AssignStmt)
		if !is {
			continue
		}
		for _, to := range a.Lhs {
			name := types.ExprString(to)
			if a.Tok == token.DEFINE && name != "_" && !slices.Contains(declared, name) {
				declared = append(declared, name)
			}
			if name == "err" && i == len(body)-2 { // the last one is ours
				ending = "return err"
			}
		}
	}
	return unknown, declared, ending, nil
}
