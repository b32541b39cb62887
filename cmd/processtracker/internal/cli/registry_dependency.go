package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

const dependencyHelp = `Dependencies: which process waits for which. With a normal dependency, a process waits
while its parent's latest run is active, failed or on hold. With a hard one, it also
waits until the parent has run. A soft one is only recorded. With a fresh one, it also
waits until the parent has completed since the process last did.`

func (a *app) dependencyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "dependency", Short: "Which process waits for which", Long: dependencyHelp, Args: cobra.NoArgs,
		Example: `  processtracker dependency add "Teams Load" "Teams Extract" --kind hard
  processtracker dependency list "Teams Load"`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.listDependencies(), a.setDependency(), a.removeDependency())
	return cmd
}

type dependencyJSON struct {
	Process   string `json:"process"`
	DependsOn string `json:"depends_on"`
	Kind      string `json:"kind"`
	Fresh     bool   `json:"fresh"`
	CreatedAt moment `json:"created_at"`
	CreatedBy string `json:"created_by"`
}

func dependencyListing() listing[tracker.Dependency] {
	return listing[tracker.Dependency]{
		things: "dependencies",
		columns: []table.Column{
			{Title: "Process", Least: 16, Wrap: true}, {Title: "Depends on", Least: 16, Wrap: true}, {Title: "Kind"}, {Title: "Fresh"},
		},
		row: func(d tracker.Dependency) []string {
			return []string{d.Child, d.Parent, string(d.Kind), map[bool]string{true: "yes", false: "no"}[d.Fresh]}
		},
		document: func(d tracker.Dependency) any {
			return dependencyJSON{d.Child, d.Parent, string(d.Kind), d.Fresh, moment(d.Audit.CreatedAt), d.Audit.CreatedBy}
		},
	}
}

func (a *app) listDependencies() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use: "list [PROCESS]", Short: "List all dependencies, or those of a process and those on it", Args: cobra.MaximumNArgs(1),
		Example: `  processtracker dependency list "Teams Load" --json`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				list := t.Registry().AllDependencies(ctx)
				if len(args) == 1 {
					d, err := t.Registry().Dependencies(ctx, args[0])
					if err != nil {
						return err
					}
					list = each(append(d.Parents, d.Children...))
				}
				return show(a, dependencyListing(), limit, list)
			})
		}),
	}
	limitVar(cmd.Flags(), &limit)
	return cmd
}

func (a *app) setDependency() *cobra.Command {
	var kind, actor string
	var fresh, anyAge bool
	cmd := &cobra.Command{
		Use: "add PROCESS DEPENDS-ON", Aliases: []string{"set"}, Short: "Make a process wait for another, or change its dependency", Args: cobra.ExactArgs(2),
		Example: `  processtracker dependency add "Teams Load" "Teams Extract" --fresh`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			o := tracker.DependencyOptions{Kind: tracker.DependencyKind(kind)}
			switch {
			case fresh:
				o.Freshness = tracker.Fresh
			case anyAge:
				o.Freshness = tracker.AnyAge
			}
			return a.withTracker(ctx, actor, func(t *tracker.Tracker) error {
				if err := t.Registry().AddDependency(ctx, args[0], args[1], o); err != nil {
					return err
				}
				d, err := t.Registry().Dependencies(ctx, args[0])
				if err != nil {
					return err
				}
				return show(a, dependencyListing(), 0, each(d.Parents))
			})
		}),
	}
	cmd.Flags().StringVar(&kind, "kind", "", "normal, hard or soft (default: as it is, or normal)")
	cmd.Flags().BoolVar(&fresh, "fresh", false, "also wait for new data")
	cmd.Flags().BoolVar(&anyAge, "any-age", false, "do not wait for new data")
	cmd.Flags().StringVar(&actor, "actor", "", "the actor to record (default: your user name)")
	atMostOne(cmd, "fresh", "any-age")
	return cmd
}

func (a *app) removeDependency() *cobra.Command {
	return &cobra.Command{
		Use: "remove PROCESS DEPENDS-ON", Aliases: []string{"delete"}, Short: "Remove a dependency", Args: cobra.ExactArgs(2),
		Example: `  processtracker dependency remove "Teams Load" "Teams Extract"`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				if err := t.Registry().RemoveDependency(ctx, args[0], args[1]); err != nil {
					return err
				}
				if a.json {
					return writeJSON(a.env.Stdout, map[string]string{"process": args[0], "depended_on": args[1]})
				}
				return a.printf("process %q does not depend on %q any more\n", args[0], args[1])
			})
		}),
	}
}
