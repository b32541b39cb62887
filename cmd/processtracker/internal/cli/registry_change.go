package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/core/tracker"
)

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
		Example: fmt.Sprintf("  %s %s %s%s", r.path(), verb, cmp.Or(r.sample, "mine"), r.sampleFlags),
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
	cmd.Flags().StringVar(&actor, "actor", "", "the actor to record (default: your user name)")
	return cmd
}

// article returns the word for the resource with its article.
func (r resource) article() string {
	if strings.ContainsAny(r.name[:1], "aeiou") {
		return "an " + r.thing()
	}
	return "a " + r.thing()
}

func (a *app) renameResource(r resource) *cobra.Command {
	var actor string
	cmd := &cobra.Command{
		Use: "rename NAME NEW-NAME", Short: "Rename " + r.article(), Args: cobra.ExactArgs(2),
		Example: fmt.Sprintf("  %s rename %s %s", r.path(), cmp.Or(r.sample, "mine"), `"New name"`),
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
	cmd.Flags().StringVar(&actor, "actor", "", "the actor to record (default: your user name)")
	return cmd
}

func (a *app) deleteResource(r resource) *cobra.Command {
	cmd := &cobra.Command{
		Use: "delete NAME", Short: "Delete one that nothing refers to", Args: cobra.ExactArgs(1),
		Example: fmt.Sprintf("  %s delete %s --yes", r.path(), cmp.Or(r.sample, "mine")),
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
		Example: fmt.Sprintf("  %s %s %s %s", r.path(), verb, cmp.Or(r.sample, "mine"), l.sample),
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
	cmd.Flags().StringVar(&actor, "actor", "", "the actor to record (default: your user name)")
	return cmd
}
