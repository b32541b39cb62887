package rpc

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// comments are what the source says of types and fields: by "Type" and "Type.Field",
// with the last part of the package's path before it.
type comments map[string]string

// sources are where the protocol's structs are declared.
func sources() []string { return []string{".", "../../../../core/tracker"} }

func readComments(t *testing.T) comments {
	t.Helper()
	c := comments{}
	for _, dir := range sources() {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no source in %s: %v", dir, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			c.file(file)
		}
	}
	return c
}

func (c comments) file(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if body, ok := spec.Type.(*ast.StructType); ok {
			c.fields(file.Name.Name+"."+spec.Name.Name, body)
		}
		return true
	})
}

func (c comments) fields(owner string, body *ast.StructType) {
	for _, f := range body.Fields.List {
		text := strings.TrimSpace(f.Doc.Text())
		if text == "" {
			text = strings.TrimSpace(f.Comment.Text())
		}
		for _, name := range f.Names {
			c[owner+"."+name.Name] = wireText(name.Name, text)
		}
	}
}

// of says what a field means.
func (c comments) of(f wireField) string {
	return c[filepath.Base(f.owner.PkgPath())+"."+f.owner.Name()+"."+f.goes]
}

var (
	link = regexp.MustCompile(`\[([A-Za-z.]+)\]`)
	call = regexp.MustCompile(`^(Tracker|Run|Registry|Admin)\.([A-Z][A-Za-z]+)$`)
	bare = regexp.MustCompile(`\b(Registry|Admin|Run|Tracker)\.([A-Z][A-Za-z]+)\b`)
)

// wireText says in the protocol's words what a comment says in Go's.
func wireText(name, text string) string {
	text = strings.Join(strings.Fields(text), " ")
	text = strings.TrimPrefix(text, name+" ")
	for _, verb := range []string{"is ", "are "} {
		text = strings.TrimPrefix(text, verb)
	}
	if !strings.Contains(text, ". ") {
		text = strings.TrimSuffix(text, ".")
	}
	text = link.ReplaceAllStringFunc(text, func(s string) string { return wireName(strings.Trim(s, "[]")) })
	text = bare.ReplaceAllStringFunc(text, wireName)
	text = regexp.MustCompile(`\bnil\b`).ReplaceAllString(text, "null")
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Start]()) {
		if len(f.Name) > 8 { // a name that is no other word
			text = strings.ReplaceAll(text, f.Name, Snake(f.Name))
		}
	}
	return text
}

func wireName(name string) string {
	if m := call.FindStringSubmatch(name); m != nil {
		return strings.ToLower(m[1]) + "." + Snake(m[2])
	}
	if after, ok := strings.CutPrefix(name, "Err"); ok {
		return Snake(after)
	}
	known := map[string]string{
		"Loading": "loading", "Deleted": "deleted", "ProcessError": `"Process Error"`, "MaxClaim": "10000", "MaxPurgeBatch": "1000",
		"NeverHold": "2147483647", "RunStatuses": `the lookup "run status"`, "DefaultLease": "a minute",
	}
	if text, ok := known[name]; ok {
		return text
	}
	if of, last, ok := strings.Cut(name, "."); ok && of != "Config" {
		return Snake(last)
	} else if ok {
		return "as session.hello says"
	}
	return name
}
