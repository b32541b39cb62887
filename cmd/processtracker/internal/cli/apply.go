package cli

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const fileHelp = `The file is YAML, such as:

  systems:
    shop:
      type: database
      contacts: [{name: Shop Team, email: shop@example.org}]
      objects:
        orders:
          attributes: {id: {data_type: bigint, key: true}, email: {pii: true}}
  clusters:
    spark: {max_memory: 64, memory_unit: GB}
  processes:
    Orders Load:
      type: Load
      tool: dbt
      frequency: daily
      sources: [{system: shop, object: orders}]
      targets: [dwh]
      depends_on: [{process: Orders Extract, kind: hard, fresh: true}]
      contacts: [Data Team]
      clusters: [spark]
      max_failures: 5      # or never

"processtracker export" writes such a file from the database.`

const applyHelp = `Bring the processes, systems and clusters in the database in line with a file. Entries that
are new are registered, and entries that differ are changed. What an entry leaves out
stays; --prune removes it from the processes, systems and clusters that the file names.
The command touches nothing else, and deletes no process, system or run.

The whole file is checked before anything is written. Each difference is a transaction of
its own: if one fails, those before it are done, and applying the file again goes on.

` + fileHelp

func (a *app) applyCommand() *cobra.Command {
	var file, actor string
	var dry, prune bool
	cmd := &cobra.Command{
		Use: "apply -f FILE", Short: "Bring processes, systems and clusters in line with a file", Long: applyHelp, Args: cobra.NoArgs,
		Example: `  processtracker apply -f processes.yaml --dry-run
  processtracker apply -f processes.yaml --prune`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withDifference(ctx, actor, file, prune, func(t *tracker.Tracker, all []difference) error {
				if dry {
					return a.printSteps(all, "would be done")
				}
				if prune && len(all) > 0 {
					if err := a.confirm(fmt.Sprintf("This makes %s, and removes what the file leaves out (see: processtracker diff --prune).\nGo on?", counted(int64(len(all)), "change", "changes"))); err != nil {
						return err
					}
				}
				for i, s := range all {
					if err := s.do(ctx, t); err != nil {
						a.sayf("applied %d of %d differences; apply the file again to go on", i, len(all))
						return fmt.Errorf("%s: %s: %w", s.Of, s.What, err)
					}
				}
				return a.printSteps(all, "done")
			})
		}),
	}
	fileFlag(cmd, &file)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "print what would change, and change nothing")
	cmd.Flags().BoolVar(&prune, "prune", false, "also remove the parts that the file leaves out of the entries it names")
	cmd.Flags().StringVar(&actor, "actor", "", "the actor to record (default: your user name)")
	confirmFlag(cmd.Flags())
	return cmd
}

func (a *app) diffCommand() *cobra.Command {
	var file string
	var prune bool
	cmd := &cobra.Command{
		Use: "diff -f FILE", Short: "Show how the database differs from a file", Args: cobra.NoArgs,
		Long: `Show what "processtracker apply" would change. Exits with 6 if there are differences,
and with 0 if there are none.

` + fileHelp,
		Example: `  processtracker diff -f processes.yaml`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withDifference(ctx, "", file, prune, func(_ *tracker.Tracker, all []difference) error {
				if err := a.printSteps(all, "in all"); err != nil || len(all) == 0 {
					return err
				}
				return exit(CodeDiffers, nil)
			})
		}),
	}
	fileFlag(cmd, &file)
	cmd.Flags().BoolVar(&prune, "prune", false, "also show the parts that the file leaves out of the entries it names")
	return cmd
}

func fileFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVarP(file, "file", "f", "", "the file; - is standard input")
	if err := cmd.MarkFlagRequired("file"); err != nil {
		panic(err) // the flag was defined a line above
	}
}

// withDifference reads the file, and the current state of the objects that it names
// from the database.
func (a *app) withDifference(ctx context.Context, actor, file string, prune bool, work func(*tracker.Tracker, []difference) error) error {
	want, err := a.readFile(file)
	if err != nil {
		return err
	}
	return a.withTracker(ctx, actor, func(t *tracker.Tracker) error {
		have, err := storedDeclared(ctx, t, want.names())
		if err != nil {
			return err
		}
		if err := checkClusters(ctx, t, want); err != nil {
			return err
		}
		return work(t, differences(want, have, prune))
	})
}

func (a *app) readFile(file string) (declared, error) {
	from := a.env.Stdin
	if file != "-" {
		f, err := os.Open(file) //nolint:gosec // the user names it
		if err != nil {
			return declared{}, exit(CodeUsage, fmt.Errorf("the file cannot be read: %w", err))
		}
		defer func() { _ = f.Close() }() // it was only read
		from = f
	}
	return readDeclared(file, from)
}

// names returns the names that the file declares.
func (d declared) names() *wanted {
	w := wanted{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, s := range d.systems {
		w.systems[s.Name] = true
	}
	for _, c := range d.clusters {
		w.clusters[c.Name] = true
	}
	for _, p := range d.processes {
		w.processes[p.Name] = true
	}
	return &w
}

// checkClusters rejects processes in a cluster if the cluster is neither in the file
// nor in the database.
func checkClusters(ctx context.Context, t *tracker.Tracker, want declared) error {
	known := want.names().clusters
	for c, err := range t.Registry().Clusters(ctx, tracker.NameFilter{}) {
		if err != nil {
			return err
		}
		known[c.Name] = true
	}
	for _, p := range want.processes {
		if i := slices.IndexFunc(p.clusters, func(c string) bool { return !known[c] }); i >= 0 {
			return exit(CodeUsage, fmt.Errorf("process %q: %w; add it to the clusters of the file", p.Name, &tracker.NotFoundError{What: "cluster", Name: p.clusters[i]}))
		}
	}
	return nil
}

func (a *app) printSteps(all []difference, done string) error {
	if a.json {
		return writeJSON(a.env.Stdout, append([]difference{}, all...))
	}
	for _, s := range all {
		if err := a.printf("%s\n", oneLine(s.String())); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return a.printf("nothing differs\n")
	}
	return a.printf("%s %s\n", counted(int64(len(all)), "difference", "differences"), done)
}

func (a *app) exportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "export [PROCESS]...", Short: "Print processes, systems and clusters as a file for apply",
		Long: `Print the processes, systems and clusters of the database as a file for "processtracker
apply", which then finds no difference. If you name processes, it prints only those.

` + fileHelp,
		Example: `  processtracker export > processes.yaml
  processtracker export "Teams Load"`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				var w *wanted
				for _, name := range args {
					if _, err := t.Registry().Totals(ctx, name); err != nil {
						return err
					}
					if w == nil {
						w = declared{}.names()
					}
					w.processes[name] = true
				}
				d, err := storedDeclared(ctx, t, w)
				if err != nil {
					return err
				}
				return d.write(a.env.Stdout)
			})
		}),
	}
	return cmd
}
