package cli

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const extractHelp = `Register extracts (files, or other pieces of data that a run writes or reads), set their
statuses, claim the ready ones, and show them. Commands that write need the handle of a
run, from "processtracker start" or from "processtracker exec --share-run".`

const extractExample = `  processtracker extract register teams.csv --location /landing/teams --status ready
  processtracker extract set loading /landing/teams/teams.csv
  processtracker extract list --status ready --json`

func (a *app) extractCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "extract", Short: "Register, claim and show extracts", Long: extractHelp, Example: extractExample, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	list := a.extractsCommand()
	list.Use = "list"
	list.ResetCommands()
	cmd.AddCommand(a.extractRegisterCommand(), a.extractSetCommand(), a.extractClaimCommand(), list, a.extractShowCommand(),
		a.extractMeasureCommand(), a.extractDependCommand(), a.releaseExtractsCommand())
	return cmd
}

// chosen holds the flags that name extracts, in addition to the arguments.
type chosen struct {
	ids      []int64
	location string
}

func (c *chosen) flags(cmd *cobra.Command) {
	cmd.Flags().Int64SliceVar(&c.ids, "id", nil, "the extract's id, as \"extract list\" shows it (repeatable)")
	cmd.Flags().StringVar(&c.location, "location", "", "the path of the location in which the arguments are names")
}

const chosenHelp = `Extracts are named by their paths, as "extract claim" prints them, by their names in
--location, or by --id.`

// extracts finds the extracts that the flags and arguments name, in that order.
func (c *chosen) extracts(ctx context.Context, t *tracker.Tracker, args []string) ([]tracker.Extract, error) {
	var all []tracker.Extract
	for _, id := range c.ids {
		if id < 1 {
			return nil, exit(CodeUsage, fmt.Errorf("--id %d is not an id; give a whole number from 1, as the lists show them", id))
		}
		e, err := oneExtract(ctx, t, tracker.ExtractFilter{ID: id})
		if err != nil {
			return nil, err
		}
		if e == nil {
			return nil, &tracker.NotFoundError{What: "extract with id", Name: number(id)}
		}
		all = append(all, *e)
	}
	for _, arg := range args {
		e, err := c.named(ctx, t, arg)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	if len(all) == 0 {
		return nil, exit(CodeUsage, errors.New("no extracts are named; give their paths, their names with --location, or --id"))
	}
	return all, nil
}

// named finds an extract by its name in the location, or by its path.
func (c *chosen) named(ctx context.Context, t *tracker.Tracker, arg string) (tracker.Extract, error) {
	places := splits(arg)
	if c.location != "" {
		places = []spot{{c.location, arg}}
	}
	for _, p := range places {
		e, err := oneExtract(ctx, t, tracker.ExtractFilter{Location: p.location, Name: p.name})
		if err != nil || e != nil {
			return orZero(e), err
		}
	}
	if c.location == "" && len(places) == 0 {
		return tracker.Extract{}, exit(CodeUsage, fmt.Errorf("%q is a name without a location; give --location, or the whole path", arg))
	}
	what := arg
	if c.location != "" {
		what += " in " + c.location
	}
	return tracker.Extract{}, &tracker.NotFoundError{What: "extract", Name: what}
}

func orZero(e *tracker.Extract) tracker.Extract {
	if e == nil {
		return tracker.Extract{}
	}
	return *e
}

func oneExtract(ctx context.Context, t *tracker.Tracker, f tracker.ExtractFilter) (*tracker.Extract, error) {
	f.Limit = 1
	for e, err := range t.Extracts(ctx, f) {
		return &e, err
	}
	return nil, nil //nolint:nilnil // there is none
}

// spot is a location and the name of an extract in it.
type spot struct{ location, name string }

// splits returns the splits of a path into location and name, the longest location
// first: a name may contain directories, and a location's path may end with a slash.
//
// A location that was registered as a bare name, such as landing, is not absolute, so
// the path is also tried as it was given.
func splits(given string) []spot {
	all := splitsOf(absolute(given))
	if absolute(given) != given {
		all = append(all, splitsOf(given)...)
	}
	return all
}

func splitsOf(given string) (all []spot) {
	begin := 0
	if scheme, _, ok := strings.Cut(given, "://"); ok {
		begin = len(scheme) + len("://")
	}
	for i := len(given) - 1; i > begin; i-- {
		if given[i] != '/' {
			continue
		}
		if name := given[i+1:]; name != "" {
			all = append(all, spot{given[:i], name}, spot{given[:i+1], name})
		}
	}
	return all
}

// absolute makes a local path with a directory absolute. Locations' paths are stored as
// given, so they have to mean the same in the working directory of every later call.
func absolute(given string) string {
	switch {
	case strings.Contains(given, "://"), strings.HasPrefix(given, "~"), !strings.ContainsAny(given, `/\`):
		return given
	}
	end := ""
	if strings.HasSuffix(given, "/") {
		end = "/"
	}
	full, err := filepath.Abs(given)
	if err != nil || full == "/" {
		return given
	}
	return full + end
}

// divided splits the path of a file to register into its directory and its name.
func divided(given string) (spot, bool) {
	given = absolute(given)
	dir, name := path.Split(filepath.ToSlash(given))
	if len(dir) > 1 && !strings.HasSuffix(dir, "://") {
		dir = strings.TrimSuffix(dir, "/")
	}
	return spot{dir, name}, dir != "" && name != "" && !strings.HasSuffix(dir, "://")
}

// printExtracts prints extracts as a JSON array, or as one line each.
func (a *app) printExtracts(all []tracker.Extract, line func(tracker.Extract) string) error {
	if a.json {
		documents := make([]any, len(all))
		for i, e := range all {
			documents[i] = newExtractJSON(e)
		}
		return writeJSON(a.env.Stdout, documents)
	}
	for _, e := range all {
		if err := a.printf("%s\n", line(e)); err != nil {
			return err
		}
	}
	return nil
}

func extractLine(e tracker.Extract) string {
	return fmt.Sprintf("extract %d is %s: %s", e.ID, e.Status, e.Path())
}

// again reads the current state of extracts.
func again(ctx context.Context, t *tracker.Tracker, all []tracker.Extract) ([]tracker.Extract, error) {
	now := make([]tracker.Extract, 0, len(all))
	for _, e := range all {
		read, err := oneExtract(ctx, t, tracker.ExtractFilter{ID: e.ID})
		if err != nil {
			return nil, fmt.Errorf("the change was made, but the extracts cannot be shown: %w", err)
		}
		if read != nil {
			now = append(now, *read)
		}
	}
	return now, nil
}

// orNone formats a time, or returns a placeholder for the zero time.
func orNone(at time.Time) string {
	if at.IsZero() {
		return "(none)"
	}
	return at.UTC().Format(time.RFC3339Nano)
}
