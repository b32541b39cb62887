package suite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func joinKillCases() []Case {
	return []Case{
		{"S7.1 a process that is killed at any step of a load leaves the loaded table and the tracker consistent", killedLoads},
	}
}

// mortal counts the steps of a load, and kills its own process at one of them.
type mortal struct {
	dialect.Backend

	steps, last int
}

// step is called before anything is sent to the database, and after the last statement.
func (m *mortal) step() {
	if m.steps++; m.steps == m.last {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		panic(fmt.Sprintf("still alive: %v", err))
	}
}

// Conn implements [dialect.Backend].
func (m *mortal) Conn() dialect.Conn { return tap.Conn(m.Backend.Conn(), m) }

// Send implements [tap.Tap].
func (m *mortal) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	m.step()
	return real(ctx, steps)
}

// Atomic implements [tap.Tap].
func (m *mortal) Atomic(ctx context.Context, c dialect.Conn, fn func(dialect.Conn) error) error {
	m.step()
	return c.Atomic(ctx, func(inner dialect.Conn) error {
		err := fn(tap.Conn(inner, m))
		m.step()
		return err
	})
}

const rowsADay = 3

// mortalLoad is a worker's load of a day, during which the worker may die.
func mortalLoad(ctx context.Context, begin Begin, b dialect.Backend, do task) (o outcome) {
	m := &mortal{Backend: b, last: do.Kill}
	o.fail(m.load(ctx, begin, do))
	m.step()
	o.Steps = m.steps
	return o
}

func (m *mortal) load(ctx context.Context, begin Begin, do task) (err error) {
	tr, err := tracker.New(ctx, m, &tracker.Config{Actor: do.Actor, MaxFailures: tracker.NeverHold, Lease: calm})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tr.Close()) }()
	run, err := tr.Start(ctx, tracker.Process{Name: do.Process}, &tracker.StartOptions{Name: fmt.Sprint("day ", do.Day)})
	if err != nil {
		return err
	}
	file, err := run.RegisterExtract(ctx, dayFile(do.Day))
	if err != nil {
		return err
	}
	tx, err := begin(ctx, do.DSN, sql.LevelDefault)
	if err != nil {
		return err
	}
	r := run.In(dialect.Tx{Dialect: tx.Tx.Dialect, Conn: tap.Conn(tx.Tx.Conn, m)})
	for i := range int64(rowsADay) {
		m.step()
		text, err := m.Dialect().Placeholders().ReplacePlaceholders("INSERT INTO " + m.Dialect().Table("ledger") + " (amount) VALUES (?)")
		if err := errors.Join(err, tx.Exec(ctx, text, do.Day*rowsADay+i)); err != nil {
			return err
		}
	}
	if err := errors.Join(
		r.SetExtractStatus(ctx, tracker.Loaded, file),
		r.AddCounts(ctx, tracker.Counts{Inserts: rowsADay}),
		r.ExtendRange(ctx, day(do.Day), day(do.Day+1)),
		r.Complete(ctx, nil),
	); err != nil {
		return errors.Join(err, tx.End(ctx, false), run.Close())
	}
	m.step()
	err = tx.End(ctx, true)
	m.step()
	return errors.Join(err, run.Close())
}

func dayFile(n int64) tracker.File {
	return tracker.File{Location: "/landing", Name: fmt.Sprint("day ", n), Status: tracker.Ready}
}

func day(n int64) time.Time { return noon.AddDate(0, 0, int(n)) }

// loads runs workers that load one day after another until they die.
type loads struct {
	t  *testing.T
	e  *Env
	b  dialect.Backend
	tr *tracker.Tracker
}

// attempt makes a worker load a day and die at a step, if the load has such a step. It
// returns how many steps the load took, 0 if the worker died.
func (l loads) attempt(ctx context.Context, n int64, kill int) int {
	l.t.Helper()
	w := hire(ctx, l.t, []task{{DSN: l.e.DSN, Process: "Days Load", Actor: "worker", Day: n, Kill: kill}})[0]
	w.order(l.t, orderLoad)
	var o outcome
	if err := w.answers.Decode(&o); err != nil {
		if err := w.cmd.Wait(); err == nil || kill == 0 {
			l.t.Fatalf("a worker that was to die at step %d ended with %v\n%s", kill, err, &w.stderr)
		}
		return 0
	}
	w.dismiss(l.t)
	if len(o.Errors) > 0 {
		l.t.Fatalf("day %d: %q", n, o.Errors)
	}
	return o.Steps
}

// agreed reports whether a day is loaded: the table, the extract, the run, its counts
// and the watermark must all agree.
func (l loads) agreed(ctx context.Context, n int64, killed int) bool {
	l.t.Helper()
	rows := single[int64](ctx, l.t, l.b, "SELECT count(*) FROM {ledger} WHERE amount >= ? AND amount < ?", n*rowsADay, (n+1)*rowsADay)
	loaded := single[int64](ctx, l.t, l.b, "SELECT count(*) FROM {extract} WHERE name = ? AND status_id = 4", dayFile(n).Name)
	completed := single[int64](ctx, l.t, l.b, "SELECT count(*) FROM {run} WHERE name = ? AND status_id = 2 AND inserts = 3", fmt.Sprint("day ", n))
	inserts := single[int64](ctx, l.t, l.b, "SELECT coalesce(sum(inserts), 0) FROM {process}")
	watermark := processTime(ctx, l.t, l.b, "Days Load", "watermark")
	done := rows == rowsADay
	if rows != rowsADay*completed || loaded != completed || done != watermark.Equal(day(n+1)) || inserts != rowsADay*(n+completed) {
		l.t.Fatalf("killed at step %d, day %d has %d rows, %d loaded extracts, %d completed runs, %d inserts in all, watermark %v",
			killed, n, rows, loaded, completed, inserts, watermark)
	}
	return done
}

// bury ends the runs that a dead worker left active.
func (l loads) bury(ctx context.Context) {
	l.t.Helper()
	for _, row := range collect(l.t, l.tr.Runs(ctx, tracker.RunFilter{Status: tracker.Running})) {
		_, err := l.tr.Admin().Reap(ctx, tracker.ReapOptions{RunID: row.ID, Force: true, Reason: "its process was killed"})
		must(l.t, err)
	}
}

func killedLoads(t *testing.T, e *Env) {
	if len(e.Backend.Only) > 0 {
		t.Skip("workers have settings of their own, with which they go through this once")
	}
	ctx, b := e.context(t), e.setUp(t)
	ledger(ctx, t, b)
	l := loads{t, e, b, trackerOn(ctx, t, b, nil)}
	l.attempt(ctx, 0, 0) // registers what the next attempts use
	steps := l.attempt(ctx, 1, 0)
	kills := sized(e, 200, 20)
	n, died := int64(2), 0
	for kill := range kills {
		at := 1 + kill*steps/kills // spread over all steps, or over several rounds of all steps
		if kills >= 2*steps {
			at = 1 + kill%steps
		}
		if l.attempt(ctx, n, at) == 0 {
			died++
		}
		if l.agreed(ctx, n, at) {
			n++
		}
		l.bury(ctx)
	}
	l.attempt(ctx, n, 0)
	if !l.agreed(ctx, n, 0) || died < kills/2 {
		t.Errorf("the last day is %d; %d of %d workers died", n, died, kills)
	}
	t.Logf("%d workers were killed at %d steps; %d days were loaded", died, steps, n+1)
}
