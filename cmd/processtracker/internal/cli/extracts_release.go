package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const releaseExtractsHelp = `Release extracts that are loading but that no active run holds: they get the status that
they had before, or that of --to. A run that completes without setting the status of an
extract leaves it so; a failed or dead run's extracts are released by themselves.
Extracts that an active run holds are left alone: end that run first ("processtracker
reap --force").`

// releaseExtractsCommand puts back extracts that no run is loading any more.
func (a *app) releaseExtractsCommand() *cobra.Command {
	var filter tracker.ExtractFilter
	var to, reason, actor string
	var all, dry bool
	cmd := &cobra.Command{
		Use: "release --reason TEXT", Short: "Release extracts that are loading but that no active run holds", Args: cobra.NoArgs,
		Example: `  processtracker extracts release --all --dry-run --reason "the load was completed by hand"
  processtracker extracts release --process "Teams Load" --reason "the load was completed by hand"`,
		Long: releaseExtractsHelp,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			if filter == (tracker.ExtractFilter{}) && !all {
				return exit(CodeUsage, errors.New("no extracts are named; give --id, --name, --glob, --location, --process, --run or --all"))
			}
			filter.Unheld = true
			return a.withTracker(ctx, actor, func(t *tracker.Tracker) error {
				return a.releaseExtracts(ctx, t, filter, tracker.ExtractStatus(to), reason, dry)
			})
		}),
	}
	flags := cmd.Flags()
	flags.Var(idFlag{&filter.ID}, "id", "only the extract with this id")
	flags.StringVar(&filter.Name, "name", "", "only extracts of exactly this name")
	flags.StringVar(&filter.NameGlob, "glob", "", "only extracts whose names match: * is any characters, ? is one")
	flags.StringVar(&filter.Location, "location", "", "only extracts in the location with this path")
	flags.StringVar(&filter.Process, "process", "", "only extracts that runs of this process registered")
	flags.Var(idFlag{&filter.RunID}, "run", "only extracts that the run with this id worked on")
	flags.BoolVar(&all, "all", false, "all of them")
	flags.StringVar(&to, "to", "", "their new status (default: the one that they had before)")
	flags.StringVar(&reason, "reason", "", "the reason; the history keeps it")
	flags.StringVar(&actor, "actor", "", "the actor to record (default: your user name)")
	flags.BoolVar(&dry, "dry-run", false, "print them, and change nothing")
	if err := cmd.MarkFlagRequired("reason"); err != nil {
		panic(err) // the flag was defined some lines above
	}
	return cmd
}

func (a *app) releaseExtracts(ctx context.Context, t *tracker.Tracker, f tracker.ExtractFilter, to tracker.ExtractStatus, reason string, dry bool) error {
	var extracts []tracker.Extract
	for e, err := range t.Extracts(ctx, f) {
		if err != nil {
			return err
		}
		extracts = append(extracts, e)
	}
	verb := "would release"
	if !dry {
		verb = "released"
		var all []tracker.Extract
		for part := range slices.Chunk(extracts, 10_000) {
			released, err := t.Admin().ReleaseExtracts(ctx, reason, to, part...)
			if err != nil {
				return err
			}
			all = append(all, released...)
		}
		extracts = all
	}
	if a.json {
		documents := make([]any, len(extracts))
		for i, e := range extracts {
			documents[i] = newExtractJSON(e)
		}
		return writeJSON(a.env.Stdout, documents)
	}
	for _, e := range extracts {
		if err := a.printf("%s %s (id %d): %s\n", verb, e.Path(), e.ID, e.Status); err != nil {
			return err
		}
	}
	return a.printf("%s %s\n", verb, counted(int64(len(extracts)), "extract", "extracts"))
}
