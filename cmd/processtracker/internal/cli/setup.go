package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

func (a *app) setupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "setup",
		Short: "Create the tracker's tables, or bring them up to date",
		Long: `Create the tracker's tables, or bring older ones up to the version that this
program works with. Run again, it changes nothing. An SQLite file that does not
exist is made; a PostgreSQL database has to be there.`,
		Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error {
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
