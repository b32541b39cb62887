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
		Use:   "setup",
		Short: "Create the tracker's tables, or bring them up to date",
		Long: `Create the tracker's tables, or bring older ones up to the version that this
program works with. Run again, it changes nothing. An SQLite file that does not
exist is made; a PostgreSQL or MySQL database has to be there.

With --dry-run it prints the SQL instead, for psql, mysql, mariadb or sqlite3,
and changes nothing. What is set up by hand with it is set up.`,
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
				return a.printSetup(db, result)
			})
		}),
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only print the SQL that would be run")
	return cmd
}

func (a *app) upgradeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "upgrade",
		Short: "Bring the tables of an older version up to date",
		Long: `Bring the tables that an older version made up to the version that this program
works with; their data stays. Other than setup, it refuses a database without
any. For the SQL, see "processtracker setup --dry-run".`,
		Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withBackend(ctx, false, func(db backends.Database, b dialect.Backend) error {
				result, err := setup.Upgrade(ctx, b)
				if err != nil {
					return err
				}
				return a.printSetup(db, result)
			})
		}),
	}
}

// dryRun prints what setting up would run, also for a file that is not there.
func (a *app) dryRun(ctx context.Context) error {
	db, err := a.database()
	if err != nil {
		return err
	}
	var plan setup.Plan
	err = a.withBackend(ctx, false, func(_ backends.Database, b dialect.Backend) (err error) {
		plan, err = setup.DryRun(ctx, b)
		return err
	})
	if d, ok := db.New(); ok && errors.Is(err, dialect.ErrNoDatabase) {
		plan, err = setup.DryRunNew(d), nil
	}
	if err != nil {
		return err
	}
	return a.printPlan(db, plan)
}

func (a *app) printPlan(db backends.Database, plan setup.Plan) error {
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			Backend string `json:"backend"`
			Where   string `json:"where"`
			From    int    `json:"from_version"`
			To      int    `json:"to_version"`
			Script  string `json:"script"`
		}{db.Name(), db.Where(), plan.From, plan.To, plan.Script})
	}
	if plan.Script == "" { // a comment, so that it can be run, too
		return a.printf("-- %s\n", setupSentence(plan.Result))
	}
	return a.printf("%s", plan.Script)
}

func (a *app) printSetup(db backends.Database, result setup.Result) error {
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			Backend string `json:"backend"`
			Where   string `json:"where"`
			From    int    `json:"from_version"`
			To      int    `json:"to_version"`
			Changed bool   `json:"changed"`
		}{db.Name(), db.Where(), result.From, result.To, result.From != result.To})
	}
	return a.printf("%s: %s\n", db.Where(), setupSentence(result))
}

func setupSentence(result setup.Result) string {
	switch result.From {
	case result.To:
		return fmt.Sprintf("nothing to do, the schema has version %d already", result.To)
	case 0:
		return fmt.Sprintf("set up, schema version %d", result.To)
	default:
		return fmt.Sprintf("upgraded from schema version %d to %d", result.From, result.To)
	}
}
