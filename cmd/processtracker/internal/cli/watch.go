package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

const watchHelp = `Show the active runs, the processes that are blocked by a process that they depend on,
the processes on hold, and the runs that failed lately. The screen is redrawn every few
seconds until you interrupt it. If the output is not a terminal, and with --json, it is
printed once. --columns chooses among the fields of runs and of processes.`

func (a *app) watchCommand() *cobra.Command {
	var interval, lately time.Duration
	cmd := &cobra.Command{
		Use: "watch", Short: "Show active, blocked, held and lately failed runs, redrawn every few seconds", Args: cobra.NoArgs,
		Long: watchHelp, Example: "  processtracker watch\n  processtracker watch --interval 10s --lately 2h\n  processtracker watch --columns process,state,since,seconds,error",
		RunE: a.run(func(ctx context.Context, _ []string) error {
			if interval <= 0 || lately <= 0 {
				return exit(CodeUsage, errors.New("--interval and --lately have to be more than 0; give times such as 5s and 24h"))
			}
			if err := a.checkWatch(); err != nil {
				return err
			}
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error { return a.watch(ctx, t, interval, lately) })
		}),
	}
	cmd.Flags().DurationVar(&interval, "interval", 5*time.Second, "how often to redraw the screen")
	cmd.Flags().DurationVar(&lately, "lately", 24*time.Hour, "how long to show a failed run, counted from its start")
	listFlags(cmd.Flags())
	return cmd
}

// clearScreen moves to the top of a terminal and clears it.
const clearScreen = "\x1b[H\x1b[2J\x1b[3J"

func (a *app) watch(ctx context.Context, t *tracker.Tracker, interval, lately time.Duration) error {
	redraws := a.env.Width > 0 && !a.json
	for {
		v, err := viewOf(ctx, t, lately)
		switch {
		case err != nil && ctx.Err() != nil:
			return nil //nolint:nilerr // an interrupt is the normal way to end it
		case err != nil && redraws && away(err):
			err = a.printf("%s%s\n", clearScreen, oneLine(err.Error())) // the database may be back at the next refresh
		case err != nil:
			return err
		case a.json:
			document, err := v.document(a.output.columns)
			if err != nil {
				return err
			}
			return writeJSON(a.env.Stdout, document)
		case redraws:
			err = v.draw(a, clearScreen)
		default:
			return v.draw(a, "")
		}
		if err != nil {
			return err
		}
		select {
		case <-time.After(interval):
		case <-ctx.Done():
			return nil
		}
	}
}

// view is the content of a screen.
type view struct {
	now           time.Time
	running       []listedRun
	blocked, held []surveyed
	failed        []listedRun
}

const (
	mostFailed = 20 // recently failed runs
	mostShown  = 20 // rows of a section of the screen; JSON has all
)

func viewOf(ctx context.Context, t *tracker.Tracker, lately time.Duration) (v view, err error) {
	if v.now, err = t.Now(ctx); err != nil {
		return v, err
	}
	for run, err := range listedRuns(ctx, t, v.now, tracker.RunFilter{Active: true}) {
		if err != nil {
			return v, err
		}
		v.running = append(v.running, run)
	}
	for run, err := range listedRuns(ctx, t, v.now, tracker.RunFilter{Status: tracker.Failed, Since: v.now.Add(-lately), Limit: mostFailed}) {
		if err != nil {
			return v, err
		}
		v.failed = append(v.failed, run)
	}
	s, err := surveyOf(ctx, t)
	if err != nil {
		return v, err
	}
	for one := range s.list(processSelection{blocked: true}) {
		v.blocked = append(v.blocked, one)
	}
	for one := range s.list(processSelection{held: true}) {
		v.held = append(v.held, one)
	}
	return v, nil
}

// draw prints the screen in one piece, so that it does not flicker.
func (v view) draw(a *app, before string) error {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%s%s, at %s UTC: %d running, %d blocked, %d on hold, %d failed lately\n", before, a.where(), table.Time(v.now),
		len(v.running), len(v.blocked), len(v.held), len(v.failed))
	if len(a.output.columns) > 0 {
		err := v.writeChosen(a, &b)
		_, wrong := io.WriteString(a.env.Stdout, b.String())
		return errors.Join(err, wrong)
	}
	for _, part := range v.sections() {
		if err := part.write(a, &b); err != nil {
			return err
		}
	}
	_, err := io.WriteString(a.env.Stdout, b.String())
	return err
}

