package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
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

func (g given) bool(name string, stored bool) bool {
	if !g.has(name) {
		return stored
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
		cmd.AddCommand(a.changeResource(r, "set", "Change what is said of", r.set))
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

// example returns the name of a resource for examples.
func (r resource) example() string {
	return map[string]string{
		"process": `"Teams Load"`, "cluster": "spark", "contact": `"Data Team"`, "system": "shop", "location": "landing", "actor": "airflow",
	}[r.name]
}

func (r resource) sample() string {
	if e := r.example(); e != "" {
		return e
	}
	return "mine"
}

func (a *app) listResource(r resource) *cobra.Command {
	var limit int
	var keep func(record) bool
	cmd := &cobra.Command{
		Use: "list", Short: "List " + r.things, Args: cobra.NoArgs,
		Example: fmt.Sprintf("  %s list --limit 0", r.path()),
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				if keep != nil {
					return show(a, r.listing(), limit, only(r.list(ctx, t, "", 0), keep))
				}
				return show(a, r.listing(), limit, r.list(ctx, t, "", fetchLimit(limit)))
			})
		}),
	}
	if r.narrow != nil {
		keep = r.narrow(cmd.Flags())
	}
	limitVar(cmd.Flags(), &limit)
	return cmd
}

// path returns the full name of the resource's command.
func (r resource) path() string {
	if r.under != "" {
		return "processtracker " + r.under + " " + r.name
	}
	return "processtracker " + r.name
}

func (r resource) listing() listing[record] {
	l := listing[record]{things: r.things, document: func(rec record) any { return document{r.fields, rec} }}
	var listed []resourceField
	for i, f := range r.fields {
		if f.listed || i == 0 {
			listed = append(listed, f)
			head := title(f.name)
			l.columns = append(l.columns, table.Column{
				Title: strings.ToUpper(head[:1]) + head[1:], Key: f.name, Right: f.kind == numberField, Least: 12, Wrap: true, Time: f.kind == timeField,
			})
		}
	}
	l.row = func(rec record) []string {
		row := make([]string, len(listed))
		for i, f := range listed {
			row[i] = rec.show(f.name)
		}
		return row
	}
	return l
}

// show formats a field for people.
func (rec record) show(name string) string {
	switch v := rec[name].(type) {
	case nil:
		return ""
	case *int64:
		if v == nil {
			return ""
		}
		return number(*v)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case []string:
		return strings.Join(v, ", ")
	case moment:
		return table.Time(v.time())
	default:
		return fmt.Sprint(v)
	}
}

// document converts a record to JSON, in the order of its fields.
type document struct {
	fields []resourceField
	record record
}

