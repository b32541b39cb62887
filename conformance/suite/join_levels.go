package suite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func joinLevelCases() []Case {
	return []Case{
		{"S7.1 S8.3 under snapshot isolation, concurrent writes are neither lost nor overlooked", pastIgnored},
		{"S7.1 S8.3 under snapshot isolation, changes of a part of a description lose no other part", partsKept},
		{"S7.2 S8.3 under snapshot isolation, writes to a run that was ended meanwhile are refused", endedSince},
	}
}

// levels runs a case at each isolation level at which a transaction keeps reading its
// first snapshot.
func (e *Env) levels(t *testing.T, test func(t *testing.T, level sql.IsolationLevel)) {
	t.Helper()
	if len(e.Backend.Levels) == 0 {
		t.Skip("a transaction of the caller's that has written keeps all others from writing")
	}
	for _, level := range e.Backend.Levels {
		t.Run(level.String(), func(t *testing.T) { test(t, level) })
	}
}

// look makes a transaction read the current state of tables.
func (l *load) look(tables ...string) {
	l.t.Helper()
	for _, table := range tables {
		l.exec("SELECT count(*) FROM {" + table + "}")
	}
}

// tablesOfLoads are the tables that calls on a run read.
func tablesOfLoads() []string {
	return []string{"process", "run", "location", "extract", "extract_status", "status_history"}
}

// meeting is a call within a transaction that meets another, made since the
// transaction's first read.
type meeting struct {
	what   string
	since  func() error
	within func(tx dialect.Tx) error
	unseen bool // the transaction may not find what the other call has added
}

// meet lets others write between a transaction's first read of the tables and its own
// write. The write either takes the new state into account or is refused, and then
// succeeds in a transaction that begins afterwards.
func (e *Env) meet(t *testing.T, place dialect.Backend, level sql.IsolationLevel, tables []string, calls []meeting) {
	t.Helper()
	for _, m := range calls {
		past := e.beginAt(t, place, level)
		past.look(tables...)
		must(t, m.since())
		err := m.within(past.Tx)
		if err == nil {
			err = past.tryEnd(true)
		} else {
			if !errors.Is(err, tracker.ErrBusy) && (!m.unseen || !errors.Is(err, tracker.ErrNotFound)) {
				t.Errorf("%s: %v", m.what, err)
			}
			past.end(false)
		}
		if err != nil {
			present := e.beginAt(t, place, level)
			present.look(tables...)
			must(t, m.within(present.Tx))
			present.end(true)
		}
	}
}

func pastIgnored(t *testing.T, e *Env) {
	e.levels(t, func(t *testing.T, level sql.IsolationLevel) {
		e := e.another(t)
		ctx, b, tr, run, extract := begun(t, e)
		e.meet(t, b, level, tablesOfLoads(), writesOfRuns(ctx, t, tr, run, extract))
		if got := stored(ctx, t, tr, run); got.Counts.Records != 11 || got.Status != tracker.Completed {
			t.Errorf("the run is %+v", got)
		}
		if got := single[int64](ctx, t, b, "SELECT records FROM {process} WHERE name = ?", run.Process()); got != 11 {
			t.Errorf("the process has %d records", got)
		}
	})
}

// writesOfRuns are writes to a run, of which the last ends it, and what another run does
// meanwhile.
func writesOfRuns(ctx context.Context, t *testing.T, tr *tracker.Tracker, run *tracker.Run, extract tracker.Extract) []meeting {
	other := start(ctx, t, tr, tracker.Process{Name: "Another Load"})
	return []meeting{
		{
			what:   "add counts",
			since:  func() error { return run.AddCounts(ctx, tracker.Counts{Records: 10}) },
			within: func(tx dialect.Tx) error { return run.In(tx).AddCounts(ctx, tracker.Counts{Records: 1}) },
		},
		{
			what:  "register extracts",
			since: func() error { return ignore(other.RegisterExtracts(ctx, files("/new", "a", "b")...)) },
			within: func(tx dialect.Tx) error {
				got, err := run.In(tx).RegisterExtracts(ctx, files("/new", "b", "c")...)
				if err == nil && fmt.Sprint(names(got)) != "[b c]" {
					t.Errorf("registered %q", names(got))
				}
				return err
			},
		},
		{
			what:   "set a new status",
			since:  func() error { return tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, "a new status") },
			within: func(tx dialect.Tx) error { return run.In(tx).SetExtractStatus(ctx, "a new status", extract) },
			unseen: true,
		},
		{
			what: "claim",
			since: func() error {
				return ignore(start(ctx, t, tr, tracker.Process{Name: "A New Extract"}).RegisterExtract(ctx,
					tracker.File{Location: "/newer", Name: "d", Status: tracker.Ready}))
			},
			within: func(tx dialect.Tx) error {
				got, err := run.In(tx).Claim(ctx, tracker.ClaimOptions{Limit: 10})
				if err == nil && len(got) == 0 {
					return tracker.ErrBusy // it may not see the new state; nothing was claimed
				}
				if err == nil && fmt.Sprint(names(got)) != "[d]" {
					t.Errorf("claimed %q", names(got))
				}
				return err
			},
		},
		{
			what:   "complete",
			since:  func() error { return other.Complete(ctx, nil) },
			within: func(tx dialect.Tx) error { return run.In(tx).Complete(ctx, nil) },
		},
	}
}

