package bench

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// Bulk measures operations on 10,000 and on 100,000 files, compared with loading the
// same rows into the same tables with COPY or, if the database has none, multi-row
// INSERTs.
func Bulk(b *testing.B, backend Backend) {
	ctx := b.Context()
	p := newPlace(ctx, b, backend, Options{Connections: 1}, nil)
	if err := p.seed(ctx, 1, few); err != nil {
		b.Fatal(err)
	}
	b.Run("10,000 files", func(b *testing.B) { p.bulk(b, 10_000) })
	b.Run("100,000 files", func(b *testing.B) { p.bulk(b, 100_000) })
}

// bulk reports how much slower the tracker is than a hand-written load: x/facts for
// each operation.
func (p *place) bulk(b *testing.B, n int) {
	ctx, took := b.Context(), map[string]times{}
	steps := p.bulkOperations(n)
	for b.Loop() {
		if err := p.bulkRound(ctx, steps, took); err != nil {
			b.Fatal(err)
		}
	}
	load := took[loadName].median(facts)
	b.ReportMetric(float64(load.Nanoseconds()), "ns/op")
	for _, o := range steps {
		if own := took[o.name].median(ours); own > 0 {
			b.ReportMetric(float64(own.Nanoseconds()), o.name+"-ns/op")
			b.ReportMetric(float64(load)/float64(own), o.name+"-speed/load")
		}
	}
}

// bulkRound does each operation once.
func (p *place) bulkRound(ctx context.Context, steps []operation, took map[string]times) error {
	for _, o := range steps {
		if took[o.name] == nil {
			took[o.name] = times{}
		}
		for _, w := range o.ways() {
			d, err := o.do(ctx, p, p.newSubject(w, 0, 1, p.landing))
			if err != nil {
				return err
			}
			took[o.name][w] = append(took[o.name][w], d)
		}
	}
	return nil
}

const loadName = "load"

// bulkOperations take turns: they list the same location, one after the other.
func (p *place) bulkOperations(n int) []operation {
	location := ""
	load := operation{
		name: loadName, prepare: begin, done: end,
		facts: func(p *place, s *subject) work { return p.loadByHand(s, n) },
	}
	return []operation{
		load,
		{
			name: "register", prepare: begin, done: end,
			ours: func(ctx context.Context, _ *place, s *subject) error {
				_, err := s.run.RegisterExtracts(ctx, filesOf(s.file, n)...)
				return err
			},
		},
		{
			name: "new-listing", prepare: begin, done: end,
			ours: func(ctx context.Context, p *place, s *subject) error {
				location = "/listed/" + s.file
				return list(ctx, location, s, n, 0)
			},
		},
		{
			name: "repeated-listing", prepare: begin, done: end,
			ours: func(ctx context.Context, p *place, s *subject) error { return list(ctx, location, s, 0, n) },
		},
	}
}

// filesOf returns n files whose names have the same beginning.
func filesOf(name string, n int) []tracker.File {
	all := make([]tracker.File, n)
	for i := range all {
		all[i] = tracker.File{Location: landing, Name: fmt.Sprintf("%s %d.csv", name, i), Status: tracker.Ready}
	}
	return all
}

// loadByHand registers n files with the next IDs.
func (p *place) loadByHand(s *subject, n int) work {
	return func(ctx context.Context, s *subject) error {
		var rows []Rows
		err := s.aside(func() error {
			first, err := p.number(ctx, "SELECT max(id) + 1 FROM {extract}")
			rows = p.rowsOf(s, n, first)
			return err
		})
		if err != nil {
			return err
		}
		return p.Hand.Load(ctx, rows...)
	}
}

func (p *place) rowsOf(s *subject, n int, first int64) []Rows {
	now := p.d.Time(time.Now())
	extracts := Rows{Table: "extract", Columns: []string{
		"id", "location_id", "name", "name_key", "status_id", "file_type_id", "registered_by", "process_id", "registered_at", "status_changed_at",
	}}
	links := Rows{Table: "run_extract", Columns: []string{"run_id", "extract_id", "status_id", "linked_at", "status_changed_at"}}
	history := Rows{Table: "status_history", Columns: []string{"process_id", "run_id", "extract_id", "to_status", "actor_id", "changed_at"}}
	for i := range n {
		id, name := first+int64(i), fmt.Sprintf("%s %d.csv", s.file, i)
		extracts.Values = append(extracts.Values, []any{id, s.location, name, key(name), readyID, 1, s.runID, s.processID, now, now})
		links.Values = append(links.Values, []any{s.runID, id, readyID, now, now})
		history.Values = append(history.Values, []any{s.processID, s.runID, id, "ready", p.actor, now})
	}
	return []Rows{extracts, links, history}
}

// A lister lists files that it makes up.
type lister int

// List implements [listing.Lister].
func (l lister) List(context.Context, string) iter.Seq2[listing.Object, error] {
	return func(yield func(listing.Object, error) bool) {
		for i := range int(l) {
			if !yield(listing.Object{Name: fmt.Sprintf("file %d.csv", i)}, nil) {
				return
			}
		}
	}
}

// list lists a location, and checks how many files are new and known.
func list(ctx context.Context, location string, s *subject, fresh, known int) error {
	found, err := s.run.ListLocation(ctx, lister(fresh+known), location, nil)
	if err == nil && (found.New != int64(fresh) || found.Known != int64(known)) {
		err = fmt.Errorf("listed %d new and %d known files, want %d and %d", found.New, found.Known, fresh, known)
	}
	return err
}

// listingOperations list n new files, and then the same files again.
func listingOperations(n int) []operation {
	location := func(s *subject) string { return "/listed/" + s.file }
	return []operation{
		{
			name: fmt.Sprintf("list %d new files", n), prepare: begin, done: end,
			ours: func(ctx context.Context, _ *place, s *subject) error { return list(ctx, location(s), s, n, 0) },
		},
		{
			name: fmt.Sprintf("list %d known files", n), done: end,
			prepare: func(ctx context.Context, p *place, s *subject) error {
				return errors.Join(begin(ctx, p, s), list(ctx, location(s), s, n, 0))
			},
			ours: func(ctx context.Context, _ *place, s *subject) error { return list(ctx, location(s), s, 0, n) },
		},
	}
}
