package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// longRows is the number of runs and extracts in a place that is compared with one of
// [leastRows]. It is so large that no planner finds reading all of them cheapest, even
// if its statistics count only a tenth. Comparing only plans needs fewer rows.
func (b Backend) longRows() int {
	if b.RowsRead == nil {
		return 10_000
	}
	return 100_000
}

// Plans does each operation in a place with a long history and in one with a short one,
// and compares how many rows the database reads. The numbers must be about equal,
// whatever the statistics say and however the database plans. If the database does not
// report rows, Plans compares its plans.
func Plans(t *testing.T, backend Backend) {
	t.Helper()
	if backend.RowsRead != nil && !suite.Turn(t, backend.Name, "postgres", "mysql", "mariadb") {
		t.Skip("a long history takes half a minute to fill: this is another database's turn, or the night's")
	}
	ctx, longRows := t.Context(), backend.longRows()
	var seen *listener
	open := func(rows int) *place {
		p := newPlace(ctx, t, backend, Options{Connections: 1}, func(b dialect.Backend) dialect.Backend {
			seen = &listener{Backend: b}
			return seen
		})
		p.fillHistory(ctx, t, backend, rows, few, true)
		return p
	}
	short := open(leastRows)
	long := open(longRows) // seen is that of this one
	look := func(t *testing.T, times int) {
		t.Helper()
		for _, o := range slices.Concat(historyOperations(few), []operation{purgeOperation(), purgeExtracts()}) {
			if _, inherent := wholes()[o.name]; inherent {
				continue
			}
			var small, large readRows
			var err error
			for range times {
				seen.forget()
				if small, err = o.rowsRead(ctx, short, backend); err == nil {
					large, err = o.rowsRead(ctx, long, backend)
				}
				if err != nil {
					t.Error(err)
					break
				}
			}
			if more := large.sum() - small.sum(); more > small.sum()/5 && int(more) > longRows/50 {
				t.Errorf("%s reads %d rows among %d, and %d among %d: %v", o.name, large.sum(), longRows, small.sum(), leastRows, large.more(small))
			}
			if _, walks := walked()[o.name]; backend.Whole != nil && !walks {
				seen.look(ctx, t, o.name, long.Hand, backend)
			}
		}
	}
	t.Run("old statistics", func(t *testing.T) { look(t, 1) })
	for _, p := range []*place{short, long} {
		if err := p.analyze(ctx, p.Hand); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("fresh statistics", func(t *testing.T) { look(t, 1) })
	if backend.Plans > 0 && suite.AtLevel() == suite.Nightly {
		t.Run("fresh statistics, often done", func(t *testing.T) { look(t, backend.Plans+2) })
	}
}

// wholes are the operations that have to read everything, with the reasons.
func wholes() map[string]string {
	const part, types = "no index has the parts of names", "a dataset type may be that of few processes or of all"
	return map[string]string{"claim by a part": part, "extracts by a part": part, "extracts of a dataset type": types}
}

// walked are the operations that start at the end of an index and stop at the limit,
// the ones that sort by name before they stop, and one that reads all errors if there
// were few when statistics were gathered.
func walked() map[string]bool {
	all := map[string]bool{}
	for _, name := range []string{
		"newest runs", "oldest runs", "oldest extracts", "newest extracts", "oldest changes", "newest changes",
		"newest errors", "oldest errors", "errors of a small process",
		"claim by a glob", "claim nothing by a glob", "extracts by a glob", "an extract by its name", "an extract by no name",
	} {
		all[name] = true
	}
	return all
}

// rowsRead returns how many rows the database reads for the operation.
func (o operation) rowsRead(ctx context.Context, p *place, backend Backend) (rows readRows, err error) {
	watched := o
	watched.ours = func(ctx context.Context, p *place, s *subject) error {
		if backend.RowsRead == nil {
			return o.ours(ctx, p, s)
		}
		before, err := backend.RowsRead(ctx, p.Hand, p.statement)
		if err == nil {
			err = o.ours(ctx, p, s)
		}
		if err != nil {
			return err
		}
		after, err := backend.RowsRead(ctx, p.Hand, p.statement)
		rows = readRows(after).more(before)
		return err
	}
	if _, err := watched.do(ctx, p, p.newSubject(ours, 0, 1, p.landing)); err != nil {
		return nil, err
	}
	return rows, nil
}

// readRows are numbers of rows read, by table or index.
type readRows map[string]int64

// sum omits tables that do not grow with the history.
func (r readRows) sum() (all int64) {
	for where, n := range r {
		if !strings.HasPrefix(where, "location") && !strings.HasPrefix(where, "process") {
			all += n
		}
	}
	return all
}

// more describes the rows read in addition to those of another.
func (r readRows) more(than readRows) readRows {
	more := readRows{}
	for where, n := range r {
		if n > than[where] {
			more[where] = n - than[where]
		}
	}
	return more
}

// A listener stores the statements that the tracker sends.
type listener struct {
	dialect.Backend

	statements []dialect.Stmt
}

// Conn implements [dialect.Backend].
func (r *listener) Conn() dialect.Conn {
	return tap.OneByOne(r.Backend.Conn(), func(st dialect.Stmt) { r.statements = append(r.statements, st) })
}

func (r *listener) forget() { r.statements = nil }

// look queries the plans of the statements that were sent.
func (r *listener) look(ctx context.Context, t *testing.T, operation string, hand Hand, backend Backend) {
	t.Helper()
	asked := map[string]bool{}
	for _, st := range r.statements {
		if asked[st.SQL] {
			continue
		}
		asked[st.SQL] = true
		lines, err := backend.Whole(ctx, hand, Statement{SQL: st.SQL, Args: st.Args})
		if err != nil {
			t.Fatalf("the plan of %s: %v", st.Name, err)
		}
		if len(lines) > 0 {
			t.Errorf("%s: %s plans to %s", operation, st.Name, fmt.Sprint(strings.Join(lines, ", ")))
		}
	}
}