func endedSince(t *testing.T, e *Env) {
	e.levels(t, func(t *testing.T, level sql.IsolationLevel) {
		e := e.another(t)
		ctx, b := e.context(t), e.setUp(t)
		ledger(ctx, t, b)
		tr := trackerOn(ctx, t, b, nil)
		ended := ways()
		if e.Small {
			delete(ended, tracker.Completed)
			delete(ended, tracker.OnHold)
		}
		for status, end := range ended {
			for what := range writes(tracker.Extract{}) {
				process := fmt.Sprintf("%s after %s", what, status)
				run := start(ctx, t, tr, tracker.Process{Name: process})
				extract := ready(ctx, t, run, "/landing", process)[0]
				l := e.beginAt(t, b, level)
				l.look(tablesOfLoads()...)
				l.add(1)
				must(t, end(ctx, run))
				rows := content(ctx, t, b)
				if err := writes(extract)[what](ctx, run.In(l.Tx)); !only(err, tracker.ErrAlreadyEnded) && !only(err, tracker.ErrBusy) {
					t.Errorf("%s: %v", process, err)
				}
				l.end(false)
				wantContent(ctx, t, b, rows)
			}
		}
		wantLedger(ctx, t, b)
	})
}

func partsKept(t *testing.T, e *Env) {
	e.levels(t, func(t *testing.T, level sql.IsolationLevel) {
		e := e.another(t)
		ctx, b := e.context(t), e.setUp(t)
		tr := trackerOn(ctx, t, b, nil)
		g := tr.Registry()
		must(t, g.Register(ctx, tracker.Process{Name: "Load", Sources: tracker.AttributeRefs("shop", "orders", "id")}))
		must(t, g.SetCluster(ctx, tracker.Cluster{Name: "Spark"}))
		must(t, g.AddLookupName(ctx, tracker.FileTypes, "mine"))
		e.meet(t, b, level, []string{"cluster", "data_system", "file_type", "process_attribute"}, changesOfParts(ctx, tr))

		all, err := g.ProcessAttributes(ctx, "Load")
		must(t, err)
		cluster := collect(t, g.Clusters(ctx, tracker.NameFilter{}))[0]
		system := collect(t, g.Systems(ctx, tracker.SystemFilter{}))[0]
		var format tracker.FileFormat
		for _, n := range collect(t, g.LookupNames(ctx, tracker.FileTypes)) {
			if n.Name == "mine" {
				format = n.Format
			}
		}
		got := []string{
			cluster.MemoryUnit, cluster.ProcessingUnit, system.Charset, system.Type, format.Quote, format.Delimiter, all[0].Alias, all[0].Expression,
		}
		if want := []string{"GB", "cores", "UTF-8", "database", "'", ";", "order", "id + 1"}; !slices.Equal(got, want) {
			t.Errorf("stored is %q, want %q", got, want)
		}
	})
}

// changesOfParts change one part of a description, while another caller changes another.
func changesOfParts(ctx context.Context, tr *tracker.Tracker) []meeting {
	cluster := func(tr *tracker.Tracker, change func(*tracker.Cluster)) error {
		return tr.Registry().ChangeCluster(ctx, "Spark", change)
	}
	system := func(tr *tracker.Tracker, change func(*tracker.System)) error {
		return tr.Registry().ChangeSystem(ctx, "shop", change)
	}
	format := func(tr *tracker.Tracker, change func(*tracker.FileFormat)) error {
		return tr.Registry().ChangeFileFormat(ctx, "mine", change)
	}
	attribute := func(tr *tracker.Tracker, change func(*tracker.ProcessAttribute)) error {
		id := tracker.ProcessAttribute{Role: tracker.Source, System: "shop", Object: "orders", Attribute: tracker.Attribute{Name: "id"}}
		return tr.Registry().ChangeProcessAttribute(ctx, "Load", id, change)
	}
	return []meeting{
		{
			what:  "change a cluster",
			since: func() error { return cluster(tr, func(c *tracker.Cluster) { c.MemoryUnit = "GB" }) },
			within: func(tx dialect.Tx) error {
				return cluster(tr.In(tx), func(c *tracker.Cluster) { c.ProcessingUnit = "cores" })
			},
		},
		{
			what:   "change a system",
			since:  func() error { return system(tr, func(s *tracker.System) { s.Charset = "UTF-8" }) },
			within: func(tx dialect.Tx) error { return system(tr.In(tx), func(s *tracker.System) { s.Type = "database" }) },
		},
		{
			what:  "change a format of files",
			since: func() error { return format(tr, func(f *tracker.FileFormat) { f.Quote = "'" }) },
			within: func(tx dialect.Tx) error {
				return format(tr.In(tx), func(f *tracker.FileFormat) { f.Delimiter = ";" })
			},
		},
		{
			what:  "change an attribute of a process",
			since: func() error { return attribute(tr, func(a *tracker.ProcessAttribute) { a.Alias = "order" }) },
			within: func(tx dialect.Tx) error {
				return attribute(tr.In(tx), func(a *tracker.ProcessAttribute) { a.Expression = "id + 1" })
			},
		},
	}
}
