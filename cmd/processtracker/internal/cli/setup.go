package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

func (a *app) setupCommand() *cobra.Command {
	var dry bool
	cmd := &cobra.Command{
		Use: "setup",
		Example: `  processtracker setup
  processtracker setup --dry-run > setup.sql`,
		Short: "Create the tracker's tables, or bring them up to date",
		Long: `Create the tracker's tables, or bring older ones up to the version that this program
works with. Running it again changes nothing. An SQLite file that does not exist is
created; a PostgreSQL or MySQL database must exist.

With --dry-run it prints the SQL instead, for psql, mysql, mariadb or sqlite3, and
changes nothing. Running that SQL by hand has the same effect.`,
		Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			if dry {
				return a.dryRun(ctx)
			}
			if err := a.makeDefaultDirectory(); err != nil {
				return err
			}
			return a.withBackend(ctx, true, func(db backends.Database, b dialect.Backend) error {
				result, err := setup.Run(ctx, b)
				if err != nil {
					return err
				}
				return a.afterSetup(ctx, db, b, result)
			})
		}),
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only print the SQL that would be run")
	return cmd
}

func (a *app) upgradeCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "upgrade",
		Example: "  processtracker upgrade",
		Short:   "Bring the tables of an older version up to date",
		Long: `Bring the tables of an older version up to the version that this program works with;
their data stays. Unlike setup, upgrade refuses a database without tables. For the SQL,
see "processtracker setup --dry-run".`,
		Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withBackend(ctx, false, func(db backends.Database, b dialect.Backend) error {
				result, err := setup.Upgrade(ctx, b)
				if err != nil {
					return err
				}
				return a.afterSetup(ctx, db, b, result)
			})
		}),
	}
}

// dryRun prints the statements that setup would run, even for a file that doesn't exist.
func (a *app) dryRun(ctx context.Context) error {
	db, err := a.database()
	if err != nil {
		return err
	}
	var plan setup.Plan
	var found setup.Comparison
	err = a.withBackend(ctx, false, func(_ backends.Database, b dialect.Backend) (err error) {
		if plan, err = setup.DryRun(ctx, b); err == nil && plan.Script == "" {
			found, err = setup.Compare(ctx, b)
		}
		return err
	})
	if d, ok := db.New(); ok && errors.Is(err, dialect.ErrNoDatabase) {
		plan, err = setup.DryRunNew(d), nil
	}
	if err != nil {
		return err
	}
	if err := a.printPlan(db, plan, len(found.Drifts)); err != nil {
		return err
	}
	return a.driftedAfter(found)
}

// afterSetup reports the result of a setup, and the differences that it leaves alone:
// changes that were made by hand since an earlier setup.
func (a *app) afterSetup(ctx context.Context, db backends.Database, b dialect.Backend, result setup.Result) error {
	found, err := setup.Compare(ctx, b)
	if err != nil {
		return err
	}
	if err := a.printSetup(db, result, len(found.Drifts)); err != nil {
		return err
	}
	return a.driftedAfter(found)
}

// driftedAfter returns the error for drift that keeps the tracker from working.
func (a *app) driftedAfter(found setup.Comparison) error {
	if n := found.Breaks(); n > 0 {
		return exit(CodeDrift, fmt.Errorf("setup does not undo changes to a schema, and %s the tracker from working; to see what to do, run: processtracker status", differencesKeep(n)))
	}
	return nil
}

func (a *app) printPlan(db backends.Database, plan setup.Plan, drifts int) error {
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			Backend string `json:"backend"`
			Where   string `json:"where"`
			From    int    `json:"from_version"`
			To      int    `json:"to_version"`
			Script  string `json:"script"`
		}{db.Name(), db.Where(), plan.From, plan.To, plan.Script})
	}
	if plan.Script == "" { // a comment, so that the output is valid SQL, too
		return a.printf("-- %s\n", setupSentence(plan.Result, drifts))
	}
	return a.printf("%s", plan.Script)
}

func (a *app) printSetup(db backends.Database, result setup.Result, drifts int) error {
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			Backend string `json:"backend"`
			Where   string `json:"where"`
			From    int    `json:"from_version"`
			To      int    `json:"to_version"`
			Changed bool   `json:"changed"`
			Drifts  int    `json:"drifts"` // status lists them
		}{db.Name(), db.Where(), result.From, result.To, result.From != result.To, drifts})
	}
	return a.printf("%s: %s\n", db.Where(), setupSentence(result, drifts))
}

func setupSentence(result setup.Result, drifts int) string {
	switch {
	case drifts > 0:
		return fmt.Sprintf("the schema has version %d and differs from what setup makes (differences: %d); see: processtracker status", result.To, drifts)
	case result.From == result.To:
		return fmt.Sprintf("nothing to do, the schema has version %d already", result.To)
	case result.From == 0:
		return fmt.Sprintf("set up, schema version %d", result.To)
	default:
		return fmt.Sprintf("upgraded from schema version %d to %d", result.From, result.To)
	}
}
