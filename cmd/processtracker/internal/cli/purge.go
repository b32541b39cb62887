package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const purgeHelp = `Remove runs that ended longer ago than --older-than, with their errors, their history
and their links to extracts. Each process keeps its latest run, its watermark and its
totals. Runs whose extracts are still registered stay. So do completed runs with a name,
so that they are not done again.

The command counts first, prints what it would remove, and asks. With --yes it does not
ask; without a terminal and with --json you need --yes. With --dry-run it only counts.
It removes in small batches, each in its own transaction. You can interrupt it at any
time; the next purge goes on where it stopped.`

func (a *app) purgeCommand() *cobra.Command {
	var age string
	var yes bool
	var statuses []string
	var o tracker.PurgeOptions
	cmd := &cobra.Command{
		Use: "purge --older-than AGE", Short: "Remove old runs and what belongs to them", Long: purgeHelp, Args: cobra.NoArgs,
		Example: `  processtracker purge --older-than 90d --dry-run
  processtracker purge --older-than 90d --extracts deleted,archived --yes`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			var err error
			if o.OlderThan, err = parseAge(age); err != nil {
				return err
			}
			for _, status := range statuses {
				o.Extracts = append(o.Extracts, tracker.ExtractStatus(status))
			}
			if !a.json {
				o.OnBatch = func(p tracker.Purged) { a.sayf("so far %s", purgedSentence(p)) }
			}
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				if !yes && !o.DryRun {
					if agreed, err := a.agreed(ctx, t, &o); err != nil || !agreed {
						return err
					}
				}
				gone, err := t.Admin().Purge(ctx, o)
				if err != nil && !gone.Empty() {
					a.sayf("before it stopped, it removed %s", purgedSentence(gone))
				}
				if err != nil {
					return err
				}
				return a.printPurged(gone, o.DryRun)
			})
		}),
	}
	cmd.Flags().StringVar(&age, "older-than", "", "remove runs that ended longer ago than this, in days, weeks or hours: 90d, 12w, 36h")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, "only count what would be removed")
	cmd.Flags().BoolVar(&o.NamedRuns, "named", false, "also completed runs that have a name; a run of that name can then start again")
	cmd.Flags().StringSliceVar(&statuses, "extracts", nil, "also extracts with these statuses, such as deleted,archived")
	cmd.Flags().IntVar(&o.BatchSize, "batch", 0, "runs in each batch, at most "+strconv.Itoa(tracker.MaxPurgeBatch)+" (default 100)")
	cmd.Flags().BoolVar(&o.Unpaced, "unpaced", false, "do not pause between batches; starts and ends are slower meanwhile")
	if err := cmd.MarkFlagRequired("older-than"); err != nil {
		panic(err) // the flag was defined some lines above
	}
	return cmd
}

// agreed counts the rows that a purge would remove, and asks for confirmation. The
// purge removes no more than was counted: it uses the same limit as the count.
func (a *app) agreed(ctx context.Context, t *tracker.Tracker, o *tracker.PurgeOptions) (bool, error) {
	count := *o
	count.DryRun, count.OnBatch = true, nil
	found, err := t.Admin().Purge(ctx, count)
	if err != nil || found.Empty() {
		return err == nil, err
	}
	if !a.env.Interactive || a.json {
		return false, exit(CodeUsage, fmt.Errorf("this would remove %s, and there is no terminal to ask for confirmation; to remove it, run the same command with --yes", purgedSentence(found)))
	}
	yes, err := a.answered(fmt.Sprintf("This would remove %s.\nRemove it?", purgedSentence(found)))
	switch {
	case err != nil:
		return false, err
	case !yes:
		return false, exit(CodeError, errors.New("nothing was removed"))
	}
	o.OlderThan, o.Before = 0, found.Before
	return true, nil
}

// parseAge parses a number of hours, days or weeks. It rejects minutes, and every other
// unit that m could stand for.
func parseAge(text string) (time.Duration, error) {
	const day = 24 * time.Hour
	units := map[string]time.Duration{"h": time.Hour, "d": day, "w": 7 * day}
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	n, err := strconv.ParseUint(number, 10, 16)
	unit, known := units[text[len(number):]]
	switch {
	case err == nil && known && n <= uint64(math.MaxInt64/unit): //nolint:gosec // it is positive
		return time.Duration(n) * unit, nil
	case err == nil && strings.EqualFold(text[len(number):], "m"):
		return 0, exit(CodeUsage, fmt.Errorf("--older-than %q: m could be minutes or months; the units are h, d and w: for a month write 30d", text))
	default:
		return 0, exit(CodeUsage, fmt.Errorf("--older-than %q is not an age; write 90d, 12w or 36h", text))
	}
}

func (a *app) printPurged(p tracker.Purged, dry bool) error {
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			DryRun   bool   `json:"dry_run"`
			Before   moment `json:"before"`
			Runs     int64  `json:"runs"`
			Errors   int64  `json:"errors"`
			Changes  int64  `json:"history"`
			Links    int64  `json:"links"`
			Extracts int64  `json:"extracts"`
			Refusals int64  `json:"refusals"`
		}{dry, moment(p.Before), p.Runs, p.Errors, p.Changes, p.Links, p.Extracts, p.Refusals})
	}
	if dry {
		return a.printf("would remove %s\n", purgedSentence(p))
	}
	return a.printf("removed %s\n", purgedSentence(p))
}

func purgedSentence(p tracker.Purged) string {
	parts := []string{
		counted(p.Runs, "run", "runs"), counted(p.Errors, "error", "errors"),
		counted(p.Changes, "change of the history", "changes of the history"), counted(p.Links, "link to an extract", "links to extracts"),
	}
	if p.Extracts > 0 {
		parts = append(parts, counted(p.Extracts, "extract", "extracts"))
	}
	if p.Refusals > 0 {
		parts = append(parts, counted(p.Refusals, "refusal of a start", "refusals of starts"))
	}
	return strings.Join(parts, ", ")
}

// counted formats a number of things.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}
