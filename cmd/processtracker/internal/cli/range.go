package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

const countHelp = `Set the given counts of a run that "processtracker start" started; the other counts
stay. With --add, the numbers are added to the counts. The totals of a process are the
sums over its runs.`

// countCommand records how many rows a run has read and written.
func (a *app) countCommand() *cobra.Command {
	var handle string
	var add bool
	var given tracker.Counts
	cmd := &cobra.Command{
		Use: "count", Short: "Set or add to the counts of a run", Long: countHelp, Args: cobra.NoArgs,
		Example: `  processtracker count --records 2835
  processtracker count --inserts 2800 --updates 35 --add`,
	}
	flags := cmd.Flags()
	fields := []struct {
		name string
		of   func(*tracker.Counts) *int64
	}{
		{"records", func(c *tracker.Counts) *int64 { return &c.Records }}, {"inserts", func(c *tracker.Counts) *int64 { return &c.Inserts }},
		{"updates", func(c *tracker.Counts) *int64 { return &c.Updates }}, {"deletes", func(c *tracker.Counts) *int64 { return &c.Deletes }},
	}
	cmd.RunE = a.run(func(ctx context.Context, _ []string) error {
		changed := false
		for _, f := range fields {
			changed = changed || flags.Changed(f.name)
		}
		if !changed {
			return exit(CodeUsage, errors.New("no count is given; give --records, --inserts, --updates or --deletes"))
		}
		return a.onRun(ctx, handle, func(t *tracker.Tracker, run *tracker.Run) error {
			counts := given
			if !add {
				info, err := t.RunByID(ctx, run.ID())
				if err != nil {
					return err
				}
				for _, f := range fields {
					if !flags.Changed(f.name) {
						*f.of(&counts) = *f.of(&info.Counts)
					}
				}
				if err := run.SetCounts(ctx, counts); err != nil {
					return err
				}
			} else if err := run.AddCounts(ctx, counts); err != nil {
				return err
			}
			return a.printCounts(ctx, t, run)
		})
	})
	for _, f := range fields {
		flags.Int64Var(f.of(&given), f.name, 0, "the number of "+f.name)
	}
	flags.BoolVar(&add, "add", false, "add to the counts instead of setting them")
	flags.StringVar(&handle, "run", "", runHelp)
	return cmd
}

type countsJSON struct {
	Records int64 `json:"records"`
	Inserts int64 `json:"inserts"`
	Updates int64 `json:"updates"`
	Deletes int64 `json:"deletes"`
}

func (a *app) printCounts(ctx context.Context, t *tracker.Tracker, run *tracker.Run) error {
	info, err := t.RunByID(ctx, run.ID())
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			Process string     `json:"process"`
			RunID   int64      `json:"run_id"`
			Number  int64      `json:"run_number"`
			Counts  countsJSON `json:"counts"`
		}{info.Process, info.ID, info.Number, countsJSON(info.Counts)})
	}
	c := info.Counts
	return a.printf("run %d of process %q has %s records, %s inserts, %s updates, %s deletes\n",
		info.Number, info.Process, number(c.Records), number(c.Inserts), number(c.Updates), number(c.Deletes))
}

const rangeHelp = `Extend the time range that a run's data covers: the run keeps the lowest low and the
highest high. When the run completes, its high becomes the watermark of the process:
"processtracker watermark", "processtracker start --from-watermark".

` + timesHelp

// rangeCommand records the time range of a run's data.
func (a *app) rangeCommand() *cobra.Command {
	var handle, low, high string
	cmd := &cobra.Command{
		Use: "range", Short: "Extend the time range that a run's data covers", Long: rangeHelp, Args: cobra.NoArgs,
		Example: `  processtracker range --low 2026-11-20 --high "2026-11-20 23:59:59"`,
		RunE: a.run(func(ctx context.Context, _ []string) error {
			from, err := parseTime("low", low)
			if err != nil {
				return err
			}
			to, err := parseTime("high", high)
			if err != nil {
				return err
			}
			if low == "" && high == "" {
				return exit(CodeUsage, errors.New("no time is given; give --low, --high or both"))
			}
			return a.onRun(ctx, handle, func(t *tracker.Tracker, run *tracker.Run) error {
				if err := run.ExtendRange(ctx, from, to); err != nil {
					return err
				}
				return a.printRange(ctx, t, run)
			})
		}),
	}
	cmd.Flags().StringVar(&low, "low", "", "the time of the oldest record")
	cmd.Flags().StringVar(&high, "high", "", "the time of the newest record")
	cmd.Flags().StringVar(&handle, "run", "", runHelp)
	return cmd
}

func (a *app) printRange(ctx context.Context, t *tracker.Tracker, run *tracker.Run) error {
	info, err := t.RunByID(ctx, run.ID())
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			Process string `json:"process"`
			RunID   int64  `json:"run_id"`
			Number  int64  `json:"run_number"`
			Low     moment `json:"low"`
			High    moment `json:"high"`
		}{info.Process, info.ID, info.Number, moment(info.Low), moment(info.High)})
	}
	return a.printf("the data of run %d of process %q is from %s to %s\n", info.Number, info.Process, orNone(info.Low), orNone(info.High))
}
