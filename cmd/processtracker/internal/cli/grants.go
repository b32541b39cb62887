package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

func (a *app) grantsCommand() *cobra.Command {
	var role, to string
	cmd := &cobra.Command{
		Use: "grants --role ROLE --to NAME",
		Example: `  processtracker grants --role runner --to etl > runner.sql
  processtracker grants --role reader --to reports@10.0.0.% > reader.sql`,
		Short: "Print a script that gives a user the rights of a role",
		Long: `Print a script that gives a user of the database the rights of a role, for a DBA to
review and run. The command itself grants nothing.

  owner   sets up and upgrades, and may do everything that the other roles may
  runner  may make every call of the tracker except those that delete lookups
  reader  may make every call that only reads, and read the views

NAME is a role in PostgreSQL, and user@host in MySQL and MariaDB (user alone stands for
user@%), without quotes. The user must exist. Run the script for a runner or a reader
after setup, and again after each upgrade.`,
		Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.withBackend(ctx, false, func(_ backends.Database, b dialect.Backend) error {
				statements, err := setup.Grants(b.Dialect(), setup.Role(role), to)
				if err != nil {
					return err
				}
				return a.printGrants(b.Dialect(), role, statements)
			})
		}),
	}
	cmd.Flags().StringVar(&role, "role", "", fmt.Sprintf("one of %v", setup.Roles()))
	cmd.Flags().StringVar(&to, "to", "", "the user")
	for _, flag := range []string{"role", "to"} {
		if err := cmd.MarkFlagRequired(flag); err != nil {
			panic(err) // there is no such flag
		}
	}
	return cmd
}

func (a *app) printGrants(d dialect.Dialect, role string, statements []string) error {
	script := fmt.Sprintf("-- ProcessTracker: the rights of the role %s.\n", role) + d.Script(statements)
	if len(statements) == 0 {
		script = "-- This database has no users: a user who may write to its file may do everything, and a user who may read the file may read everything.\n"
	}
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			Role   string `json:"role"`
			Script string `json:"script"`
		}{role, script})
	}
	return a.printf("%s", script)
}
