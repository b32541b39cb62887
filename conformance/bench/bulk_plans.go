package bench

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/suite"
)

// bulkRows is the number of rows sent at once in [BulkPlans]: comparing each of them
// with each other takes 4,000,000 steps. rowSteps is the number of steps that a
// statement may take per row.
const (
	bulkRows = 2000
	rowSteps = 200
)

// BulkPlans runs every operation on many rows while the statistics about the tables are
// wrong, as they are if a server gathered them at a bad moment. The number of steps of
// a statement must grow with its rows, not with their square, however the server plans
// it.
func BulkPlans(t *testing.T, backend Backend) {
	t.Helper()
	inTurn := names(statistics())
	for _, c := range statistics() {
		if c.inTurn && (backend.PlanModes == nil || !suite.Turn(t, c.name, inTurn...)) && suite.AtLevel() != suite.Nightly {
			continue
		}
		modes := backend.PlanModes
		if suite.AtLevel() != suite.Nightly || len(modes) == 0 {
			modes = append([]string{""}, modes...)[:1]
		}
		for _, mode := range modes {
			t.Run(c.name+mode, func(t *testing.T) {
				t.Parallel()
				ctx := t.Context()
				p := newPlace(ctx, t, backend, Options{Connections: 1, Explain: true}, nil)
				if mode != "" {
					if err := p.Hand.Run(ctx, Statement{SQL: mode}); err != nil {
						t.Fatal(err)
					}
				}
				if err := c.gather(ctx, t, p, backend); err != nil {
					t.Fatal(err)
				}
				// A statement that was sent several times may get a generic plan.
				for n := range backend.Plans + 1 {
					if err := p.bulkWork(ctx, fmt.Sprintf("few %d", n), 1, nil); err != nil {
						t.Fatal(err)
					}
				}
				p.lookForSquares(ctx, t, backend)
			})
		}
	}
}

// lookForSquares runs each operation with many rows, and reports the statements that
// take too many steps.
func (p *place) lookForSquares(ctx context.Context, t *testing.T, backend Backend) {
	t.Helper()
	before, err := backend.Steps(ctx, p.Opened, p.statement)
	if err != nil {
		t.Fatal(err)
	}
	done := func(operation string) error {
		after, err := backend.Steps(ctx, p.Opened, p.statement)
		if err != nil {
			return err
		}
		for _, statement := range slices.SortedFunc(maps.Keys(after), func(a, b string) int { return cmp.Compare(after[b], after[a]) }) {
			if steps := after[statement] - before[statement]; steps > rowSteps*bulkRows {
				t.Errorf("%s: %d steps for %d rows: %s", operation, steps, bulkRows, statement)
			}
		}
		before = after
		return nil
	}
	if err := p.bulkWork(ctx, "many", bulkRows, done); err != nil {
		t.Fatal(err)
	}
}

// condition is a way in which the statistics of a place come about.
type condition struct {
	name   string
	inTurn bool // another one at each commit; at night only, where the database chooses no order of joins
	gather func(ctx context.Context, t *testing.T, p *place, backend Backend) error
}

// names returns the names of the conditions that take turns.
func names(all []condition) (inTurn []string) {
	for _, c := range all {
		if c.inTurn {
			inTurn = append(inTurn, c.name)
		}
	}
	return inTurn
}

func statistics() []condition {
	few := func(ctx context.Context, _ *testing.T, p *place, _ Backend) error {
		for n := range 3 {
			if err := p.bulkWork(ctx, fmt.Sprintf("first %d", n), 1, nil); err != nil {
				return err
			}
		}
		return p.still(ctx, true)
	}
	return []condition{
		{"never gathered", true, func(ctx context.Context, _ *testing.T, p *place, _ Backend) error { return p.still(ctx, false) }},
		{"of empty tables", false, func(ctx context.Context, _ *testing.T, p *place, _ Backend) error { return p.still(ctx, true) }},
		{"of few rows", true, few},
		{"of many rows, all of them different", true, func(ctx context.Context, t *testing.T, p *place, backend Backend) error {
			if err := p.scattered(ctx, t, backend); err != nil {
				return err
			}
			return p.still(ctx, true)
		}},
		{"of many rows that were deleted", true, func(ctx context.Context, t *testing.T, p *place, backend Backend) error {
			if err := p.scattered(ctx, t, backend); err != nil {
				return err
			}
			if err := p.still(ctx, true); err != nil {
				return err
			}
			return p.deleteHistory(ctx)
		}},
		{"after many rows were deleted", true, func(ctx context.Context, t *testing.T, p *place, backend Backend) error {
			if err := p.scattered(ctx, t, backend); err != nil {
				return err
			}
			if err := p.deleteHistory(ctx); err != nil {
				return err
			}
			if err := p.still(ctx, false); err != nil {
				return err
			}
			return p.gather(ctx, p.Hand, spelling(p.d.Name()).sample) // which leaves the deleted rows where they are
		}},
	}
}

// still gathers statistics, if it has to, and keeps the server from gathering others by
// itself.
func (p *place) still(ctx context.Context, gather bool) error {
	if off := spelling(p.d.Name()).still; off != "" {
		for _, table := range written() {
			if err := p.Hand.Run(ctx, p.statement("ALTER TABLE {"+table+"} "+off)); err != nil {
				return err
			}
		}
	}
	if !gather {
		return nil
	}
	return p.analyze(ctx, p.Hand)
}

// scatteredRows is the number of runs and extracts in the place, more than are sent at once.
const scatteredRows = 5000

// scattered fills the place so that each run has one extract in its own location, and
// all have a status that no list selects.
func (p *place) scattered(ctx context.Context, t *testing.T, backend Backend) error {
	t.Helper()
	p.fillHistory(ctx, t, backend, scatteredRows, 1, false)
	for _, query := range []string{
		"INSERT INTO {location} (path, path_key, name, type_id) SELECT concat('/own/', n), [hash concat('/own/', n)], concat('own ', n), 1 FROM {bench_number} WHERE n < 5000",
		"UPDATE {extract} SET status_id = 6, location_id = (SELECT l.id FROM {location} AS l WHERE l.name = concat('own ', {extract}.id % 5000)) WHERE status_id = 4",
	} {
		if err := p.Hand.Run(ctx, p.statement(spelling(p.d.Name()).replace(query))); err != nil {
			return err
		}
	}
	return nil
}

// deleteHistory removes all runs and extracts.
func (p *place) deleteHistory(ctx context.Context) error {
	for _, table := range []string{"status_history", "run_extract", "run_error", "run_lease", "extract", "run"} {
		if err := p.Hand.Run(ctx, p.statement("DELETE FROM {"+table+"}")); err != nil {
			return err
		}
	}
	return p.Hand.Run(ctx, p.statement("UPDATE {process} SET latest_run_no = 0, active = FALSE"))
}
