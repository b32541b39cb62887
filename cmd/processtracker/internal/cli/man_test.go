package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// docs/commands.md contains the help of the commands.
func TestCommandsPage(t *testing.T) {
	t.Parallel()
	page := filepath.Join("..", "..", "..", "..", "docs", "commands.md")
	want, err := (&app{}).commandsPage()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not the help of the commands; run: go test ./cmd/processtracker/internal/cli -run CommandsPage -update", page)
	}
}

// Each command has a manual page, and the same commands produce the same pages.
func TestManualPages(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	tl.run("man", filepath.Join(tl.home, "none")).want(CodeUsage, "is not a directory; create it first")
	dir := t.TempDir()
	tl.run("man", dir).want(0)
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		if !cmd.IsAvailableCommand() && cmd.HasParent() {
			return
		}
		text, err := os.ReadFile(filepath.Join(dir, strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"))
		if err != nil {
			t.Error(err)
		}
		for _, part := range []string{".SH NAME", ".SH SYNOPSIS", "Jan 1970"} {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s: there is no %s", cmd.CommandPath(), part)
			}
		}
		for _, child := range cmd.Commands() {
			walk(child)
		}
	}
	walk((&app{}).root())
}

// "help environment" lists every variable that the tool's sources use.
func TestHelpNamesEveryVariable(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`PROCESSTRACKER_[A-Z_]*[A-Z]`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names.FindAllString(string(text), -1) {
			if !strings.Contains(environmentHelp, name+" ") && !strings.Contains(environmentHelp, name+",") && !strings.Contains(environmentHelp, name+"\n") {
				t.Errorf("%s: %s is not in the help", file, name)
			}
		}
	}
	tl := newTool(t)
	tl.run("help", "environment").want(0, DSNVariable)
	tl.run("help", "exit-codes").want(0, "79", "127", "  5  ")
	tl.run("help", "output").want(0, "--columns")
	tl.run("--help").want(0, "exit-codes", "environment")
}
