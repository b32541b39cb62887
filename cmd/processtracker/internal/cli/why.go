package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

const whyHelp = `Show whether a process could start now and, if not, the root cause: in a chain of
processes that wait for each other, the first one to fix, since when, whom to ask, and
the command that fixes it. It only reads. Recently refused starts are listed, too.

Exit codes:
  0  the process can start
 75  another run of the process is active
 76  the process is on hold, or its next start puts it on hold
 77  a process that it depends on is running, failed or on hold
 78  a cluster of the process has no room
 79  the run of that name (--name) is completed
All other codes are those of every command; see processtracker --help.`

const whyExample = `  processtracker why "Teams Load"
  processtracker why "Teams Load" --json`

func (a *app) whyCommand() *cobra.Command {
	var options tracker.StartOptions
	cmd := &cobra.Command{
		Use: "why PROCESS", Short: "Show whether a process can start and, if not, the root cause",
		Long: whyHelp, Example: whyExample, Args: cobra.ExactArgs(1),
		RunE: a.run(func(ctx context.Context, args []string) error {
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error { return a.why(ctx, t, args[0], &options) })
		}),
	}
	cmd.Flags().StringVar(&options.Name, "name", "", "the name of the run to start")
	cmd.Flags().Int64Var(&options.Needs.Memory, "needs-memory", 0, "the memory that the run would take from the clusters of its process")
	cmd.Flags().Int64Var(&options.Needs.Processing, "needs-processing", 0, "the processing that the run would take from the clusters of its process")
	return cmd
}

// lastRefusals is the number of refused starts shown for a process.
const lastRefusals = 5

func (a *app) why(ctx context.Context, t *tracker.Tracker, process string, options *tracker.StartOptions) error {
	found, err := t.Explain(ctx, process, options)
	if err != nil {
		return err
	}
	now, err := t.Now(ctx)
	if err != nil {
		return err
	}
	var refused []tracker.Refusal
	for r, err := range t.Refusals(ctx, tracker.RefusalFilter{Process: found.Process, Limit: lastRefusals}) {
		if err != nil {
			return err
		}
		refused = append(refused, r)
	}
	_, code := refusal(found.Refusal)
	if a.json {
		err = writeJSON(a.env.Stdout, newWhyJSON(found, refused))
	} else {
		err = a.printf("%s", whyText(found, refused, now))
	}
	if err != nil {
		return err
	}
	return exit(code, nil)
}

// whyText formats an explanation for people.
func whyText(e tracker.Explanation, refused []tracker.Refusal, now time.Time) string {
	var b strings.Builder
	if e.Refusal == nil {
		_, _ = fmt.Fprintf(&b, "process %q can start\n", e.Process)
	} else {
		_, _ = fmt.Fprintf(&b, "process %q cannot start: %s\n", e.Process, reasonOf(e.Refusal))
	}
	for _, r := range e.Roots {
		b.WriteString(rootText(r, now))
	}
	if e.More {
		_, _ = fmt.Fprintf(&b, "more than %d processes block it; the others were not examined\n", tracker.MaxExplained)
	}
	b.WriteString(refusedText(refused, now))
	return b.String()
}

// reasonOf returns the short reason of a refusal.
func reasonOf(err error) string {
	var blocked *tracker.BlockedError
	if errors.As(err, &blocked) {
		return blocked.Reason.Error()
	}
	return tracker.ErrAlreadyDone.Error()
}

// rootText describes a root: what it is, how it blocks the process, whom to ask and
// what to do.
func rootText(r tracker.Root, now time.Time) string {
	lines := [][2]string{{"root", fmt.Sprintf("%q %s", r.Process, rootState(r, now))}}
	if len(r.Path) > 1 {
		lines = append(lines, [2]string{"by way of", pathText(r.Path)})
	}
	if r.Error != nil {
		lines = append(lines, [2]string{"error", r.Error.Type + ": " + table.Shorten(table.Line(r.Error.Description), longestDescription)})
	}
	if ask := contactsText(r.Contacts); ask != "" {
		lines = append(lines, [2]string{"ask", ask})
	}
	lines = append(lines, [2]string{"remedy", remedy(r)})
	var b strings.Builder
	for _, l := range lines {
		_, _ = fmt.Fprintf(&b, "%-10s%s\n", l[0], l[1])
	}
	return b.String()
}

// longestPath limits how many processes of a path are shown; the middle is cut out.
const longestPath = 12

func pathText(path []string) string {
	var parts []string
	for i, p := range path {
		switch {
		case len(path) <= longestPath || i < longestPath/2 || i >= len(path)-longestPath/2:
			parts = append(parts, fmt.Sprintf("%q", p))
		case i == longestPath/2:
			parts = append(parts, fmt.Sprintf("… (%d more)", len(path)-longestPath))
		}
	}
	return strings.Join(parts, " waits for ")
}

