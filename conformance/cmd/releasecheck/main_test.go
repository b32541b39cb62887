package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository is the smallest one that passes: its backends are empty, and its tool
// prints what the rehearsal requires.
func repository() map[string]string {
	files := map[string]string{
		"go.work":             "go 1.25.0\n\nuse (\n\t./core\n\t./cmd/processtracker\n\t./backends/mysql\n\t./backends/postgres\n\t./backends/sqlite\n\t./backends/sqlserver\n\t./conformance\n)\n",
		"CONTRIBUTING.md":     "Welcome.\n",
		"docs/concepts.md":    "A process is a job.\n",
		"LICENSE":             "As you like.\n",
		"README.md":           readme("func main() {}"),
		"core/go.mod":         "module " + ours + "/core\n\ngo 1.25.0\n",
		"core/core.go":        "package core\n",
		"conformance/go.mod":  "module " + ours + "/conformance\n\ngo 1.25.0\n",
		"conformance/test.go": "package conformance\n",
		"cmd/processtracker/main.go": `package main

import (
	"fmt"
	"os"
	"runtime/debug"

	_ "` + ours + `/core"
)

func main() {
	switch info, _ := debug.ReadBuildInfo(); os.Args[1] {
	case "version":
		fmt.Printf("{%q: %q}\n", "version", info.Main.Version)
	case "runs":
		fmt.Printf("[{%q: %q}]\n", "status", "completed")
	}
}
`,
		"cmd/processtracker/go.mod": needsCore("cmd/processtracker"),
	}
	for _, b := range []string{"mysql", "postgres", "sqlite", "sqlserver"} {
		files["backends/"+b+"/backend.go"] = "package " + b + "\n\nimport _ \"" + ours + "/core\"\n"
		files["backends/"+b+"/go.mod"] = needsCore("backends/" + b)
	}
	return files
}

func readme(program string) string {
	return "<!-- run by: make release-check, as main.go -->\n```go\npackage main\n\n" + program + "\n```\n\n" +
		"<!-- run by: make release-check -->\n```sh\ngo mod init example.com/load\ngo run .\n```\n\n" +
		"<!-- run by: make release-check -->\n```console\n$ processtracker version\n{\"version\": \"v…\"}\n```\n"
}

func needsCore(dir string) string {
	return "module " + ours + "/" + dir + "\n\ngo 1.25.0\n\nrequire " + ours + "/core v0.0.0\n\nreplace " + ours + "/core => ../../core\n"
}

func TestRehearsal(t *testing.T) {
	t.Parallel()
	core := repository()["core/go.mod"]
	for _, c := range []struct {
		name  string
		files map[string]string // instead of those of the repository
		says  string            // empty: the rehearsal succeeds
	}{
		{name: "a repository as it should be passes"},
		{
			"a replace line that is left in a library fails",
			map[string]string{"core/go.mod": core + "\nreplace example.com/other => example.com/fork v1.0.0\n"},
			"publish: core: go.mod replaces example.com/other by example.com/fork",
		},
		{
			"a replace line that is left in the tool fails",
			map[string]string{"cmd/processtracker/go.mod": needsCore("cmd/processtracker") + "\nreplace " + ours + "/core v0.0.0 => ../../core\n"},
			"publish: cmd/processtracker: go.mod replaces " + ours + "/core by ../../core",
		},
		{
			"a module that needs one for tests fails",
			map[string]string{
				"core/go.mod":  core + "\nrequire " + ours + "/conformance v0.0.0\n\nreplace " + ours + "/conformance => ../conformance\n",
				"core/test.go": "package core\n\nimport _ \"" + ours + "/conformance\"\n",
			},
			"publish: core: go.mod requires " + ours + "/conformance, which is for tests",
		},
		{
			"a program in the README that does not build fails",
			map[string]string{"README.md": readme("func main() { _ = core.Gone }")},
			"read: README.md: bash ",
		},
		{
			"a program in the README that fails does",
			map[string]string{"README.md": readme("func main() { panic(1) }")},
			"read: README.md: bash ",
		},
		{
			"another output than the README shows fails",
			map[string]string{"README.md": strings.ReplaceAll(readme("func main() {}"), "v…", "v2")},
			"README.md:15: processtracker version prints\n{\"version\": \"v0.1.0\"}",
		},
		{
			"a README with nothing for a new user fails",
			map[string]string{"README.md": "```go\nt.Start(ctx)\n```\n"},
			"read: README.md has no block for a new user",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := check(t.Context(), write(t, c.files), t.TempDir(), "v0.1.0")
			switch {
			case c.says == "" && err != nil:
				t.Error(err)
			case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
				t.Errorf("the error is %v; want one with %q", err, c.says)
			}
		})
	}
}

// write makes the repository, with some files instead of its own.
func write(t *testing.T, instead map[string]string) string {
	t.Helper()
	root := t.TempDir()
	files := repository()
	maps.Copy(files, instead)
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "git", "init", "--quiet", root).CombinedOutput(); err != nil {
		t.Fatalf("git init: %v\n%s", err, out)
	}
	return root
}
