package suite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A life is the course of a process and its child from their first start to a purge. It
// sends each kind of statement once, with texts and times that a session's settings
// could affect. Many lives share a place; the mark identifies their rows.
type life struct {
	mark string
	tr   *tracker.Tracker
}

// oddly contains characters that cause errors in quoting, escaping and encodings, and
// characters that collations ignore.
const oddly = "Zürich 'Lade' \"B\" \\ % _ [x] ☃ 🦊 ß\u00ad"

// east is a time with microseconds and with a different date in most time zones.
func east() time.Time { return time.Date(2001, 3, 4, 23, 59, 58, 123_456_000, time.UTC) }

func (l life) process() string  { return oddly + " " + l.mark }
func (l life) child() string    { return "child of " + l.process() }
func (l life) location() string { return `s3://Zürich/a'b"c\d/` + l.mark + "/" }

func (l life) definition() tracker.Process {
	at := tracker.DataRef{System: "system " + oddly, Object: "object", Attribute: "attribute"}
	return tracker.Process{
		Name: l.process(), Type: "Load", Tool: "Go", Frequency: "daily", DatasetTypes: []string{"customers"},
		Sources: []tracker.DataRef{at}, Targets: tracker.ObjectRefs("lake", "a", "b"),
		Filters: []tracker.RowFilter{
			{Attribute: at, Operator: tracker.OpIn, Values: []string{"", " ", oddly, "null", "01.02.2003"}},
			{Attribute: at, Operator: tracker.OpLess, Values: []string{"2001-02-03"}},
		},
	}
}

// live runs the whole life, and stops at the first error.
func (l life) live(ctx context.Context) error {
	run, err := l.tr.Start(ctx, l.definition(), &tracker.StartOptions{Name: "\u00ad", Needs: tracker.Capacity{Memory: 1}})
	if err != nil {
		return err
	}
	defer func() { _ = run.Close() }()
	steps := []func() error{
		func() error { return l.refused(ctx, tracker.ErrAlreadyRunning) },
		func() error { return l.describe(ctx) },
		func() error { return l.work(ctx, run) },
		func() error { return run.Complete(ctx, &tracker.EndOptions{EndedAt: run.StartedAt().Add(time.Hour)}) },
		func() error { return l.lookups(ctx) },
		func() error { return l.childhood(ctx) },
		func() error { return l.again(ctx) },
		func() error { return l.hold(ctx) },
		func() error {
			_, err := l.tr.Admin().Purge(ctx, tracker.PurgeOptions{OlderThan: time.Hour, Extracts: []tracker.ExtractStatus{tracker.Archived}})
			return err
		},
	}
	for i, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (l life) refused(ctx context.Context, want error) error {
	if _, err := l.tr.Start(ctx, l.definition(), nil); !errors.Is(err, want) {
		return fmt.Errorf("want %v, got: %w", want, err) //nolint:errorlint // only one is what happened
	}
	return nil
}

func (l life) describe(ctx context.Context) error {
	empty := ""
	if err := l.tr.Registry().Register(ctx, tracker.Process{Name: l.child()}); err != nil {
		return err
	}
	return errors.Join(
		l.tr.Registry().AddProcessContact(ctx, l.process(), tracker.Contact{Name: oddly, Email: "a@example.org"}),
		l.tr.Registry().AddSystemContact(ctx, "system "+oddly, tracker.Contact{Name: "the team"}),
		l.tr.Registry().DescribeAttributes(ctx, "system "+oddly, "object", tracker.Attribute{Name: "attribute", DataType: oddly, Default: &empty, PII: true}),
		l.tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "cluster " + l.mark, MaxMemory: pointer(int64(5))}),
		l.tr.Registry().JoinCluster(ctx, l.process(), "cluster "+l.mark),
		l.tr.Admin().SetMaxFailures(ctx, l.child(), 1),
	)
}

