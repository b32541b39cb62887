package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manCommand is hidden, because only packagers need it.
func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use: "man DIRECTORY", Short: "Write the manual pages into a directory", Hidden: true, Args: cobra.ExactArgs(1),
		Long: `Write a manual page for each command into a directory that exists, for section 1. Read
one with "man ./processtracker-runs.1".`,
		RunE: a.run(func(_ context.Context, args []string) error {
			if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
				return exit(CodeUsage, fmt.Errorf("%q is not a directory; create it first", args[0]))
			}
			at := time.Unix(0, 0).UTC() // the same pages for the same version
			header := &doc.GenManHeader{Section: "1", Source: "processtracker", Manual: "ProcessTracker", Date: &at}
			return doc.GenManTree(a.documented(), header, args[0]) //nolint:contextcheck // no command is run
		}),
	}
}

// documented returns the commands in the form for pages: without the date, and without
// a help flag on each.
func (a *app) documented() *cobra.Command {
	root := (&app{env: Env{}}).root()
	root.DisableAutoGenTag = true
	root.CompletionOptions.HiddenDefaultCmd = true
	return root
}

// commandsPage returns a page with the help of every command.
func (a *app) commandsPage() (string, error) {
	var b strings.Builder
	b.WriteString("# Commands\n\nThe help of every command, as its `--help` prints it. This page is made by\n`go test ./cmd/processtracker/internal/cli -run CommandsPage -update`.\n")
	var write func(*cobra.Command) error
	write = func(cmd *cobra.Command) error {
		if cmd.Hidden || cmd.Name() == "completion" {
			return nil
		}
		if err := writePage(&b, cmd); err != nil {
			return err
		}
		for _, child := range cmd.Commands() {
			if err := write(child); err != nil {
				return err
			}
		}
		return nil
	}
	err := write(a.documented())
	return b.String(), err
}

// writePage adds a command to the page. Its long help is laid out for a terminal, so it
// stays unchanged.
func writePage(b *strings.Builder, cmd *cobra.Command) error {
	help := cmd.Long
	if help == "" {
		help = cmd.Short
	}
	_, err := fmt.Fprintf(b, "\n## %s\n\n```text\n%s\n", cmd.CommandPath(), strings.TrimRight(help, "\n"))
	if cmd.Runnable() {
		cmd.InitDefaultHelpFlag()
		fmt.Fprintf(b, "\nUsage:\n  %s\n", cmd.UseLine())
	}
	if cmd.Example != "" {
		fmt.Fprintf(b, "\nExamples:\n%s\n", strings.TrimRight(cmd.Example, "\n"))
	}
	flags := cmd.NonInheritedFlags()
	if flags.HasAvailableFlags() {
		fmt.Fprintf(b, "\nFlags:\n%s", flags.FlagUsages())
	}
	b.WriteString("```\n")
	return err
}
