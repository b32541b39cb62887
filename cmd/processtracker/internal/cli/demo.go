package cli

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/cmd/processtracker/demo"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

const demoHelp = `Extract the tables of the time zone database into CSV files, load these into the tables
demo_country, demo_time_zone and demo_leap_second, and show the runs and extracts that
were tracked. Everything happens in a new temporary directory, in a new SQLite file.

With --dsn it happens in that database, which the demo sets up if needed; the rows of an
earlier demo are replaced. PROCESSTRACKER_DSN is ignored.

The program is meant to be read: cmd/processtracker/demo.`

// demoShown limits how many rows of each list the demo shows, as the database may have
// other users.
const demoShown = 12

func (a *app) demoCommand() *cobra.Command {
	var landing string
	cmd := &cobra.Command{
		Use: "demo", Short: "Extract and load real tables, and show the runs and extracts that were tracked",
		Example: `  processtracker demo
  processtracker demo --dir tables`,
		Long: demoHelp, Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error { return a.demo(ctx, landing) }),
	}
	cmd.Flags().StringVar(&landing, "dir", "", "write the CSV files to this directory, replacing those of an earlier demo")
	return cmd
}

func (a *app) demo(ctx context.Context, landing string) error {
	story := a.env.Stdout
	if a.json {
		story = a.env.Stderr
	}
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(story, format+"\n", args...) }

	flag := "…" // not the DSN itself, which may contain a password
	if a.dsn == "" && !a.named {
		dir, err := a.demoDirectory()
		if err != nil {
			return err
		}
		a.dsn = sqlite.DSN(filepath.Join(dir, "tracker.db"))
		flag = a.dsn
		landing = cmp.Or(landing, filepath.Join(dir, "landing"))
	}
	return a.withBackend(ctx, true, func(db backends.Database, b dialect.Backend) error {
		result, err := setup.Run(ctx, b)
		if err != nil {
			return err
		}
		t, err := tracker.New(ctx, b, nil)
		if err != nil {
			return err
		}
		landing, err := a.landingDirectory(landing)
		if err != nil {
			return err
		}
		say("Database: %s (%s)", db.Where(), setupSentence(result, 0))
		say("Landing directory: %s\n", landing)
		if err := runDemo(ctx, db, demo.Demo{Tracker: t, Placeholders: b.Dialect().Placeholders(), Landing: landing, Say: say}); err != nil {
			return err
		}
		return a.showDemo(ctx, db, t, landing, flag)
	})
}

// demoDirectory creates a new temporary directory, which is not removed.
func (a *app) demoDirectory() (string, error) {
	return os.MkdirTemp(a.env.Getenv("TMPDIR"), "processtracker-demo-")
}

// landingDirectory creates the directory that the user named, or a temporary one.
func (a *app) landingDirectory(named string) (string, error) {
	if named == "" {
		return a.demoDirectory()
	}
	dir, err := filepath.Abs(named)
	if err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o750)
}

func runDemo(ctx context.Context, db backends.Database, d demo.Demo) error {
	var err error
	if d.DB, err = db.OpenSQL(ctx); err != nil {
		return err
	}
	defer func() { _ = d.DB.Close() }() // all writes have been committed
	return d.Run(ctx)
}

// demoLists are the lists that the demo shows at its end.
type demoLists struct {
	runs     iter.Seq2[tracker.RunInfo, error]
	extracts iter.Seq2[tracker.Extract, error]
	errors   iter.Seq2[tracker.RunError, error]
}

func (a *app) showDemo(ctx context.Context, db backends.Database, t *tracker.Tracker, landing, flag string) error {
	lists := demoLists{
		runs: chain(t.Runs(ctx, tracker.RunFilter{Process: demo.LoadProcess, Limit: demoShown / 2}),
			t.Runs(ctx, tracker.RunFilter{Process: demo.ExtractProcess, Limit: demoShown / 2})),
		extracts: t.Extracts(ctx, tracker.ExtractFilter{Location: landing, Limit: demoShown}),
		errors:   t.Errors(ctx, tracker.ErrorFilter{Process: demo.LoadProcess, Limit: demoShown / 2}),
	}
	if a.json {
		return a.demoJSON(db, landing, lists)
	}
	for _, part := range []struct {
		title string
		show  func() error
	}{
		{"Runs", func() error { return show(a, runListing(), 0, lists.runs) }},
		{"Extracts", func() error { return show(a, extractListing(), 0, lists.extracts) }},
		{"Errors", func() error { return show(a, errorListing(), 0, lists.errors) }},
	} {
		if err := a.printf("\n%s\n\n", part.title); err != nil {
			return err
		}
		if err := part.show(); err != nil {
			return err
		}
	}
	return a.printf("\nTo look again: processtracker runs --dsn %s (or extracts, errors, status).\n"+
		"In a browser: processtracker serve --dsn %s, and open http://%s\n", flag, flag, defaultListen)
}

func (a *app) demoJSON(db backends.Database, landing string, lists demoLists) error {
	document := struct {
		Backend  string `json:"backend"`
		Where    string `json:"where"`
		Landing  string `json:"landing_directory"`
		Runs     []any  `json:"runs"`
		Extracts []any  `json:"extracts"`
		Errors   []any  `json:"errors"`
	}{Backend: db.Name(), Where: db.Where(), Landing: landing}
	var err error
	if document.Runs, err = documents(lists.runs, newRunJSON); err != nil {
		return err
	}
	if document.Extracts, err = documents(lists.extracts, newExtractJSON); err != nil {
		return err
	}
	if document.Errors, err = documents(lists.errors, newRunErrorJSON); err != nil {
		return err
	}
	return writeJSON(a.env.Stdout, document)
}

func documents[T any](list iter.Seq2[T, error], document func(T) any) ([]any, error) {
	all := []any{}
	for item, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, document(item))
	}
	return all, nil
}

// chain yields the items of one list after the other.
func chain[T any](lists ...iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, list := range lists {
			for item, err := range list {
				if !yield(item, err) {
					return
				}
			}
		}
	}
}
