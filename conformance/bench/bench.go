// Package bench measures what the tracker costs, compared with hand-written SQL for
// the same work on the same database.
//
// A backend's test module calls [Operations], [Load], [Bulk], [Alone] and [History]
// from benchmarks of its own, and [Costs] and [Floors] from tests, as it calls the
// suite. The benchmarks have the form of Go's testing package, so benchstat reads
// them; the command conformance/cmd/bench compares them with the budgets of
// docs/performance.md.
//
// Each operation has up to two floors:
//
//   - its floor: one hand-written INSERT, UPDATE or SELECT, committed by itself, on
//     the same pool and table;
//   - its facts floor: the rows that the operation writes or reads, in the same
//     tables, in one hand-written transaction that checks nothing.
//
// An operation and its floors take turns (A, B, C, A, B, C, …), so that whatever
// else the machine does slows all of them down. What counts is the ratio of their
// medians; a time alone says more about the machine.
package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Backend is what the benchmarks have to know of the backend that they measure.
type Backend struct {
	Name   string // of the database, such as "postgres"
	Server string // its version
	Wire   bool   // there is a network between the tracker and the database

	// StatementCount, if set, is a query for how many statements the server has run in
	// the session: the last column of its one row.
	StatementCount string

	// RowsRead, if set, is how many rows the database has read so far, in the tracker's
	// tables and indexes, for the hand's one connection or for all: by table, by index,
	// or however the database counts.
	RowsRead func(ctx context.Context, hand Hand, statement func(string, ...any) Statement) (map[string]int64, error)

	// Plans is how often a prepared statement is planned for its arguments before it may
	// be planned for any; 0 if it never is.
	Plans int

	// Steps is how many rows the statements of a place's connection have gone through so far,
	// by statement, each as often as its plan did: of a place opened with [Options].Explain.
	Steps func(ctx context.Context, o Opened, statement func(string, ...any) Statement) (map[string]int64, error)

	// PlanModes are statements that each make the session plan statements in one way.
	PlanModes []string

	// Whole, if set, returns what a plan of the statement's would read or sort as a whole.
	Whole func(ctx context.Context, hand Hand, st Statement) ([]string, error)

	// Fresh returns the DSN of a place without any tables that is only this
	// benchmark's, and removes it when the benchmark ends.
	Fresh func(tb testing.TB) string

	// Open opens a DSN that Fresh returned.
	Open func(ctx context.Context, dsn string, o Options) (Opened, error)
}

