package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func (a *app) extractSetCommand() *cobra.Command {
	var handle string
	var which chosen
	cmd := &cobra.Command{
		Use: "set STATUS [EXTRACT]...", Short: "Set the status of extracts", Args: cobra.MinimumNArgs(1),
		Long: `Set the status of extracts: initializing, ready, loading, loaded, archived, deleted,
error, or one of your own ("processtracker lookup extract-status add"). Either all of
them change or none.

` + chosenHelp,
		Example: `  processtracker extract set loading /landing/teams/teams.csv
  processtracker extract set loaded --id 12 --id 13`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			return a.onRun(ctx, handle, func(t *tracker.Tracker, run *tracker.Run) error {
				extracts, err := which.extracts(ctx, t, args[1:])
				if err != nil {
					return err
				}
				if err := run.SetExtractStatus(ctx, tracker.ExtractStatus(args[0]), extracts...); err != nil {
					return err
				}
				if extracts, err = again(ctx, t, extracts); err != nil {
					return err
				}
				return a.printExtracts(extracts, extractLine)
			})
		}),
	}
	which.flags(cmd)
	cmd.Flags().StringVar(&handle, "run", "", runHelp)
	return cmd
}

const claimHelp = `Claim ready extracts for this run: their status becomes loading, and no other run gets
them. Prints their paths, one a line, oldest first, or nothing if there are none. If the
run fails or dies while they are loading, they become ready again, or get the status of
--on-failure.`

func (a *app) extractClaimCommand() *cobra.Command {
	var handle, from, back string
	var ids bool
	o := tracker.ClaimOptions{Limit: 1}
	cmd := &cobra.Command{
		Use: "claim", Short: "Claim ready extracts for a run", Long: claimHelp, Args: cobra.NoArgs,
		Example: `  processtracker extract claim --location /landing/teams --glob '*.csv' --limit 10`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			return a.onRun(ctx, handle, func(_ *tracker.Tracker, run *tracker.Run) error {
				o.From, o.OnFailure = tracker.ExtractStatus(from), tracker.ExtractStatus(back)
				claimed, err := run.Claim(ctx, o)
				if err != nil {
					return err
				}
				if len(claimed) == 0 {
					a.sayf("no extract to claim")
				}
				return a.printExtracts(claimed, func(e tracker.Extract) string {
					if ids {
						return number(e.ID)
					}
					return e.Path()
				})
			})
		}),
	}
	flags := cmd.Flags()
	flags.IntVar(&o.Limit, "limit", 1, fmt.Sprintf("claim at most this many, up to %d", tracker.MaxClaim))
	flags.StringVar(&o.Location, "location", "", "only extracts in the location with this path")
	flags.StringVar(&o.LocationName, "location-name", "", "only extracts in the location of this name")
	flags.StringVar(&o.NameContains, "contains", "", "only extracts whose names contain this; no character is special")
	flags.StringVar(&o.NameGlob, "glob", "", "only extracts whose names match: * is any characters, ? is one")
	flags.StringVar(&o.Process, "process", "", "only extracts that runs of this process registered")
	flags.StringVar(&from, "status", "", "claim extracts with this status (default: ready)")
	flags.StringVar(&back, "on-failure", "", "their status if the run fails: ready (default), error, or one of your own")
	flags.BoolVar(&ids, "ids", false, "print their ids instead of their paths")
	flags.StringVar(&handle, "run", "", runHelp)
	return cmd
}

