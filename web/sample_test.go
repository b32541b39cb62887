package web

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// noon is the time at which the tests open the pages.
func noon() time.Time { return time.Date(2026, 11, 29, 9, 30, 0, 0, time.UTC) }

func at(hour, minute int) time.Time { return time.Date(2026, 11, 29, hour, minute, 0, 0, time.UTC) }

// fake is a source with a few processes, whose answers a test can change.
type fake struct {
	processes []tracker.ProcessInfo
	depends   []tracker.Dependency
	contacts  []tracker.ContactOf
	runs      []tracker.RunInfo // newest first
	errors    []tracker.RunError
	refusals  []tracker.Refusal
	changes   []tracker.Change
	extracts  []tracker.Extract

	fail    atomic.Pointer[error] // if set, the error of every query
	queries atomic.Int64
	acted   []string
	asked   chan struct{} // if set, a query waits until it is closed …
	began   chan struct{} // … and sends here when it starts to wait
}

func (f *fake) failing(err error) {
	if err == nil {
		f.fail.Store(nil)
		return
	}
	f.fail.Store(&err)
}

// ask counts a query.
func (f *fake) ask(ctx context.Context) error {
	f.queries.Add(1)
	if f.began != nil {
		f.began <- struct{}{}
	}
	if f.asked != nil {
		select {
		case <-f.asked:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := f.fail.Load(); err != nil {
		return *err
	}
	return ctx.Err()
}

func answer[T any](f *fake, ctx context.Context, all []T, limit int, keep func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if err := f.ask(ctx); err != nil {
			yield(none, err)
			return
		}
		for _, item := range all {
			if !keep(item) {
				continue
			}
			if !yield(item, nil) {
				return
			}
			if limit--; limit == 0 {
				return
			}
		}
	}
}

func (f *fake) Processes(ctx context.Context, filter tracker.ProcessFilter) iter.Seq2[tracker.ProcessInfo, error] {
	return answer(f, ctx, f.processes, filter.Limit, func(tracker.ProcessInfo) bool { return true })
}

func (f *fake) Runs(ctx context.Context, filter tracker.RunFilter) iter.Seq2[tracker.RunInfo, error] {
	return answer(f, ctx, f.runs, filter.Limit, func(r tracker.RunInfo) bool {
		return (filter.Process == "" || r.Process == filter.Process) && (!filter.Active || r.Active()) && (filter.ID == 0 || r.ID == filter.ID) &&
			(filter.Status == "" || r.Status == filter.Status)
	})
}

func (f *fake) RunByID(ctx context.Context, id int64) (tracker.RunInfo, error) {
	for run, err := range f.Runs(ctx, tracker.RunFilter{ID: id}) {
		return run, err
	}
	return tracker.RunInfo{}, &tracker.NotFoundError{What: "run"}
}

func (f *fake) Errors(ctx context.Context, filter tracker.ErrorFilter) iter.Seq2[tracker.RunError, error] {
	return answer(f, ctx, f.errors, filter.Limit, func(e tracker.RunError) bool {
		return (filter.Process == "" || e.Process == filter.Process) && (filter.RunID == 0 || e.RunID == filter.RunID)
	})
}

func (f *fake) Refusals(ctx context.Context, filter tracker.RefusalFilter) iter.Seq2[tracker.Refusal, error] {
	return answer(f, ctx, f.refusals, filter.Limit, func(r tracker.Refusal) bool { return filter.Process == "" || r.Process == filter.Process })
}

func (f *fake) History(ctx context.Context, filter tracker.HistoryFilter) iter.Seq2[tracker.Change, error] {
	return answer(f, ctx, f.changes, filter.Limit, func(c tracker.Change) bool {
		return (filter.RunID == 0 || c.RunID == filter.RunID) && (filter.ExtractID == 0 || c.ExtractID == filter.ExtractID) && (filter.Process == "" || c.Process == filter.Process)
	})
}

func (f *fake) Extracts(ctx context.Context, filter tracker.ExtractFilter) iter.Seq2[tracker.Extract, error] {
	return answer(f, ctx, f.extracts, filter.Limit, func(e tracker.Extract) bool {
		return (filter.ID == 0 || e.ID == filter.ID) && (filter.Status == "" || e.Status == filter.Status) && (filter.LocationName == "" || e.Location.Name == filter.LocationName)
	})
}

func (f *fake) SoftDependencies(ctx context.Context, run int64) ([]tracker.Parent, error) {
	if run != 3 {
		return nil, f.ask(ctx)
	}
	return []tracker.Parent{{Process: "Orders Extract", Kind: tracker.Soft, RunNumber: 4, Status: tracker.Failed}}, f.ask(ctx)
}

func (f *fake) Definition(ctx context.Context, process string) (tracker.Process, error) {
	if err := f.ask(ctx); err != nil {
		return tracker.Process{}, err
	}
	if !slices.ContainsFunc(f.processes, func(p tracker.ProcessInfo) bool { return p.Name == process }) {
		return tracker.Process{}, &tracker.NotFoundError{What: "process", Name: process}
	}
	return tracker.Process{
		Name: process, Type: "Load", Tool: "Go", Sources: tracker.ObjectRefs("Shop", "orders", "lines"), Targets: tracker.SystemRefs("Warehouse"),
		DatasetTypes: []string{"orders"}, Filters: []tracker.RowFilter{{Attribute: tracker.DataRef{System: "Shop", Object: "orders", Attribute: "day"}, Operator: tracker.OpGreater, Values: []string{"2026-01-01"}}},
	}, nil
}

func (f *fake) Overview() overview { return fakeOverview{f} }

func (f *fake) Act(ctx context.Context, actor string, a Action, o order) error {
	if err := f.ask(ctx); err != nil {
		return err
	}
	f.acted = append(f.acted, strings.Join([]string{actor, string(a), o.process, o.reason}, "|"))
	return nil
}

type fakeOverview struct{ *fake }

func (f fakeOverview) Dependencies(ctx context.Context) ([]tracker.Dependency, error) {
	return f.depends, f.ask(ctx)
}

func (f fakeOverview) Contacts(ctx context.Context) ([]tracker.ContactOf, error) {
	return f.contacts, f.ask(ctx)
}

func (f fakeOverview) Locations(ctx context.Context, _ int64) ([]tracker.Location, error) {
	files := int64(1234)
	return []tracker.Location{
		{ID: 2, Path: "s3://bucket/empty", Name: "empty", Type: "s3"},
		{ID: 1, Path: "/landing/orders", Name: "orders", Type: "local", FileCount: &files, ListedAt: at(6, 0)},
	}, f.ask(ctx)
}

func (f fakeOverview) ExtractsNamed(ctx context.Context, beginning string) ([]tracker.Extract, error) {
	return collect(answer(f.fake, ctx, f.extracts, 0, func(e tracker.Extract) bool { return strings.HasPrefix(e.Name, beginning) }))
}

func (f fakeOverview) RunsDuring(ctx context.Context, since, until time.Time, limit int) ([]tracker.RunInfo, error) {
	return collect(answer(f.fake, ctx, f.runs, limit, func(r tracker.RunInfo) bool {
		return !r.Active() && r.StartedAt.Before(until) && !r.EndedAt.Before(since)
	}))
}

func (f fakeOverview) UsualDurations(ctx context.Context) (map[string]time.Duration, error) {
	return map[string]time.Duration{"Forecast": 20 * time.Minute}, f.ask(ctx)
}

func (f fakeOverview) WaitingExtracts(ctx context.Context) ([]tracker.WaitingExtracts, error) {
	return []tracker.WaitingExtracts{
		{Location: "orders", Status: tracker.Ready, Count: 10_000, Oldest: at(4, 0), More: true},
		{Location: "orders", Status: tracker.Loading, Count: 1, Oldest: at(5, 0)},
	}, f.ask(ctx)
}

func (f fakeOverview) Claimants(ctx context.Context, extracts ...tracker.Extract) (map[int64]tracker.Claimant, error) {
	all := map[int64]tracker.Claimant{}
	for _, e := range extracts {
		if e.Status == tracker.Loading {
			all[e.ID] = tracker.Claimant{ExtractID: e.ID, RunID: 2, Process: "Orders Load", RunNumber: 7}
		}
	}
	return all, f.ask(ctx)
}

// newFake returns a source for a morning on which every problem occurs once.
func newFake() *fake {
	f := &fake{}
	f.processes = []tracker.ProcessInfo{
		{ID: 1, Name: "Orders Extract", Type: "Extract", Tool: "Go", Frequency: "daily", RunNumber: 5, Status: tracker.Completed, StartedAt: at(1, 0), EndedAt: at(1, 40), LastCompletedAt: at(1, 40), Totals: tracker.Totals{Watermark: at(0, 0), Counts: tracker.Counts{Records: 1_234_567, Inserts: 1_000_000, Updates: 234_567}}},
		{ID: 2, Name: "Orders Load", Type: "Load", RunNumber: 7, Status: tracker.Failed, StartedAt: at(2, 0), EndedAt: at(2, 12), Failures: 2, LastFailedAt: at(2, 12)},
		{ID: 3, Name: "Sales Mart", Type: "Transform", RunNumber: 3, Status: tracker.Completed, StartedAt: at(3, 0).AddDate(0, 0, -1), EndedAt: at(3, 9).AddDate(0, 0, -1), LastCompletedAt: at(3, 9).AddDate(0, 0, -1)},
		{ID: 4, Name: "Report", Type: "Report"},
		{ID: 5, Name: "Forecast", Type: "Training", RunNumber: 2, Status: tracker.Running, Active: true, StartedAt: at(8, 0), LeaseUntil: at(9, 31)},
		{ID: 6, Name: "Clicks", Type: "Load", RunNumber: 9, Status: tracker.Running, Active: true, StartedAt: at(4, 0), LeaseUntil: at(4, 45), LeaseExpired: true},
		{ID: 7, Name: "CRM", Type: "Extract", RunNumber: 1, Status: tracker.Completed, StartedAt: at(0, 1), EndedAt: at(0, 2), Hold: &tracker.HoldInfo{Since: at(7, 0), By: "ada", Reason: "the vendor changes the export"}},
		{ID: 9, Name: "Board", Type: "Report", RunNumber: 2, Status: tracker.Completed, StartedAt: at(4, 0), EndedAt: at(4, 1), LastCompletedAt: at(4, 1)},
		{ID: 8, Name: odd, Type: "<i>type</i>", RunNumber: 1, Status: "resting", StartedAt: at(5, 0), EndedAt: at(5, 1)},
	}
	f.depends = []tracker.Dependency{
		{Child: "Orders Load", Parent: "Orders Extract", Kind: tracker.Hard}, {Child: "Sales Mart", Parent: "Orders Load", Kind: tracker.Normal},
		{Child: "Report", Parent: "Sales Mart", Kind: tracker.Normal, Fresh: true}, {Child: "Board", Parent: "Sales Mart", Kind: tracker.Normal, Fresh: true}, {Child: "Report", Parent: "Orders Extract", Kind: tracker.Normal}, {Child: "Forecast", Parent: "Clicks", Kind: tracker.Soft},
	}
	f.contacts = []tracker.ContactOf{
		{Process: "Orders Load", Contact: tracker.Contact{Name: "Ada", Email: "ada@example.org"}},
		{Process: "Orders Load", Contact: tracker.Contact{Name: "Shop Desk"}, System: "Shop"},
	}
	f.runs = []tracker.RunInfo{
		{ID: 6, Process: "Forecast", Number: 2, Status: tracker.Running, Actor: "scheduler", StartedAt: at(8, 0), LeaseUntil: at(9, 31)},
		{ID: 5, Process: "Clicks", Number: 9, Status: tracker.Running, Actor: "scheduler", StartedAt: at(4, 0), LeaseUntil: at(4, 45), LeaseExpired: true},
		{ID: 4, Process: odd, Number: 1, Status: "resting", Actor: "<script>", StartedAt: at(5, 0), EndedAt: at(5, 1)},
		{ID: 2, Process: "Orders Load", Number: 7, Status: tracker.Failed, Actor: "scheduler", StartedAt: at(2, 0), EndedAt: at(2, 12), Name: "2026-11-28"},
		{ID: 1, Process: "Orders Extract", Number: 5, Status: tracker.Completed, Actor: "scheduler", StartedAt: at(1, 0), EndedAt: at(1, 40), Counts: tracker.Counts{Records: 5000, Inserts: 4000, Updates: 900, Deletes: 100}},
		{ID: 3, Process: "Sales Mart", Number: 3, Status: tracker.Completed, Actor: "ben", StartedAt: at(3, 0).AddDate(0, 0, -1), EndedAt: at(3, 9).AddDate(0, 0, -1)},
	}
	f.errors = []tracker.RunError{{ID: 9, RunID: 2, Process: "Orders Load", RunNumber: 7, Type: tracker.DataError, Description: "line 3: no such currency\nsee the log", At: at(2, 12)}}
	f.refusals = []tracker.Refusal{{ID: 1, Process: "Sales Mart", Reason: tracker.ErrDependency, Actor: "scheduler", Detail: `"Orders Load": run 7 has failed`, Times: 12, First: at(3, 0), Last: at(5, 30)}}
	f.changes = []tracker.Change{
		{ID: 1, At: at(2, 0), Process: "Orders Load", RunID: 2, RunNumber: 7, To: "running", Actor: "scheduler"},
		{ID: 2, At: at(2, 3), Process: "Orders Load", RunID: 2, RunNumber: 7, ExtractID: 1, Location: "/landing/orders", Extract: "orders.csv", From: "ready", To: "loading", Actor: "scheduler"},
		{ID: 3, At: at(2, 12), Process: "Orders Load", RunID: 2, RunNumber: 7, From: "running", To: "failed", Actor: "scheduler", Reason: "line 3: no such currency"},
	}
	size := int64(5 << 20)
	place := tracker.Location{ID: 1, Name: "orders", Path: "/landing/orders"}
	f.extracts = []tracker.Extract{
		{ID: 1, Name: "orders.csv", Location: place, Status: tracker.Loading, RegisteredAt: at(1, 30), StatusChangedAt: at(2, 3), Process: "Orders Extract", RunNumber: 5, FileType: "csv", Size: &size},
		{ID: 2, Name: "=cmd()|<b>.csv", Location: place, Status: tracker.Ready, RegisteredAt: at(1, 31), StatusChangedAt: at(1, 31), Process: "Orders Extract", RunNumber: 5},
	}
	return f
}

// odd is an awkward name: markup, right-to-left text with an override, 250 characters.
var odd = "<script>alert(1)</script> \u202eעברית\u2067 & \"x\" " + strings.Repeat("é", 210)