// Options say how a backend is opened.
type Options struct {
	// Connections is how many the pool has at most.
	Connections int

	// Explain has the server say how it carried each statement out.
	Explain bool

	// Dial, if set, makes the connections to a server.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Opened is a backend and what sends hand-written SQL through the same pool.
type Opened struct {
	Backend dialect.Backend
	Hand    Hand
	Close   func() error

	// Steps counts what [Backend].Steps returns, with [Options].Explain.
	Steps map[string]int64
}

// DatabasesVar names the environment variable that says which databases to measure,
// with commas between; all if it is not set.
const DatabasesVar = "PROCESSTRACKER_BENCH_DATABASES"

// Measure runs the benchmarks of one database under its name, if they are wanted.
func Measure(b *testing.B, database string, what func(*testing.B)) {
	b.Helper()
	wanted := os.Getenv(DatabasesVar)
	if wanted == "" || slices.Contains(strings.Split(wanted, ","), database) {
		b.Run(database, what)
	}
}

// A Hand sends SQL that was written by hand, in the fastest way that the driver
// has.
type Hand interface {
	// Run runs the statements in one transaction, in as few round trips as the
	// driver can send them. One alone is committed by itself.
	Run(ctx context.Context, statements ...Statement) error

	// Read runs a query and returns the names of its columns and its rows.
	Read(ctx context.Context, s Statement) (columns []string, rows [][]any, err error)

	// Load inserts the rows of all tables in one transaction: with COPY, or with
	// INSERTs of many rows each.
	Load(ctx context.Context, tables ...Rows) error
}

// A Statement is SQL in the database's own placeholders, with its arguments.
type Statement struct {
	SQL  string
	Args []any
}

// Rows are rows to load into a table.
type Rows struct {
	Table   string // its name without schema and prefix
	Columns []string
	Values  [][]any
}

// A place is a database that is set up, with a tracker on it.
type place struct {
	Opened
	words

	name           string // of the backend
	dsn            string
	statementCount string // as [Backend]'s
	tracker        *tracker.Tracker
	ids            map[string]int64 // of processes, by name
	actor          int64            // the id of the tracker's
	landing        int64            // the id of the location
	known          []int64          // extracts that claims by hand take
	spent          atomic.Int64     // the numbers that next has given
}

// actor is the name of the tracker's.
const actor = "bench"

// newPlace sets a place up and opens it. wrap, if set, stands between the tracker
// and the backend.
func newPlace(ctx context.Context, tb testing.TB, b Backend, o Options, wrap func(dialect.Backend) dialect.Backend) *place {
	tb.Helper()
	if _, measures := tb.(*testing.B); measures {
		// In the form of Go's benchmarks, for tools that read their output.
		fmt.Fprintf(os.Stdout, "server-%s: %s\ngo: %s\ncpus: %d\n", b.Name, b.Server, runtime.Version(), runtime.NumCPU())
	}
	dsn := b.Fresh(tb)
	opened, err := b.Open(ctx, dsn, o)
	if err != nil {
		tb.Fatal(err)
	}
	p := &place{Opened: opened, words: newWords(opened.Backend.Dialect()), name: b.Name, dsn: dsn, statementCount: b.StatementCount, ids: map[string]int64{}}
	tb.Cleanup(func() {
		if err := p.close(); err != nil {
			tb.Error(err)
		}
	})
	if _, err := setup.Run(ctx, opened.Backend); err != nil {
		tb.Fatal(err)
	}
	through := opened.Backend
	if wrap != nil {
		through = wrap(through)
	}
	if p.tracker, err = newTracker(ctx, through); err != nil {
		tb.Fatal(err)
	}
	return p
}

// newTracker returns a tracker that puts no process on hold, as runs fail to give
// back what they claimed.
func newTracker(ctx context.Context, b dialect.Backend) (*tracker.Tracker, error) {
	return tracker.New(ctx, b, &tracker.Config{Actor: actor, MaxFailures: tracker.NeverHold, Lease: leaseMilliseconds * time.Millisecond})
}

func (p *place) close() error {
	var err error
	if p.tracker != nil {
		err = p.tracker.Close()
	}
	return errors.Join(err, p.Close())
}

// seed makes what the operations work on: as many processes for each way, a location,
// and so many extracts to claim.
func (p *place) seed(ctx context.Context, processes, claims int) error {
	if err := p.seedProcesses(ctx, processes); err != nil {
		return err
	}
	return p.seedClaims(ctx, claims)
}

// seedProcesses makes the processes. Those that are worked on by hand are made by
// hand, too.
func (p *place) seedProcesses(ctx context.Context, processes int) error {
	byHand := Rows{Table: "process", Columns: []string{"name"}}
	for n := range processes {
		if err := p.tracker.Registry().Register(ctx, tracker.Process{Name: processOf(ours, n)}); err != nil {
			return err
		}
		byHand.Values = append(byHand.Values, []any{processOf(floor, n)}, []any{processOf(facts, n)})
	}
	if err := p.Hand.Load(ctx, byHand); err != nil {
		return err
	}
	return p.findIDs(ctx)
}

// findIDs remembers the ids of what is worked on.
func (p *place) findIDs(ctx context.Context) error {
	_, rows, err := p.Hand.Read(ctx, p.statement("SELECT id, name FROM {process}"))
	if err != nil {
		return err
	}
	for _, row := range rows {
		p.ids[text(row[1])] = integer(row[0])
	}
	l, err := p.tracker.Registry().RegisterLocation(ctx, landing, "")
	if err != nil {
		return err
	}
	p.landing = l.ID
	p.actor, err = p.number(ctx, "SELECT id FROM {actor} WHERE name = ?", actor)
	return err
}

// number runs a query for one number.
func (p *place) number(ctx context.Context, query string, args ...any) (int64, error) {
	_, rows, err := p.Hand.Read(ctx, p.statement(query, args...))
	if err != nil {
		return 0, err
	}
	if len(rows) != 1 {
		return 0, fmt.Errorf("%d rows instead of one: %s", len(rows), query)
	}
	return integer(rows[0][0]), nil
}

// nextName returns a name that it has not returned before: of a file, a token.
func (p *place) nextName(kind string) string {
	return fmt.Sprintf("%s %09d", kind, p.next())
}

// next returns a number that it has not returned before.
func (p *place) next() int64 { return p.spent.Add(1) }

// text and integer are what a driver may mean by a text and by a whole number.
func text(value any) string {
	if b, ok := value.([]byte); ok {
		return string(b)
	}
	return fmt.Sprint(value)
}

func integer(value any) int64 {
	var n int64
	_, _ = fmt.Sscan(text(value), &n) // 0 for NULL
	return n
}
