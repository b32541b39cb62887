// Command embedcheck checks the dependencies of programs that embed a backend: for each backend it builds a program and
// compares the modules in it with a list.
//
//	embedcheck [-update] DIRECTORY
//
// The directory is the repository's. A driver of another database, or a library for tests or command lines, in the
// program or in its go.sum, is a failure, whatever the list says. -update rewrites the lists. It prints how large the
// programs are.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

func main() {
	update := flag.Bool("update", false, "rewrite the lists")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: embedcheck [-update] DIRECTORY")
		os.Exit(2)
	}
	root, err := filepath.Abs(flag.Arg(0))
	for _, b := range backends() {
		if err == nil {
			err = check(context.Background(), root, b, *update)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "embedcheck:", err)
		os.Exit(1)
	}
}

// backend is a backend that a program can embed.
type backend struct {
	name    string
	drivers []string // for its database, which no other backend may require
	open    string   // an expression that opens it
}

func backends() []backend {
	return []backend{
		{"sqlite", []string{"modernc.org/sqlite"}, `sqlite.Open(ctx, os.Args[1], nil)`},
		{"postgres", []string{"github.com/jackc/"}, `postgres.Open(ctx, os.Args[1], nil)`},
		{"mysql", []string{"github.com/go-sql-driver/mysql"}, `mysql.Open(ctx, os.Args[1], nil)`},
		{"sqlserver", []string{"github.com/microsoft/go-mssqldb", "github.com/Azure/"}, `sqlserver.Open(ctx, os.Args[1], nil)`},
	}
}

// unwanted are the prefixes of modules that no backend may require.
func unwanted() []string {
	return []string{
		"github.com/testcontainers/", "github.com/docker/", "github.com/moby/",
		"go.uber.org/goleak", "pgregory.net/rapid", "github.com/anishathalye/porcupine",
		"github.com/spf13/cobra", "github.com/spf13/pflag", "github.com/jedib0t/go-pretty",
	}
}

// oldestGo is the minimum version of Go for a program that embeds a backend.
const oldestGo = "1.25.0"

const module = "github.com/processtracker/processtracker-go/"

// check builds the backend's program and checks it.
func check(ctx context.Context, root string, b backend, update bool) (err error) {
	dir, err := os.MkdirTemp("", "embedcheck")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	sums, modules, size, err := build(ctx, root, dir, b)
	if err != nil {
		return fmt.Errorf("%s: %w", b.name, err)
	}
	fmt.Printf("%-10s %3d modules, %.1f MB (%s/%s)\n", b.name, len(modules), float64(size)/1e6, runtime.GOOS, runtime.GOARCH)
	// testify is in a go.sum for the tests of squirrel, and may not be in a program.
	wrong := append(foreign(b, sums), foreign(b, modules, "github.com/stretchr/")...)
	if len(wrong) > 0 {
		return fmt.Errorf("%s: a program that embeds it gets %s", b.name, strings.Join(wrong, ", "))
	}
	list := filepath.Join(root, "conformance", "cmd", "embedcheck", "testdata", b.name+".txt")
	text := strings.Join(modules, "\n") + "\n"
	if update {
		return os.WriteFile(list, []byte(text), 0o644)
	}
	want, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	if text != strings.ReplaceAll(string(want), "\r\n", "\n") {
		return fmt.Errorf("%s: a program that embeds it has other modules than %s lists; read them, and run `make embed-check UPDATE=-update`:\n%s", b.name, list, text)
	}
	return nil
}

// foreign returns the modules that the backend may not require.
func foreign(b backend, modules []string, more ...string) (all []string) {
	not := append(unwanted(), more...)
	for _, other := range backends() {
		if other.name != b.name {
			not = append(not, other.drivers...)
		}
	}
	for _, m := range modules {
		if slices.ContainsFunc(not, func(n string) bool { return strings.HasPrefix(m, n) }) {
			all = append(all, m)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// build builds the program. It returns the modules of its go.sum, the modules in the
// program with their versions, and the program's size.
func build(ctx context.Context, root, dir string, b backend) (sums, modules []string, size int64, err error) {
	if err := write(root, dir, b); err != nil {
		return nil, nil, 0, err
	}
	if _, err := goTool(ctx, dir, "mod", "tidy"); err != nil {
		return nil, nil, 0, err
	}
	needed, err := goTool(ctx, dir, "list", "-m", "-f", "{{.GoVersion}}")
	if err != nil {
		return nil, nil, 0, err
	}
	if needed = strings.TrimSpace(needed); needed != oldestGo {
		return nil, nil, 0, fmt.Errorf("the program needs Go %s instead of %s, as a module that it gets does; require an older version of that module", needed, oldestGo)
	}
	if _, err := goTool(ctx, dir, "build", "-trimpath", "-o", "program", "."); err != nil {
		return nil, nil, 0, err
	}
	text, err := goTool(ctx, dir, "version", "-m", "program")
	if err != nil {
		return nil, nil, 0, err
	}
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) >= 3 && f[0] == "dep" {
			modules = append(modules, f[1]+" "+f[2])
		}
	}
	slices.Sort(modules)
	sum, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil {
		return nil, nil, 0, err
	}
	for line := range strings.Lines(string(sum)) {
		// A /go.mod line is only for choosing versions; the other lines are for modules
		// that are loaded.
		if f := strings.Fields(line); !strings.HasSuffix(f[1], "/go.mod") {
			sums = append(sums, f[0])
		}
	}
	info, err := os.Stat(filepath.Join(dir, "program"))
	if err != nil {
		return nil, nil, 0, err
	}
	return sums, modules, info.Size(), nil
}

// write creates the module of a program that opens a tracker. It requires the modules
// of the checkout.
func write(root, dir string, b backend) error {
	program := fmt.Sprintf(`package main

import (
	"context"
	"os"

	"%[1]sbackends/%[2]s"
	"%[1]score/tracker"
)

func main() {
	ctx := context.Background()
	b, err := %[3]s
	if err == nil {
		_, err = tracker.New(ctx, b, nil)
	}
	if err != nil {
		panic(err)
	}
}
`, module, b.name, b.open)
	var mod strings.Builder
	mod.WriteString("module example.com/embeds\n\ngo " + oldestGo + "\n")
	for _, m := range []string{"core", "dialects", "backends/" + b.name} {
		fmt.Fprintf(&mod, "\nrequire %[1]s%[2]s v0.0.0\nreplace %[1]s%[2]s => %[3]q\n", module, m, filepath.Join(root, filepath.FromSlash(m)))
	}
	return errors.Join(os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o644),
		os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod.String()), 0o644))
}

// goTool runs the go command as the program's author would: without this repository's workspace.
func goTool(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), nil
}