// MarshalJSON implements [json.Marshaler].
func (d document) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, f := range d.fields {
		value := d.record[f.name]
		switch v := value.(type) {
		case []string:
			value = append([]string{}, v...) // [] rather than null
		case string:
			if v == "" && i > 0 {
				value = nil
			}
		}
		text, err := encode(value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s%q:%s", map[bool]string{true: "{", false: ","}[i == 0], f.name, text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// one finds a resource by its name.
func (r resource) one(ctx context.Context, t *tracker.Tracker, name string) (record, error) {
	for rec, err := range r.list(ctx, t, name, 2) {
		return rec, err
	}
	return nil, &tracker.NotFoundError{What: r.thing(), Name: name}
}

// thing returns the word for one such resource in errors.
func (r resource) thing() string { return strings.ReplaceAll(r.name, "-", " ") }

func (a *app) showResource(r resource) *cobra.Command {
	return &cobra.Command{
		Use: "show NAME", Short: "Show all that is known of one", Args: cobra.ExactArgs(1),
		Example: fmt.Sprintf("  %s show %s", r.path(), r.sample()),
		RunE: a.run(func(ctx context.Context, args []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error { return a.showOne(ctx, t, r, args[0]) })
		}),
	}
}

func (a *app) showOne(ctx context.Context, t *tracker.Tracker, r resource, name string) error {
	rec, err := r.one(ctx, t, name)
	if err != nil {
		return a.nearestOf(ctx, t, r, name, err)
	}
	if a.json {
		return writeJSON(a.env.Stdout, document{r.fields, rec})
	}
	width := 0
	for _, f := range r.fields {
		width = max(width, len(f.name)+1)
	}
	for _, f := range r.fields {
		if text := rec.show(f.name); text != "" {
			if err := a.printf("%-*s %s\n", width, strings.ReplaceAll(f.name, "_", " ")+":", table.Line(text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// nearestOf adds the most similar name to the error of a name that was not found.
func (a *app) nearestOf(ctx context.Context, t *tracker.Tracker, r resource, name string, err error) error {
	if !errors.Is(err, tracker.ErrNotFound) {
		return err
	}
	all := known{flag: "name", what: r.thing(), names: r.names(ctx, t)}
	nearest, _ := all.nearest(name)
	return fmt.Errorf("%w%s", err, didYouMean(nearest))
}

// flagsOf adds flags for the fields that have one.
func flagsOf(flags *pflag.FlagSet, fields []resourceField) {
	for _, f := range fields {
		switch f.kind {
		case numberField:
			flags.Int64(f.flag(), 0, f.help)
		case boolField:
			flags.Bool(f.flag(), false, f.help)
		case listField:
			flags.StringArray(f.flag(), nil, f.help)
		case exactField:
			flags.Var(new(exactText), f.flag(), f.help)
		case textField, timeField:
			flags.String(f.flag(), "", f.help)
		}
	}
}

func (r resource) settable(keys bool) (all []resourceField) {
	for _, f := range r.fields {
		if f.help != "" && (!keys || f.key) {
			all = append(all, f)
		}
	}
	return all
}

func (a *app) changeResource(r resource, verb, short string, change func(context.Context, *tracker.Tracker, string, given) error) *cobra.Command {
	var actor string
	cmd := &cobra.Command{
		Use: verb + " NAME", Short: short + " " + strings.TrimPrefix(r.article(), " "), Args: cobra.ExactArgs(1),
		Example: fmt.Sprintf("  %s %s %s%s", r.path(), verb, r.sample(), r.sampleFlags()),
	}
	fields := r.settable(false)
	cmd.RunE = a.run(func(ctx context.Context, args []string) error {
		g := given{cmd.Flags()}
		if verb == "set" && !slices.ContainsFunc(fields, func(f resourceField) bool { return g.has(f.flag()) }) {
			names := make([]string, len(fields))
			for i, f := range fields {
				names[i] = "--" + f.flag()
			}
			return exit(CodeUsage, fmt.Errorf("nothing to set; give %s", strings.Join(names, " or ")))
		}
		return a.withTracker(ctx, actor, func(t *tracker.Tracker) error {
			if err := change(ctx, t, args[0], g); err != nil {
				return a.nearestOf(ctx, t, r, args[0], err)
			}
			return a.showOne(ctx, t, r, strings.TrimSpace(args[0]))
		})
	})
	flagsOf(cmd.Flags(), fields)
	cmd.Flags().StringVar(&actor, "actor", "", "who does it (default: the user)")
	return cmd
}

// article returns the word for the resource with its article.
func (r resource) article() string {
	if strings.ContainsAny(r.name[:1], "aeiou") {
		return "an " + r.thing()
	}
	return "a " + r.thing()
}

// sampleFlags returns some flags for examples.
func (r resource) sampleFlags() string {
	return map[string]string{
		"process": " --type Load --tool dbt", "cluster": " --max-memory 64 --memory-unit GB", "contact": " --email data@example.org",
		"system": " --type database --charset UTF-8", "location": " --path /landing/teams", "run-status": " --active",
		"file-type": " --delimiter ';'",
	}[r.name]
}

func (a *app) renameResource(r resource) *cobra.Command {
	var actor string
	cmd := &cobra.Command{
		Use: "rename NAME NEW-NAME", Short: "Give one another name", Args: cobra.ExactArgs(2),
		Example: fmt.Sprintf("  %s rename %s %s", r.path(), r.sample(), `"New name"`),
	}
	cmd.RunE = a.run(func(ctx context.Context, args []string) error {
		return a.withTracker(ctx, actor, func(t *tracker.Tracker) error {
			if err := r.rename(ctx, t, args[0], args[1], given{cmd.Flags()}); err != nil {
				return a.nearestOf(ctx, t, r, args[0], err)
			}
			return a.showOne(ctx, t, r, strings.TrimSpace(args[1]))
		})
	})
	flagsOf(cmd.Flags(), r.settable(true))
	cmd.Flags().StringVar(&actor, "actor", "", "who does it (default: the user)")
	return cmd
}

func (a *app) deleteResource(r resource) *cobra.Command {
	cmd := &cobra.Command{
		Use: "delete NAME", Short: "Delete one that nothing refers to", Args: cobra.ExactArgs(1),
		Example: fmt.Sprintf("  %s delete %s", r.path(), r.sample()),
	}
	cmd.RunE = a.run(func(ctx context.Context, args []string) error {
		return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
			if err := a.confirm(fmt.Sprintf("Delete %s %q?", r.thing(), args[0])); err != nil {
				return err
			}
			if err := r.remove(ctx, t, args[0], given{cmd.Flags()}); err != nil {
				return a.nearestOf(ctx, t, r, args[0], err)
			}
			if a.json {
				return writeJSON(a.env.Stdout, map[string]string{"deleted": args[0]})
			}
			return a.printf("deleted %s %q\n", r.thing(), args[0])
		})
	})
	flagsOf(cmd.Flags(), r.settable(true))
	confirmFlag(cmd.Flags())
	return cmd
}

func (a *app) linkResource(r resource, l link, verb, short string, do func(context.Context, *tracker.Tracker, string, string, given) error) *cobra.Command {
	var actor string
	cmd := &cobra.Command{
		Use: verb + " NAME " + l.others + "...", Short: short, Args: cobra.MinimumNArgs(2),
		Example: fmt.Sprintf("  %s %s %s %s", r.path(), verb, r.sample(), `"Teams Load"`),
	}
	cmd.RunE = a.run(func(ctx context.Context, args []string) error {
		return a.withTracker(ctx, actor, func(t *tracker.Tracker) error {
			for _, other := range args[1:] {
				if err := do(ctx, t, args[0], other, given{cmd.Flags()}); err != nil {
					return err
				}
			}
			return a.showOne(ctx, t, r, strings.TrimSpace(args[0]))
		})
	})
	if l.flags != nil {
		l.flags(cmd.Flags())
	}
	flagsOf(cmd.Flags(), r.settable(true))
	cmd.Flags().StringVar(&actor, "actor", "", "who does it (default: the user)")
	return cmd
}