// work is the life of the first run, partly resumed by its ID and token.
func (l life) work(ctx context.Context, run *tracker.Run) error {
	resumed, err := l.tr.Resume(ctx, run.ID(), run.Token())
	if err != nil {
		return err
	}
	names := []string{oddly + ".csv.gz", "a*b?.csv", "b.csv", "B.csv", "b\u0301.csv"}
	var files []tracker.File
	for i, name := range names {
		files = append(files, tracker.File{Location: l.location(), Name: name, Status: tracker.Ready, Size: pointer(int64(i))})
	}
	extracts, err := resumed.RegisterExtracts(ctx, files...)
	if err != nil {
		return err
	}
	claimed, err := claimSoon(ctx, run, tracker.ClaimOptions{Limit: 1, Location: l.location(), NameGlob: "*'Lade'*\\ % _ [x] ☃ ??*.gz"})
	if err != nil {
		return err
	}
	extracts[1].Checksum = oddly
	return errors.Join(
		run.RecordError(ctx, tracker.ErrorRecord{Type: tracker.DataError, Description: "two\nlines\t" + oddly, At: east()}, tracker.ErrorRecord{}),
		run.ExtendRange(ctx, east(), east().Add(time.Microsecond)),
		run.SetExtractStatus(ctx, tracker.Loaded, claimed...),
		run.RecordLoaded(ctx, claimed[0], tracker.Measures{Count: pointer(int64(1 << 40)), Low: east(), High: east()}),
		run.UpdateExtracts(ctx, extracts[1]),
		l.tr.AddExtractParents(ctx, extracts[3], extracts[2]),
		run.SetExtractStatus(ctx, tracker.Loading, extracts[2:4]...),
		run.SetExtractStatus(ctx, tracker.Archived, extracts[2:4]...),
		l.tr.Registry().SetFileCount(ctx, l.location(), int64(len(names))),
		run.SetCounts(ctx, tracker.Counts{Records: 7}),
		run.AddCounts(ctx, tracker.Counts{Records: 1 << 40, Deletes: 1}),
	)
}

// claimSoon claims until it gets an extract, because a claim skips extracts that
// another claim reads at that moment.
func claimSoon(ctx context.Context, run *tracker.Run, c tracker.ClaimOptions) (claimed []tracker.Extract, err error) {
	for len(claimed) == 0 && err == nil {
		claimed, err = run.Claim(ctx, c)
	}
	return claimed, err
}

func (l life) lookups(ctx context.Context) error {
	return errors.Join(
		l.tr.Registry().AddLookupName(ctx, tracker.ErrorTypes, "error "+l.mark),
		l.tr.Registry().AddLookupName(ctx, tracker.ErrorTypes, "Error "+l.mark),
		l.tr.Registry().RenameLookupName(ctx, tracker.ErrorTypes, "error "+l.mark, "späte "+l.mark),
		l.tr.Registry().AddRunStatus(ctx, tracker.RunStatus("late "+l.mark), true),
	)
}

// childhood is the life of a process that depends on the first one, fails, and is put
// on hold for that.
func (l life) childhood(ctx context.Context) error {
	if err := l.tr.Registry().AddDependency(ctx, l.child(), l.process(), tracker.DependencyOptions{Kind: tracker.Hard}); err != nil {
		return err
	}
	run, err := l.tr.Start(ctx, tracker.Process{Name: l.child()}, nil)
	if err != nil {
		return err
	}
	if _, err := claimSoon(ctx, run, tracker.ClaimOptions{Limit: 9, NameContains: "*b?", Location: l.location()}); err != nil {
		return err
	}
	if err := run.Fail(ctx, tracker.ErrorRecord{Type: "späte " + l.mark, Description: oddly}); err != nil {
		return err
	}
	if _, err := l.tr.Start(ctx, tracker.Process{Name: l.child()}, nil); !errors.Is(err, tracker.ErrOnHold) {
		return fmt.Errorf("want the child on hold, got: %w", err)
	}
	return l.tr.Admin().Release(ctx, l.child(), oddly)
}