func (a *app) extractMeasureCommand() *cobra.Command {
	var handle, low, high string
	var written, loaded bool
	var records int64
	var which chosen
	cmd := &cobra.Command{
		Use: "measure (--written | --loaded) [EXTRACT]...", Short: "Record how many records were written to extracts or loaded from them",
		Long: `Record how many records were written to each of the extracts or loaded from it, and the
time range that the records cover.

` + chosenHelp + "\n\n" + timesHelp,
		Example: `  processtracker extract measure --loaded /landing/teams/teams.csv --records 2835`,
	}
	cmd.RunE = a.run(func(ctx context.Context, args []string) (err error) {
		var m tracker.Measures
		if m.Low, err = parseTime("low", low); err != nil {
			return err
		}
		if m.High, err = parseTime("high", high); err != nil {
			return err
		}
		if cmd.Flags().Changed("records") {
			m.Count = &records
		}
		if m == (tracker.Measures{}) {
			return exit(CodeUsage, errors.New("no measure is given; give --records, --low or --high"))
		}
		return a.onRun(ctx, handle, func(t *tracker.Tracker, run *tracker.Run) error {
			extracts, err := which.extracts(ctx, t, args)
			if err != nil {
				return err
			}
			all := make([]tracker.ExtractMeasures, len(extracts))
			for i, e := range extracts {
				if all[i].Extract = e; written {
					all[i].Written = m
				} else {
					all[i].Loaded = m
				}
			}
			if err := run.RecordMeasures(ctx, all...); err != nil {
				return err
			}
			if extracts, err = again(ctx, t, extracts); err != nil {
				return err
			}
			return a.printExtracts(extracts, func(e tracker.Extract) string { return "measured extract " + number(e.ID) + ": " + e.Path() })
		})
	})
	flags := cmd.Flags()
	flags.BoolVar(&written, "written", false, "these records were written to the extracts")
	flags.BoolVar(&loaded, "loaded", false, "these records were loaded from the extracts")
	flags.Int64Var(&records, "records", 0, "the number of records")
	flags.StringVar(&low, "low", "", "the time of the oldest record")
	flags.StringVar(&high, "high", "", "the time of the newest record")
	flags.StringVar(&handle, "run", "", runHelp)
	which.flags(cmd)
	oneOf(cmd, "written", "loaded")
	return cmd
}

func (a *app) extractDependCommand() *cobra.Command {
	var on []string
	var which chosen
	cmd := &cobra.Command{
		Use: "depend EXTRACT --on EXTRACT", Short: "Make an extract wait until others are loaded",
		Long: `Make an extract wait for others: it cannot be loading before they are loaded.

` + chosenHelp,
		Example: `  processtracker extract depend orders.csv --on customers.csv --location /landing/shop`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				children, err := which.extracts(ctx, t, args)
				if err != nil {
					return err
				}
				parents, err := (&chosen{location: which.location}).extracts(ctx, t, on)
				if err != nil {
					return err
				}
				for _, child := range children {
					if err := t.AddExtractParents(ctx, child, parents...); err != nil {
						return err
					}
				}
				return a.printExtracts(children, func(e tracker.Extract) string {
					return fmt.Sprintf("extract %d waits for %s", e.ID, counted(int64(len(parents)), "other", "others"))
				})
			})
		}),
	}
	cmd.Flags().StringArrayVar(&on, "on", nil, "an extract that must be loaded first (repeatable)")
	which.flags(cmd)
	if err := cmd.MarkFlagRequired("on"); err != nil {
		panic(err) // the flag was defined some lines above
	}
	return cmd
}

func (a *app) extractShowCommand() *cobra.Command {
	var which chosen
	cmd := &cobra.Command{
		Use: "show [EXTRACT]...", Short: "Show everything that is known about extracts",
		Long:    "Show everything that is known about extracts.\n\n" + chosenHelp,
		Example: `  processtracker extract show /landing/teams/teams.csv`,
		RunE: a.run(func(ctx context.Context, args []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				extracts, err := which.extracts(ctx, t, args)
				if err != nil {
					return err
				}
				return a.printExtracts(extracts, extractFacts)
			})
		}),
	}
	which.flags(cmd)
	return cmd
}

// extractFacts formats an extract as lines of a name and a value.
func extractFacts(e tracker.Extract) string {
	var b strings.Builder
	fact := func(what, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-12s %s\n", what+":", value)
		}
	}
	fact("extract", number(e.ID))
	fact("path", e.Path())
	fact("location", fmt.Sprintf("%s (%s, %s)", e.Location.Path, e.Location.Name, e.Location.Type))
	fact("status", fmt.Sprintf("%s since %s", e.Status, orNone(e.StatusChangedAt)))
	fact("registered", fmt.Sprintf("%s by run %d of process %q", orNone(e.RegisteredAt), e.RunNumber, e.Process))
	fact("type", e.FileType)
	fact("compression", e.Compression)
	if e.Size != nil {
		fact("size", counted(*e.Size, "byte", "bytes"))
	}
	fact("checksum", e.Checksum)
	for i, m := range []tracker.Measures{e.Written, e.Loaded} {
		what := []string{"written", "loaded"}[i]
		if m.Count != nil {
			fact(what, counted(*m.Count, "record", "records"))
		}
		if !m.Low.IsZero() || !m.High.IsZero() {
			fact(what, fmt.Sprintf("times from %s to %s", orNone(m.Low), orNone(m.High)))
		}
	}
	return b.String()
}
