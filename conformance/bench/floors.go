package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// Floors does every operation once in one place, and its facts floor in another, and
// compares the changed rows. If a floor writes less than the tracker, the tracker looks
// slow; if it writes more, the tracker looks fast.
func Floors(t *testing.T, backend Backend) {
	t.Helper()
	ctx, all := t.Context(), operations(few)
	places := map[way]*place{}
	for _, w := range []way{ours, facts} {
		places[w] = newPlace(ctx, t, backend, Options{Connections: 1}, nil)
		if err := places[w].seed(ctx, len(all), few); err != nil {
			t.Fatal(err)
		}
	}
	for i, o := range all {
		if o.facts == nil {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			own, byHand := o.changes(t, places[ours], ours, i), o.changes(t, places[facts], facts, i)
			report(t, "removes", own.removed, byHand.removed)
			report(t, "writes", own.added, byHand.added)
			if own.found != byHand.found {
				t.Errorf("the tracker read %d rows, its facts floor %d", own.found, byHand.found)
			}
		})
	}
}

// tables contains the rows of each table, without values that differ between two places.
type tables map[string][]string

// changed contains the changes of an operation. An updated row is in both lists.
type changed struct {
	removed, added tables
	found          int // rows that it read
}

// changes does the operation once, on the i-th process.
func (o operation) changes(t *testing.T, p *place, w way, i int) (c changed) {
	t.Helper()
	ctx := t.Context()
	s := p.newSubject(w, i, i+1, p.landing)
	s.process = processOf(ours, i) // the same in both places
	s.processID = p.ids[s.process]
	prepared, done := o, o.done
	var before, after tables
	dump := func() (rows tables) {
		rows, err := p.dump(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	prepared.prepare = func(ctx context.Context, p *place, s *subject) error {
		err := o.prepare(ctx, p, s)
		before = dump()
		return err
	}
	prepared.done = func(ctx context.Context, p *place, s *subject) error {
		after = dump()
		return done(ctx, p, s)
	}
	if _, err := prepared.do(ctx, p, s); err != nil {
		t.Fatal(err)
	}
	c = changed{tables{}, tables{}, s.found}
	for _, table := range written() {
		c.removed[table], c.added[table] = without(before[table], after[table]), without(after[table], before[table])
	}
	return c
}

// written are the tables in which operations leave rows.
func written() []string {
	return []string{
		"process", "run", "run_lease", "run_soft_dependency", "run_error", "location", "location_system", "location_object",
		"extract", "extract_dependency", "extract_system", "extract_object", "run_extract", "status_history", "refusal",
	}
}

// mechanism are columns that contain no fact about a process, a run or an extract: the
// tracker uses them to make starts take turns.
func mechanism() []string { return []string{"process.turn"} }

func (p *place) dump(ctx context.Context) (tables, error) {
	all := tables{}
	for _, table := range written() {
		columns, rows, err := p.Hand.Read(ctx, p.statement("SELECT * FROM {"+table+"}"))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			values := make([]string, 0, len(row))
			for i, column := range columns {
				if !slices.Contains(mechanism(), table+"."+column) {
					values = append(values, column+"="+comparable(column, row[i]))
				}
			}
			all[table] = append(all[table], strings.Join(values, " "))
		}
		slices.Sort(all[table])
	}
	return all, nil
}

// comparable returns the part of a value that is the same in two places. For IDs,
// times, tokens and generated names, that is only whether there is a value.
func comparable(column string, value any) string {
	switch {
	case value == nil:
		return "none"
	case column == "status_id" || column == "latest_status_id" || column == "claim_return_id" || column == "file_type_id":
		return text(value) // the same everywhere
	case column == "id" || strings.HasSuffix(column, "_id") || strings.HasSuffix(column, "_by"):
		return "an id"
	case strings.HasSuffix(column, "_at"):
		return "a time"
	case strings.HasSuffix(column, "_digest"), strings.HasSuffix(column, "_key"):
		return "a key"
	case column == "detail":
		return "a text"
	case column == "name", column == "description":
		kind, _, _ := strings.Cut(text(value), " ")
		return "a " + kind
	}
	if t, ok := value.(time.Time); ok {
		return t.String()
	}
	return text(value)
}

// report reports rows that only one of the ways changes.
func report(t *testing.T, verb string, own, byHand tables) {
	t.Helper()
	for _, table := range written() {
		if only := without(own[table], byHand[table]); len(only) > 0 {
			t.Errorf("%s: only the tracker %s %s", table, verb, firstOf(only))
		}
		if only := without(byHand[table], own[table]); len(only) > 0 {
			t.Errorf("%s: only the facts floor %s %s", table, verb, firstOf(only))
		}
	}
}

// without returns the rows that are missing in others, as often as they are missing.
func without(rows, others []string) (only []string) {
	left := map[string]int{}
	for _, row := range others {
		left[row]++
	}
	for _, row := range rows {
		if left[row]--; left[row] < 0 {
			only = append(only, row)
		}
	}
	return only
}

func firstOf(rows []string) string {
	const most = 3
	if len(rows) <= most {
		return fmt.Sprintf("%q", rows)
	}
	return fmt.Sprintf("%q and %d more", rows[:most], len(rows)-most)
}