// again starts the process once more, and an operator then ends the run.
func (l life) again(ctx context.Context) error {
	if _, err := l.tr.Start(ctx, l.definition(), &tracker.StartOptions{Name: "\u00ad"}); !errors.Is(err, tracker.ErrAlreadyDone) {
		return fmt.Errorf("want it done, got: %w", err)
	}
	run, err := l.tr.Start(ctx, l.definition(), &tracker.StartOptions{NoLease: true, FromWatermark: true})
	if err != nil {
		return err
	}
	if !run.Low().Equal(east().Add(time.Microsecond)) {
		return fmt.Errorf("it begins with %v", run.Low())
	}
	if err := run.SetStatus(ctx, tracker.RunStatus("late "+l.mark), nil); err != nil {
		return err
	}
	ended, err := l.tr.Admin().Reap(ctx, tracker.ReapOptions{Process: l.process(), Force: true, Reason: oddly})
	if err != nil || len(ended) != 1 {
		return fmt.Errorf("reaped %d: %w", len(ended), err)
	}
	return nil
}

func (l life) hold(ctx context.Context) error {
	return errors.Join(l.tr.Admin().Hold(ctx, l.process(), oddly), l.refused(ctx, tracker.ErrOnHold))
}

// told returns a tracker's view of a life, one line for each object. The IDs are the place's.
func (l life) told(ctx context.Context, tr *tracker.Tracker) ([]string, error) {
	var all []string
	definition, err := tr.Registry().Definition(ctx, l.process())
	totals, wrong := tr.Registry().Totals(ctx, l.process())
	contacts, failed := tr.Registry().Contacts(ctx, l.process())
	errs := errors.Join(err, wrong, failed, line(&all, "definition", slices.Values([]tracker.Process{definition})),
		line(&all, "totals", slices.Values([]tracker.Totals{totals})), line(&all, "contact", slices.Values(contacts)))
	for _, process := range []string{l.process(), l.child()} {
		errs = errors.Join(errs,
			lines(&all, "process", tr.Registry().Processes(ctx, tracker.ProcessFilter{Name: process})),
			lines(&all, "run", tr.Runs(ctx, tracker.RunFilter{Process: process})),
			lines(&all, "error", tr.Errors(ctx, tracker.ErrorFilter{Process: process})),
			lines(&all, "change", tr.History(ctx, tracker.HistoryFilter{Process: process})))
	}
	return all, errors.Join(errs,
		lines(&all, "extract", tr.Extracts(ctx, tracker.ExtractFilter{Location: l.location()})),
		lines(&all, "by glob", tr.Extracts(ctx, tracker.ExtractFilter{Location: l.location(), NameGlob: "?.csv"})),
		lines(&all, "attribute", tr.Registry().Attributes(ctx, "system "+oddly, "object")),
		lines(&all, "error type", ofLife(tr.Registry().LookupNames(ctx, tracker.ErrorTypes), l.mark)))
}

func line[T any](all *[]string, what string, items iter.Seq[T]) error {
	for item := range items {
		text, err := json.Marshal(item)
		if err != nil {
			return err
		}
		*all = append(*all, what+" "+string(text))
	}
	return nil
}

func lines[T any](all *[]string, what string, items iter.Seq2[T, error]) error {
	var failed error
	err := line(all, what, func(yield func(T) bool) {
		for item, err := range items {
			if failed = err; err != nil || !yield(item) {
				return
			}
		}
	})
	return errors.Join(err, failed)
}

// ofLife returns the names that belong to a life.
func ofLife(names iter.Seq2[tracker.LookupName, error], mark string) iter.Seq2[tracker.LookupName, error] {
	return func(yield func(tracker.LookupName, error) bool) {
		for name, err := range names {
			if (err != nil || strings.Contains(name.Name, mark)) && !yield(name, err) {
				return
			}
		}
	}
}