// rootState returns the state of a root, and since when it has been in it.
func rootState(r tracker.Root, now time.Time) string {
	since := func(at time.Time) string {
		return fmt.Sprintf("since %s UTC (%s)", table.Time(at), table.Duration(max(now.Sub(at), 0)))
	}
	switch r.Kind {
	case tracker.RootRunning:
		return fmt.Sprintf("is running %s: run %d, started by %s", since(r.Since), r.Run.Number, r.Run.Actor)
	case tracker.RootExpired:
		return fmt.Sprintf("has a dead run: run %d, started by %s at %s UTC; its lease has expired %s", r.Run.Number, r.Run.Actor, table.Time(r.Run.StartedAt), since(r.Since))
	case tracker.RootOnHold:
		return fmt.Sprintf("is on hold %s, by %s: %s", since(r.Since), r.Hold.By, table.Line(r.Hold.Reason))
	case tracker.RootFailing:
		return fmt.Sprintf("has failed too often %s: its next start puts it on hold", since(r.Since))
	case tracker.RootFailed:
		return fmt.Sprintf("%s %s: run %d, started by %s", failedAs(r.Run.Status), since(r.Since), r.Run.Number, r.Run.Actor)
	case tracker.RootNeverRan:
		return "never ran, and nothing keeps it from starting"
	case tracker.RootStale:
		return fmt.Sprintf("has no new data %s, when its run %d ended", since(r.Since), r.Run.Number)
	case tracker.RootNoCapacity:
		uses := make([]string, len(r.Clusters))
		for i, c := range r.Clusters {
			uses[i] = c.String()
		}
		return fmt.Sprintf("has no room: it needs %v, and %s", r.Needs, strings.Join(uses, "; "))
	case tracker.RootDone:
		return fmt.Sprintf("has completed the run %q: run %d, %s", r.Run.Name, r.Run.Number, since(r.Since))
	default:
		return string(r.Kind)
	}
}

func failedAs(status tracker.RunStatus) string {
	if status == tracker.Failed {
		return "failed"
	}
	return "has a run that ended as " + string(status)
}

// remedy returns the command that resolves a root.
func remedy(r tracker.Root) string {
	again := fmt.Sprintf("when the cause is gone, run it again: processtracker exec --process %q -- COMMAND", r.Process)
	switch r.Kind {
	case tracker.RootRunning:
		if r.Run.LeaseUntil.IsZero() {
			return fmt.Sprintf("wait: processtracker wait %q; it has no lease: if its program is dead, run: processtracker reap --run-id %d --force --reason TEXT", r.Process, r.Run.ID)
		}
		return fmt.Sprintf("wait: processtracker wait %q", r.Process)
	case tracker.RootExpired:
		return fmt.Sprintf("run it again: processtracker exec --process %q -- COMMAND; or only end the run: processtracker reap --process %q", r.Process, r.Process)
	case tracker.RootOnHold, tracker.RootFailing:
		return fmt.Sprintf("when the cause is gone, run: processtracker release %q --reason TEXT", r.Process)
	case tracker.RootNeverRan, tracker.RootStale:
		return fmt.Sprintf("run it: processtracker exec --process %q -- COMMAND", r.Process)
	case tracker.RootNoCapacity:
		return fmt.Sprintf("wait for a run that shares the cluster: processtracker wait %q --for startable", r.Process)
	case tracker.RootDone:
		return fmt.Sprintf("nothing to do: the run is completed; for another run, give another --name than %q", r.Run.Name)
	case tracker.RootFailed:
		return again
	default:
		return again
	}
}

func contactsText(all []tracker.ContactInfo) string {
	var texts []string
	for _, c := range all {
		text := c.Name
		if c.Email != "" {
			text += " <" + c.Email + ">"
		}
		if c.System != "" {
			text += " (for " + c.System + ")"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

// refusedText lists refused starts.
func refusedText(refused []tracker.Refusal, now time.Time) string {
	var b strings.Builder
	for _, r := range refused {
		_, _ = fmt.Fprintf(&b, "%-10s%s by %s, %s ago: %v, %s\n", "refused", counted(r.Times, "start", "starts"), r.Actor,
			table.Duration(max(now.Sub(r.Last), 0)), r.Reason, table.Shorten(table.Line(r.Detail), longestDescription))
	}
	return b.String()
}

// whyJSON is an explanation as JSON.
type whyJSON struct {
	Process   string       `json:"process"`
	Startable bool         `json:"startable"`
	Refusal   *refusalJSON `json:"refusal"` // as in start's output; null: the process can start
	Roots     []rootJSON   `json:"roots"`
	Refusals  []any        `json:"refusals"` // the last refused starts
}

type rootJSON struct {
	Process  string    `json:"process"`
	Kind     string    `json:"kind"` // running, expired, on_hold, failing, failed, never_ran, stale, no_capacity, done
	Path     []string  `json:"path"` // from the process in question to this one
	Since    moment    `json:"since"`
	Run      any       `json:"run"`
	Hold     *holdJSON `json:"hold"`
	Error    any       `json:"error"`
	Failures int64     `json:"failures"`
	Contacts []askJSON `json:"contacts"`
	Remedy   string    `json:"remedy"`
}

type askJSON struct {
	Name   string  `json:"name"`
	Email  *string `json:"email"`
	System *string `json:"system"` // the system whose contact it is; null: the process's own
}

func newWhyJSON(e tracker.Explanation, refused []tracker.Refusal) whyJSON {
	document := whyJSON{Process: e.Process, Startable: e.Refusal == nil, Roots: []rootJSON{}, Refusals: []any{}}
	document.Refusal, _ = refusal(e.Refusal)
	for _, r := range e.Roots {
		root := rootJSON{
			Process: r.Process, Kind: strings.ReplaceAll(string(r.Kind), " ", "_"), Path: r.Path, Since: moment(r.Since),
			Failures: r.Failures, Contacts: []askJSON{}, Remedy: remedy(r),
		}
		if r.Run != nil {
			root.Run = newRunJSON(*r.Run)
		}
		if r.Hold != nil {
			root.Hold = &holdJSON{Since: moment(r.Hold.Since), By: r.Hold.By, Reason: r.Hold.Reason}
		}
		if r.Error != nil {
			root.Error = newRunErrorJSON(*r.Error)
		}
		for _, c := range r.Contacts {
			root.Contacts = append(root.Contacts, askJSON{Name: c.Name, Email: orNull(c.Email), System: orNull(c.System)})
		}
		document.Roots = append(document.Roots, root)
	}
	for _, r := range refused {
		document.Refusals = append(document.Refusals, newRefusalJSON(r))
	}
	return document
}
