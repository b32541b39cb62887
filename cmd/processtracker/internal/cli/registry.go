package cli

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A resource is one kind of object in the registry. Its commands (list, show, add, set,
// rename, delete, and the ones that link it to others) are generated from it: see
// command. A nil function means that the resource has no such command.
type resource struct {
	name   string // of the command
	things string // in the plural
	short  string
	long   string
	under  string // the parent command; empty for the tool itself
	fields []resourceField

	sample      string // a name for examples; "mine" if empty
	sampleFlags string // of add and set in examples, after a space

	list   func(ctx context.Context, t *tracker.Tracker, name string, limit int) iter.Seq2[record, error]
	add    func(ctx context.Context, t *tracker.Tracker, name string, given given) error
	set    func(ctx context.Context, t *tracker.Tracker, name string, given given) error // keeps the fields that are not given
	rename func(ctx context.Context, t *tracker.Tracker, from, to string, given given) error
	remove func(ctx context.Context, t *tracker.Tracker, name string, given given) error
	links  []link
	narrow func(*pflag.FlagSet) func(record) bool // adds flags to the list; returns the filter that they define
}

// A resourceField is one field of a resource. The first field of every resource is its name.
type resourceField struct {
	name   string // in JSON; the flag's name has hyphens
	help   string // of the flag; empty if there is no flag
	kind   fieldKind
	listed bool   // a column of the list
	key    bool   // needed to find a resource: also a flag of rename and delete
	as     string // the flag, if its name differs
}

type fieldKind int

const (
	textField fieldKind = iota
	numberField
	boolField
	exactField // a text that may be only white space; \t is a tab
	listField
	timeField
)

// exactText is the flag of an exactField.
type exactText string

// String implements [pflag.Value].
func (e *exactText) String() string { return string(*e) }

// Set implements [pflag.Value].
func (e *exactText) Set(text string) error {
	*e = exactText(strings.ReplaceAll(text, `\t`, "\t"))
	return nil
}

// Type implements [pflag.Value].
func (e *exactText) Type() string { return "text" }

func (f resourceField) flag() string { return cmp.Or(f.as, strings.ReplaceAll(f.name, "_", "-")) }

// record is one resource. Its values are of type string, *int64, bool, []string or moment.
type record map[string]any

// given holds the flags of add and set that the user gave.
type given struct{ flags *pflag.FlagSet }

func (g given) has(name string) bool {
	return g.flags.Lookup(name) != nil && g.flags.Changed(name)
}

// text returns the flag's value, or the stored one if the flag was not given.
func (g given) text(name, stored string) string {
	if !g.has(name) {
		return stored
	}
	return g.flags.Lookup(name).Value.String()
}

// number returns the flag's value, or the stored one if the flag was not given. A
// negative number means none.
func (g given) number(name string, stored *int64) *int64 {
	if !g.has(name) {
		return stored
	}
	n, err := g.flags.GetInt64(name)
	if err != nil || n < 0 {
		return nil
	}
	return &n
}

func (g given) bool(name string) bool {
	if !g.has(name) {
		return false
	}
	b, err := g.flags.GetBool(name)
	return err == nil && b
}

func (g given) list(name string) []string {
	if !g.has(name) {
		return nil
	}
	all, err := g.flags.GetStringArray(name)
	if err != nil {
		return nil
	}
	return all
}

// A link defines two commands, which link a resource to other objects and unlink it.
type link struct {
	add, remove string // the commands
	others      string // the arguments, such as PROCESS...
	sample      string // one of them, for examples
	short       string // of add
	flags       func(*pflag.FlagSet)
	do, undo    func(ctx context.Context, t *tracker.Tracker, name, other string, given given) error
}

// command makes the commands of a resource.
func (a *app) resourceCommand(r resource) *cobra.Command {
	cmd := &cobra.Command{
		Use: r.name, Short: r.short, Long: strings.TrimSpace(r.short + ".\n\n" + r.long), Args: cobra.NoArgs,
		Example: fmt.Sprintf("  %s list\n  %s list --json", r.path(), r.path()),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.listResource(r), a.showResource(r))
	if r.add != nil {
		cmd.AddCommand(a.changeResource(r, "add", "Register", r.add))
	}
	if r.set != nil {
		cmd.AddCommand(a.changeResource(r, "set", "Change the properties of", r.set))
	}
	if r.rename != nil {
		cmd.AddCommand(a.renameResource(r))
	}
	if r.remove != nil {
		cmd.AddCommand(a.deleteResource(r))
	}
	for _, l := range r.links {
		cmd.AddCommand(a.linkResource(r, l, l.add, l.short, l.do), a.linkResource(r, l, l.remove, "Undo "+strconv.Quote(l.add), l.undo))
	}
	for _, child := range cmd.Commands() {
		if child.Name() != "list" && child.Name() != "add" {
			child.ValidArgsFunction = a.firstArgument(r.names)
		}
	}
	return cmd
}

// firstArgument completes only the first argument.
func (a *app) firstArgument(names namer) cobra.CompletionFunc {
	complete := a.fromDatabase(names)
	return func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(cmd, args, begun)
	}
}

// names returns the names that the resource's commands accept.
func (r resource) names(ctx context.Context, t *tracker.Tracker) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for rec, err := range r.list(ctx, t, "", mostNames) {
			name, _ := rec[r.fields[0].name].(string)
			if !yield(name, err) {
				return
			}
		}
	}
}
