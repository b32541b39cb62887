package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// extractProcess is the process that writes the files.
const extractProcess = "Extract"

// experiment is a run of the experiment on one place.
type experiment struct {
	terms

	place   *place
	backend dialect.Backend // the supervisor's
	tracker *tracker.Tracker
	crew    *crew
	tally   *tally
	outages *windows
	left    *departures
	files   int // number of registered files
}

func newExperiment(p *place, t terms) *experiment {
	return &experiment{terms: t, place: p, tally: &tally{counts: map[string]int{}}, outages: new(windows), left: new(departures)}
}

func (e *experiment) run(ctx context.Context) (found *findings, err error) {
	if e.backend, err = openBackend(ctx, e.place.direct); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.backend.Close()) }()
	if err := e.prepare(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.tracker.Close()) }()
	e.crew = &crew{
		task:  task{DSN: e.place.dsn, Lease: e.lease, Kill: e.kill, Stop: e.stop, At: e.at},
		lease: e.lease, tally: e.tally, frozen: e.frozen, left: e.left.note, waiting: make(chan struct{}, 1),
	}
	e.crew.hire(ctx, e.workers)
	defer e.crew.dismiss()

	storm, calm := context.WithTimeout(ctx, e.length)
	defer calm()
	watching, watched := context.WithCancel(ctx)
	defer watched()
	var beside sync.WaitGroup
	beside.Go(func() { e.watch(watching) })
	beside.Go(func() { e.strikeAll(storm) })
	e.supply(storm)
	e.drain(ctx)
	watched()
	beside.Wait()
	e.crew.dismiss()
	return e.verify(ctx)
}

// prepare sets up the tracker, and creates the table to load. Nothing keeps the table
// from containing a file twice.
func (e *experiment) prepare(ctx context.Context) (err error) {
	if _, err := setup.Run(ctx, e.backend); err != nil {
		return err
	}
	name := "VARCHAR(250)"
	if e.backend.Dialect().Name() == "sqlserver" { // SQL Server compares no texts of two collations
		name = "NVARCHAR(250) COLLATE Latin1_General_100_BIN2"
	}
	text, err := sqlFor(e.backend, "CREATE TABLE {chaos_target} (file_name "+name+" NOT NULL, run_id BIGINT NOT NULL, worker "+name+" NOT NULL)")
	if err != nil {
		return err
	}
	if _, err := e.backend.Conn().Exec(ctx, dialect.Stmt{Name: "chaos", SQL: text}); err != nil {
		return err
	}
	e.tracker, err = tracker.New(ctx, e.backend, &tracker.Config{Actor: "supervisor", MaxFailures: tracker.NeverHold, Lease: e.lease})
	return err
}

// frozen records that a worker froze while it holds something that others wait for. No
// lease helps against that; the server has to notice it.
func (e *experiment) frozen(step string, until time.Duration) {
	switch step {
	case stepMarked, stepCompleted:
	case stepBegun, stepInserted: // on a database with a single writer
		if e.place.wire != nil {
			return
		}
	default:
		return
	}
	e.tally.note("frozen with rows locked")
	e.outages.add(time.Now(), time.Now().Add(until+e.lease))
}

// watch starts and completes its own runs all the time, past the network that faults
// strike. If even that takes long, others wait for the machine or the database. It also
// tries the workers' processes in turn: all workers may be frozen or wait in other runs,
// and a dead run that nobody meets tells nothing.
func (e *experiment) watch(ctx context.Context) {
	nothing := func(context.Context, *tracker.Run) error { return nil }
	for n := 0; ctx.Err() == nil; n++ {
		began := time.Now()
		limit, cancel := context.WithTimeout(ctx, 5*e.lease)
		_ = e.tracker.Do(limit, tracker.Process{Name: "Watch"}, nil, nothing)
		cancel()
		if took := time.Since(began); took > e.lease/4 && ctx.Err() == nil {
			e.tally.note("slow for the supervisor, too")
			e.outages.add(began, time.Now().Add(e.lease/2))
		}
		limit, cancel = context.WithTimeout(ctx, 5*e.lease)
		_ = e.tracker.Do(limit, process(n%processes), nil, nothing) // usually refused
		cancel()
		e.pause(ctx, e.lease/20)
	}
}

// supply registers files as fast as the workers load them, until ctx ends.
func (e *experiment) supply(ctx context.Context) {
	const enough = 60
	for ctx.Err() == nil {
		if e.waiting(ctx) < enough {
			if err := e.register(ctx, enough/2); err != nil && ctx.Err() == nil {
				e.tally.note("error: files cannot be registered")
			}
		}
		e.pause(ctx, 100*time.Millisecond)
	}
}

func (e *experiment) register(ctx context.Context, n int) error {
	return e.tracker.Do(ctx, tracker.Process{Name: extractProcess}, nil, func(ctx context.Context, run *tracker.Run) error {
		files := make([]tracker.File, n)
		for i := range files {
			files[i] = tracker.File{Location: "/chaos", Name: fmt.Sprintf("%08d.csv", e.files+i+1), Status: tracker.Ready}
		}
		e.files += n // also if the answer is lost: gaps in the numbers do no harm
		return ignore(run.RegisterExtracts(ctx, files...))
	})
}

func ignore[T any](_ T, err error) error { return err }

// waiting returns how many files are to be loaded, or a large number if that is unknown.
func (e *experiment) waiting(ctx context.Context) int {
	n := 0
	for _, err := range e.tracker.Extracts(ctx, tracker.ExtractFilter{Status: tracker.Ready, Limit: 100}) {
		if err != nil {
			return 1 << 30
		}
		n++
	}
	return n
}

// drain lets the workers load the remaining files, without any more faults than their own.
func (e *experiment) drain(ctx context.Context) {
	for deadline := time.Now().Add(30 * e.lease); time.Now().Before(deadline) && ctx.Err() == nil; {
		left, err := e.numbers(ctx, "SELECT count(*) FROM {extract} AS x JOIN {extract_status} AS s ON s.id = x.status_id WHERE s.name <> 'loaded'")
		if err == nil && left[0] == 0 {
			return
		}
		e.pause(ctx, 100*time.Millisecond)
	}
}

var tableName = regexp.MustCompile(`\{(\w+)\}`)

// sqlFor translates a statement for the database: {run} is the tracker's table of that
// name, and ? a placeholder.
func sqlFor(b dialect.Backend, query string) (string, error) {
	query = tableName.ReplaceAllStringFunc(query, func(name string) string { return b.Dialect().Table(strings.Trim(name, "{}")) })
	return b.Dialect().Placeholders().ReplacePlaceholders(query)
}

// query calls row for each row of a query.
func (e *experiment) query(ctx context.Context, query string, row func(dialect.Row) error) error {
	text, err := sqlFor(e.backend, query)
	if err != nil {
		return err
	}
	return e.backend.Conn().Query(ctx, dialect.Stmt{Name: "chaos", SQL: text}, row)
}

// numbers returns the result of a query for numbers.
func (e *experiment) numbers(ctx context.Context, query string) (all []int64, err error) {
	err = e.query(ctx, query, func(r dialect.Row) error {
		var n int64
		err := r.Scan(&n)
		all = append(all, n)
		return err
	})
	return all, err
}
