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
// An operation and its floors take turns (A, B, C, A, B, C, …), so that other load on
// the machine slows all of them down. The result is the ratio of their medians; a time
// alone says more about the machine.
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

// A Backend describes the backend that the benchmarks measure.
type Backend struct {
	Name   string // of the database, such as "postgres"
	Server string // its version
	Wire   bool   // there is a network between the tracker and the database

	// StatementCount, if set, is a query for the number of statements that the server
	// has run in the session. The number is the last column of the only row.
	StatementCount string

	// RowsRead, if set, returns how many rows the database has read so far in the
	// tracker's tables and indexes, on the hand's only connection or on all connections.
	// The keys are tables or indexes, depending on the database.
	RowsRead func(ctx context.Context, hand Hand, statement func(string, ...any) Statement) (map[string]int64, error)

	// Plans is how often a prepared statement is planned for its arguments before it may
	// get a generic plan; 0 if it never does.
	Plans int

	// Steps returns, by statement, how many rows the statements of a place's connection
	// have processed so far, counting a row as often as the plan processed it. The place
	// has to be opened with [Options].Explain.
	Steps func(ctx context.Context, o Opened, statement func(string, ...any) Statement) (map[string]int64, error)

	// PlanModes are statements that each make the session plan in one way.
	PlanModes []string

	// Whole, if set, returns the parts of a statement's plan that read or sort a whole table.
	Whole func(ctx context.Context, hand Hand, st Statement) ([]string, error)

	// Fresh returns the DSN of an empty place for this benchmark, and removes the place
	// when the benchmark ends.
	Fresh func(tb testing.TB) string

	// Open opens a DSN that Fresh returned.
	Open func(ctx context.Context, dsn string, o Options) (Opened, error)
}

// Options configure how a backend is opened.
type Options struct {
	// Connections is the maximum size of the pool.
	Connections int

	// Explain makes the server report how it executed each statement.
	Explain bool

	// Dial, if set, opens the connections to a server.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Opened is a backend with a sender of hand-written SQL that uses the same pool.
type Opened struct {
	Backend dialect.Backend
	Hand    Hand
	Close   func() error

	// Steps returns the result of [Backend].Steps, with [Options].Explain.
	Steps map[string]int64
}

// DatabasesVar names the environment variable that lists the databases to measure,
// separated by commas; all if it is not set.
const DatabasesVar = "PROCESSTRACKER_BENCH_DATABASES"

// Measure runs the benchmarks of one database under its name, if the user wants them.
func Measure(b *testing.B, database string, what func(*testing.B)) {
	b.Helper()
	wanted := os.Getenv(DatabasesVar)
	if wanted == "" || slices.Contains(strings.Split(wanted, ","), database) {
		b.Run(database, what)
	}
}

// A Hand sends hand-written SQL, in the fastest way that the driver offers.
type Hand interface {
	// Run runs the statements in one transaction, in as few round trips as the driver
	// allows. A single statement is committed by itself.
	Run(ctx context.Context, statements ...Statement) error

	// Read runs a query and returns the names of its columns and its rows.
	Read(ctx context.Context, s Statement) (columns []string, rows [][]any, err error)

	// Load inserts the rows of all tables in one transaction: with COPY, or with
	// multi-row INSERTs.
	Load(ctx context.Context, tables ...Rows) error
}

// A Statement is SQL in the database's own placeholders, with its arguments.
type Statement struct {
	SQL  string
	Args []any
}

// Rows are the rows to load into a table.
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
	ids            map[string]int64 // IDs of processes, by name
	actor          int64            // the tracker's ID
	landing        int64            // the ID of the location
	known          []int64          // extracts that claims by hand take
	spent          atomic.Int64     // numbers that next has returned
}

// actor is the name of the tracker's.
const actor = "bench"

// newPlace sets up a place and opens it. wrap, if set, wraps the backend for the tracker.
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

// newTracker returns a tracker that puts no process on hold, because the benchmarks
// fail runs to return their claims.
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

// seed creates the data for the operations: the same number of processes for each way,
// a location, and a number of extracts to claim.
func (p *place) seed(ctx context.Context, processes, claims int) error {
	if err := p.seedProcesses(ctx, processes); err != nil {
		return err
	}
	return p.seedClaims(ctx, claims)
}

// seedProcesses creates the processes. The processes for hand-written SQL are created
// by hand, too.
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

// findIDs stores the IDs of the data.
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

// nextName returns a new name for a file or a token.
func (p *place) nextName(kind string) string {
	return fmt.Sprintf("%s %09d", kind, p.next())
}

// next returns a new number.
func (p *place) next() int64 { return p.spent.Add(1) }

// text and integer convert a driver's value to a text and to an integer.
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
