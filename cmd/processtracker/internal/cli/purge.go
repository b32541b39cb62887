package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const purgeHelp = `Remove runs that ended longer ago than --older-than, with their errors, their
history and their links to extracts. Each process keeps its latest run, its
watermark and its totals; runs stay whose extracts are known, and completed runs
that have a name, so that what is done stays done.

It goes in small batches, each a transaction. It can be broken off at any time,
and goes on when it is run again. --dry-run counts only.`

func (a *app) purgeCommand() *cobra.Command {
	var age string
	var statuses []string
	var o tracker.PurgeOptions
	cmd := &cobra.Command{
		Use: "purge --older-than AGE", Short: "Remove old runs and what belongs to them", Long: purgeHelp, Args: cobra.NoArgs,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			var err error
			if o.OlderThan, err = parseAge(age); err != nil {
				return err
			}
			for _, status := range statuses {
				o.Extracts = append(o.Extracts, tracker.ExtractStatus(status))
			}
			if !a.json {
				o.Progress = func(p tracker.Purged) { a.sayf("so far %s", purgedSentence(p)) }
			}
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				gone, err := t.Purge(ctx, o)
				if err != nil && gone != (tracker.Purged{}) {
					a.sayf("before it broke off: %s", purgedSentence(gone))
				}
				if err != nil {
					return err
				}
				return a.printPurged(gone, o.DryRun)
			})
		}),
	}
	cmd.Flags().StringVar(&age, "older-than", "", "how long ago a run has to have ended: days such as 90d, or hours such as 36h")
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, "only count what would be removed")
	cmd.Flags().BoolVar(&o.Named, "named", false, "also completed runs that have a name, which can then be done again")
	cmd.Flags().StringSliceVar(&statuses, "extracts", nil, "also extracts with these statuses, such as deleted,archived")
	cmd.Flags().IntVar(&o.Batch, "batch", 0, "runs at a time, at most "+strconv.Itoa(tracker.MaxPurgeBatch)+" (default 100)")
	if err := cmd.MarkFlagRequired("older-than"); err != nil {
		panic(err) // the flag was defined some lines above
	}
	return cmd
}

// parseAge reads a number of days, or a duration as Go writes it.
func parseAge(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	} else if age, err := time.ParseDuration(text); err == nil {
		return age, nil
	}
	return 0, exit(CodeUsage, fmt.Errorf("--older-than %q is no age; write 90d or 36h", text))
}

func (a *app) printPurged(p tracker.Purged, dry bool) error {
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			DryRun   bool  `json:"dry_run"`
			Runs     int64 `json:"runs"`
			Errors   int64 `json:"errors"`
			Changes  int64 `json:"history"`
			Links    int64 `json:"links"`
			Extracts int64 `json:"extracts"`
		}{dry, p.Runs, p.Errors, p.Changes, p.Links, p.Extracts})
	}
	if dry {
		return a.printf("would remove %s\n", purgedSentence(p))
	}
	return a.printf("removed %s\n", purgedSentence(p))
}

func purgedSentence(p tracker.Purged) string {
	text := fmt.Sprintf("%d runs, %d errors, %d changes of the history, %d links to extracts", p.Runs, p.Errors, p.Changes, p.Links)
	if p.Extracts > 0 {
		text += fmt.Sprintf(", %d extracts", p.Extracts)
	}
	return text
}