// section is a titled list on the screen.
type section struct {
	title   string
	columns []table.Column
	rows    [][]string
}

func (v view) sections() []section {
	process := table.Column{Title: "Process", Least: 16, Wrap: true}
	ofRuns := func(when, last string) []table.Column {
		return []table.Column{process, {Title: "Run", Right: true}, {Title: "Actor", Least: 6}, {Title: when, Right: true}, {Title: last, Least: 12, Wrap: true}}
	}
	ofProcesses := func(last string) []table.Column {
		return []table.Column{process, {Title: "For", Right: true}, {Title: last, Least: 12, Wrap: true}}
	}
	return []section{
		{"Running", ofRuns("For", "Lease"), v.runRows(v.running)},
		{"Blocked", ofProcesses("Waits for"), v.processRows(v.blocked, func(p surveyed) string { return strings.Join(p.blockers, ", ") })},
		{"On hold", ofProcesses("Reason"), v.processRows(v.held, func(p surveyed) string { return p.Hold.By + ": " + p.Hold.Reason })},
		{"Failed lately", ofRuns("Ago", "Error"), v.runRows(v.failed)},
	}
}

func (v view) runRows(runs []listedRun) (rows [][]string) {
	for _, r := range runs {
		why := leaseState(r.RunInfo)
		if r.first != nil {
			why = r.first.Description
		}
		rows = append(rows, []string{r.Process, number(r.Number), r.Actor, v.since(r.StartedAt), table.Shorten(table.Line(why), longestDescription)})
	}
	return rows
}

func (v view) processRows(processes []surveyed, text func(surveyed) string) (rows [][]string) {
	for _, p := range processes {
		rows = append(rows, []string{p.Name, v.since(p.since.time()), text(p)})
	}
	return rows
}

func (v view) since(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return table.Duration(max(v.now.Sub(at), 0))
}

// write prints the section, unless it has no rows.
func (s section) write(a *app, to io.Writer) error {
	if len(s.rows) == 0 {
		return nil
	}
	_, _ = fmt.Fprintf(to, "\n%s\n", s.title)
	shown := s.rows[:min(len(s.rows), mostShown)]
	if err := (table.Format{Width: a.env.Width, NoHeaders: a.output.noHeaders}).Write(to, s.columns, shown); err != nil {
		return err
	}
	if more := len(s.rows) - len(shown); more > 0 {
		_, _ = fmt.Fprintf(to, "… and %d more\n", more)
	}
	return nil
}

// viewJSON is a screen as JSON.
type viewJSON struct {
	At      moment `json:"at"`
	Running []any  `json:"running"`
	Blocked []any  `json:"blocked"`
	OnHold  []any  `json:"on_hold"`
	Failed  []any  `json:"failed"`
}

// document returns the screen with the named fields of each list, or with all of them.
func (v view) document(columns []string) (viewJSON, error) {
	runs, processes := listedRunListing(), surveyedListing()
	ofRuns, err := runs.ofThem(columns)
	ofProcesses, wrong := processes.ofThem(columns)
	run, process := newListedRunJSON, newProcessJSON
	if len(columns) > 0 {
		run, process = func(r listedRun) any { return selectedOf(runs, r, ofRuns) }, func(p surveyed) any { return selectedOf(processes, p, ofProcesses) }
	}
	return viewJSON{
		At: moment(v.now), Running: documentsOf(v.running, run), Blocked: documentsOf(v.blocked, process),
		OnHold: documentsOf(v.held, process), Failed: documentsOf(v.failed, run),
	}, errors.Join(err, wrong)
}

// selectedOf returns the named fields of an item's document, of which there may be none.
func selectedOf[T any](l listing[T], item T, names []string) any {
	all, err := fields(l.document(item))
	if err != nil {
		return err // no document of ours contains it
	}
	return selected(all, names)
}

func documentsOf[T any](items []T, document func(T) any) []any {
	all := make([]any, len(items))
	for i, item := range items {
		all[i] = document(item)
	}
	return all
}
