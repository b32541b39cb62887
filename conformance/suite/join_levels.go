package suite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"

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

// look makes a transaction read the current state of the database.
func (l *load) look() {
	l.t.Helper()
	for _, table := range []string{"process", "run", "location", "extract", "extract_status", "status_history"} {
		l.exec("SELECT count(*) FROM {" + table + "}")
	}
}

// pastIgnored lets others write between a transaction's first read and its writes. Each
// write either takes the new state into account or is refused as busy, and then
// succeeds in a transaction that begins afterwards.
func pastIgnored(t *testing.T, e *Env) {
	e.levels(t, func(t *testing.T, level sql.IsolationLevel) {
		e := e.another(t)
		ctx, b, tr, run, extract := begun(t, e)
		other := start(ctx, t, tr, tracker.Process{Name: "Another Load"})
		for i, c := range []struct {
			since func() error
			write func(context.Context, *tracker.Run) error
		}{
			{
				func() error { return run.AddCounts(ctx, tracker.Counts{Records: 10}) },
				func(ctx context.Context, r *tracker.Run) error { return r.AddCounts(ctx, tracker.Counts{Records: 1}) },
			},
			{
				func() error { return ignore(other.RegisterExtracts(ctx, files("/new", "a", "b")...)) },
				func(ctx context.Context, r *tracker.Run) error {
					got, err := r.RegisterExtracts(ctx, files("/new", "b", "c")...)
					if err == nil && fmt.Sprint(names(got)) != "[b c]" {
						t.Errorf("registered %q", names(got))
					}
					return err
				},
			},
			{
				func() error { return tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, "a new status") },
				func(ctx context.Context, r *tracker.Run) error {
					return r.SetExtractStatus(ctx, "a new status", extract)
				},
			},
			{
				func() error {
					return ignore(start(ctx, t, tr, tracker.Process{Name: "A New Extract"}).RegisterExtract(ctx,
						tracker.File{Location: "/newer", Name: "d", Status: tracker.Ready}))
				},
				func(ctx context.Context, r *tracker.Run) error {
					got, err := r.Claim(ctx, tracker.ClaimOptions{Limit: 10})
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
				func() error { return other.Complete(ctx, nil) },
				func(ctx context.Context, r *tracker.Run) error { return r.Complete(ctx, nil) },
			},
		} {
			past := e.beginAt(t, b, level)
			past.look()
			must(t, c.since())
			err := c.write(ctx, run.In(past.Tx))
			if err == nil {
				past.ended = true
				err = past.End(ctx, true)
			} else if !errors.Is(err, tracker.ErrBusy) && !errors.Is(err, tracker.ErrNotFound) {
				t.Errorf("write %d: %v", i, err)
			}
			if err != nil {
				if !past.ended {
					past.end(false)
				}
				present := e.beginAt(t, b, level)
				present.look()
				must(t, c.write(ctx, run.In(present.Tx)))
				present.end(true)
			}
		}
		if got := stored(ctx, t, tr, run); got.Counts.Records != 11 || got.Status != tracker.Completed {
			t.Errorf("the run is %+v", got)
		}
		if got := single[int64](ctx, t, b, "SELECT records FROM {process} WHERE name = ?", run.Process()); got != 11 {
			t.Errorf("the process has %d records", got)
		}
	})
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
				l.look()
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

// partsKept changes one part of a description in a transaction that has seen the past of
// another part.
func partsKept(t *testing.T, e *Env) {
	e.levels(t, func(t *testing.T, level sql.IsolationLevel) {
		e := e.another(t)
		ctx, b := e.context(t), e.setUp(t)
		tr := trackerOn(ctx, t, b, nil)
		g := tr.Registry()
		attribute := tracker.ProcessAttribute{Role: tracker.Source, System: "shop", Object: "orders", Attribute: tracker.Attribute{Name: "id"}}
		must(t, g.Register(ctx, tracker.Process{Name: "Load", Sources: tracker.AttributeRefs("shop", "orders", "id")}))
		must(t, g.SetCluster(ctx, tracker.Cluster{Name: "Spark"}))
		must(t, g.AddLookupName(ctx, tracker.FileTypes, "mine"))
		for i, c := range []struct{ since, change func(*tracker.Registry) error }{
			{
				func(g *tracker.Registry) error {
					return g.ChangeCluster(ctx, "Spark", func(c *tracker.Cluster) { c.MemoryUnit = "GB" })
				},
				func(g *tracker.Registry) error {
					return g.ChangeCluster(ctx, "Spark", func(c *tracker.Cluster) { c.ProcessingUnit = "cores" })
				},
			},
			{
				func(g *tracker.Registry) error {
					return g.ChangeSystem(ctx, "shop", func(s *tracker.System) { s.Charset = "UTF-8" })
				},
				func(g *tracker.Registry) error {
					return g.ChangeSystem(ctx, "shop", func(s *tracker.System) { s.Type = "database" })
				},
			},
			{
				func(g *tracker.Registry) error {
					return g.ChangeFileFormat(ctx, "mine", func(f *tracker.FileFormat) { f.Quote = "'" })
				},
				func(g *tracker.Registry) error {
					return g.ChangeFileFormat(ctx, "mine", func(f *tracker.FileFormat) { f.Delimiter = ";" })
				},
			},
			{
				func(g *tracker.Registry) error {
					return g.ChangeProcessAttribute(ctx, "Load", attribute, func(a *tracker.ProcessAttribute) { a.Alias = "order" })
				},
				func(g *tracker.Registry) error {
					return g.ChangeProcessAttribute(ctx, "Load", attribute, func(a *tracker.ProcessAttribute) { a.Expression = "id + 1" })
				},
			},
		} {
			past := e.beginAt(t, b, level)
			for _, table := range []string{"cluster", "data_system", "file_type", "process_attribute"} {
				past.exec("SELECT count(*) FROM {" + table + "}")
			}
			must(t, c.since(g))
			err := c.change(tr.In(past.Tx).Registry())
			if err != nil && !errors.Is(err, tracker.ErrBusy) {
				t.Errorf("change %d: %v", i, err)
			}
			past.ended = true
			if ended := past.End(ctx, err == nil); err != nil || ended != nil { // the past cannot be changed
				must(t, c.change(g))
			}
		}
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
