package suite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func joinCases() []Case {
	return []Case{
		{"S7.1 writes in the caller's transaction take effect with its commit, all at once", commitTogether},
		{"S7.1 a rollback undoes everything, and the run goes on", rollbackLeavesNothing},
		{"S7.1 a rollback to the caller's savepoint undoes all later writes", callersSavepoint},
		{"S7.1 S5.6 extracts are claimed in it, and are free again after a rollback", claimInside},
		{"S7.1 runs of several processes end together in one transaction", twoRunsInside},
		{"S7.1 S3.2 Close and Do keep the end that a transaction gave the run", closeAfterTransaction},
		{"S7.1 S3.4 errors are recorded in it, and a failure after its rollback", errorsInside},
	}
}

// A Transaction is a transaction that a user began on its own connection.
type Transaction struct {
	// Tx is the transaction in the form of the backend's package.
	Tx dialect.Tx
	// Exec sends a statement of the user's own.
	Exec func(ctx context.Context, query string, args ...any) error
	// End commits it or rolls it back, and closes the connection.
	End func(ctx context.Context, commit bool) error
}

// Begin begins a transaction in the place of a DSN, as a user's program with its own
// driver does.
type Begin func(ctx context.Context, dsn string, level sql.IsolationLevel) (Transaction, error)

// BeginSQL begins a transaction on a pool of database/sql, which is closed when the
// transaction ends. joined turns it into one that the tracker can join.
func BeginSQL(ctx context.Context, db *sql.DB, level sql.IsolationLevel, joined func(*sql.Tx) dialect.Tx) (Transaction, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: level})
	if err != nil {
		return Transaction{}, errors.Join(err, db.Close())
	}
	return Transaction{
		Tx: joined(tx),
		Exec: func(ctx context.Context, query string, args ...any) error {
			_, err := tx.ExecContext(ctx, query, args...)
			return err
		},
		End: func(_ context.Context, commit bool) error {
			end := tx.Rollback
			if commit {
				end = tx.Commit
			}
			return errors.Join(end(), db.Close())
		},
	}, nil
}

// load is a user's transaction that loads a table.
type load struct {
	Transaction

	t     *testing.T
	ctx   context.Context //nolint:containedctx // of the case
	place dialect.Backend
	ended bool
}

// begin begins a transaction at the database's default level. It is rolled back at the
// end of the test if it is still open.
func (e *Env) begin(t *testing.T, place dialect.Backend) *load {
	return e.beginAt(t, place, sql.LevelDefault)
}

// beginLoose begins a transaction during which others can write, if the database allows it.
func (e *Env) beginLoose(t *testing.T, place dialect.Backend) *load {
	t.Helper()
	level := sql.LevelDefault
	if e.Backend.SkipsLocked {
		level = sql.LevelReadCommitted
	}
	return e.beginAt(t, place, level)
}

func (e *Env) beginAt(t *testing.T, place dialect.Backend, level sql.IsolationLevel) *load {
	t.Helper()
	ctx := e.context(t)
	tx, err := e.Backend.Begin(ctx, e.DSN, level)
	must(t, err)
	l := &load{Transaction: tx, t: t, ctx: ctx, place: place}
	t.Cleanup(func() {
		if !l.ended {
			_ = tx.End(context.Background(), false)
		}
	})
	return l
}

// exec sends a statement in which the tracker's tables are in braces.
func (l *load) exec(query string, args ...any) {
	l.t.Helper()
	st := statement(l.t, l.place, query, args...)
	must(l.t, l.Exec(l.ctx, st.SQL, st.Args...))
}

// save sets a savepoint, and takeBack rolls back to it.
func (l *load) save() { l.exec(l.inItsWords("SAVEPOINT mine", "SAVE TRANSACTION mine")) }

func (l *load) takeBack() {
	l.exec(l.inItsWords("ROLLBACK TO SAVEPOINT mine", "ROLLBACK TRANSACTION mine"))
}

func (l *load) inItsWords(standard, sqlserver string) string {
	if l.place.Dialect().Name() == "sqlserver" {
		return sqlserver
	}
	return standard
}

// add loads an amount into the table of [ledger].
func (l *load) add(amount int64) {
	l.t.Helper()
	l.exec("INSERT INTO {ledger} (amount) VALUES (?)", amount)
}

func (l *load) end(commit bool) {
	l.t.Helper()
	if err := l.tryEnd(commit); err != nil {
		l.t.Fatalf("end the transaction, commit %v: %v", commit, err)
	}
}

// tryEnd ends a transaction that the database may refuse to commit.
func (l *load) tryEnd(commit bool) error {
	l.ended = true
	return l.End(l.ctx, commit)
}

// ledger creates a user's table, beside the tracker's, until the test ends.
func ledger(ctx context.Context, t *testing.T, b dialect.Backend) {
	t.Helper()
	change(ctx, t, b, "CREATE TABLE {ledger} (amount BIGINT NOT NULL)")
	t.Cleanup(func() { change(ctx, t, b, "DROP TABLE {ledger}") })
}

func wantLedger(ctx context.Context, t *testing.T, b dialect.Backend, want ...int64) {
	t.Helper()
	if got := column[int64](ctx, t, b, "SELECT amount FROM {ledger} ORDER BY amount"); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("loaded are %v, want %v", got, want)
	}
}

// whole makes all writes of a load of five records; the newest record is from an hour after noon.
func wholeLoad(ctx context.Context, l *load, r *tracker.Run, extract tracker.Extract) error {
	five := int64(5)
	l.add(5)
	registered, err := r.RegisterExtract(ctx, tracker.File{Location: "/archive", Name: "teams.csv", FileType: "a type of its own"})
	return errors.Join(err,
		r.SetExtractStatus(ctx, tracker.Loaded, extract),
		r.SetExtractStatus(ctx, tracker.Archived, registered),
		r.RecordLoaded(ctx, extract, tracker.Measures{Count: &five, High: noon.Add(time.Hour)}),
		r.UpdateExtracts(ctx, extract),
		r.AddCounts(ctx, tracker.Counts{Records: 2}),
		r.AddCounts(ctx, tracker.Counts{Records: 3, Inserts: 5}),
		r.ExtendRange(ctx, noon, noon.Add(time.Hour)),
		r.RecordError(ctx, tracker.ErrorRecord{Type: tracker.DataError, Description: "a row without a name"}),
		r.Complete(ctx, nil))
}

// begun starts a run that has an extract to load.
func begun(t *testing.T, e *Env) (context.Context, dialect.Backend, *tracker.Tracker, *tracker.Run, tracker.Extract) {
	t.Helper()
	ctx, b := e.context(t), e.setUp(t)
	ledger(ctx, t, b)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load", Sources: tracker.SystemRefs("Lahman")})
	return ctx, b, tr, run, ready(ctx, t, run, "/landing", "teams.csv")[0]
}

func commitTogether(t *testing.T, e *Env) {
	ctx, b, tr, run, extract := begun(t, e)
	rows, info := content(ctx, t, b), stored(ctx, t, tr, run)
	l := e.begin(t, b)
	must(t, wholeLoad(ctx, l, run.In(l.Tx), extract))

	wantContent(ctx, t, b, rows)
	wantLedger(ctx, t, b)
	if got := stored(ctx, t, tr, run); got != info {
		t.Errorf("before the commit others see %+v", got)
	}
	l.end(true)

	wantLedger(ctx, t, b, 5)
	got := stored(ctx, t, tr, run)
	if got.Status != tracker.Completed || got.Counts != (tracker.Counts{Records: 5, Inserts: 5}) || !got.High.Equal(noon.Add(time.Hour)) {
		t.Errorf("after the commit the run is %+v", got)
	}
	totals, err := tr.Registry().Totals(ctx, "Teams Load")
	if err != nil || !totals.Watermark.Equal(noon.Add(time.Hour)) || totals.Counts.Records != 5 {
		t.Errorf("the process has %+v, %v", totals, err)
	}
	for name, want := range map[string]tracker.ExtractStatus{"/landing": tracker.Loaded, "/archive": tracker.Archived} {
		for found, err := range tr.Extracts(ctx, tracker.ExtractFilter{Location: name}) {
			if err != nil || found.Status != want || want == tracker.Loaded && *found.Loaded.Count != 5 {
				t.Errorf("in %s: %+v, %v", name, found, err)
			}
		}
	}
	if got := collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: run.ID()})); len(got) != 1 {
		t.Errorf("errors %v", got)
	}
	must(t, run.Close())
	if got := stored(ctx, t, tr, run); got.Status != tracker.Completed {
		t.Errorf("after Close the run is %+v", got)
	}
}

func rollbackLeavesNothing(t *testing.T, e *Env) {
	ctx, b, tr, run, extract := begun(t, e)
	rows, info := content(ctx, t, b), stored(ctx, t, tr, run)
	for range 2 {
		l := e.begin(t, b)
		must(t, wholeLoad(ctx, l, run.In(l.Tx), extract))
		l.end(false)
		wantContent(ctx, t, b, rows)
		wantLedger(ctx, t, b)
		if got := stored(ctx, t, tr, run); got != info {
			t.Errorf("after the rollback the run is %+v", got)
		}
	}
	must(t, run.AddCounts(ctx, tracker.Counts{Records: 1}))
	l := e.begin(t, b)
	must(t, wholeLoad(ctx, l, run.In(l.Tx), extract))
	l.end(true)
	wantLedger(ctx, t, b, 5)
	if got := stored(ctx, t, tr, run); got.Status != tracker.Completed || got.Counts.Records != 6 {
		t.Errorf("after the commit the run is %+v", got)
	}
}

func callersSavepoint(t *testing.T, e *Env) {
	ctx, b, tr, run, extract := begun(t, e)
	l := e.begin(t, b)
	r := run.In(l.Tx)
	must(t, r.AddCounts(ctx, tracker.Counts{Records: 1}))
	l.save()
	must(t, wholeLoad(ctx, l, r, extract))
	l.takeBack()
	must(t, r.AddCounts(ctx, tracker.Counts{Records: 1}))
	must(t, r.Complete(ctx, nil))
	must(t, r.Complete(ctx, nil)) // twice is harmless here, too
	l.end(true)
	wantLedger(ctx, t, b)
	if got := stored(ctx, t, tr, run); got.Status != tracker.Completed || got.Counts.Records != 2 {
		t.Errorf("the run is %+v", got)
	}
}

func claimInside(t *testing.T, e *Env) {
	ctx, b, tr, run, _ := begun(t, e)
	ready(ctx, t, run, "/landing", "players.csv", "seasons.csv")
	l := e.beginLoose(t, b) // a stricter level may lock what lies in between, too
	claimed := wantClaim(ctx, t, run.In(l.Tx), tracker.ClaimOptions{Limit: 2}, "teams.csv", "players.csv")
	must(t, run.In(l.Tx).SetExtractStatus(ctx, tracker.Loaded, claimed[0]))
	if e.Backend.SkipsLocked {
		other := start(ctx, t, tr, tracker.Process{Name: "Another Load"})
		wantClaim(ctx, t, other, tracker.ClaimOptions{Limit: 10}, "seasons.csv")
		must(t, other.Fail(ctx))
	}
	l.end(false)

	l = e.begin(t, b)
	r := run.In(l.Tx)
	claimed = wantClaim(ctx, t, r, tracker.ClaimOptions{Limit: 10}, "teams.csv", "players.csv", "seasons.csv")
	must(t, r.SetExtractStatus(ctx, tracker.Loaded, claimed[:2]...))
	must(t, r.Fail(ctx, tracker.ErrorRecord{Description: "the last one is unreadable"}))
	l.end(true)
	for _, e := range collect(t, tr.Extracts(ctx, tracker.ExtractFilter{})) {
		want := tracker.Loaded
		if e.Name == "seasons.csv" {
			want = tracker.Ready // given back
		}
		if e.Status != want {
			t.Errorf("%s is %s, want %s", e.Name, e.Status, want)
		}
	}
}

func twoRunsInside(t *testing.T, e *Env) {
	ctx, b, tr, first, _ := begun(t, e)
	second := start(ctx, t, tr, tracker.Process{Name: "Players Load"})
	for _, commit := range []bool{false, true} {
		l := e.begin(t, b)
		l.add(1)
		for _, run := range []*tracker.Run{first, second} {
			must(t, run.In(l.Tx).SetCounts(ctx, tracker.Counts{Inserts: run.ID()}))
			must(t, run.In(l.Tx).Complete(ctx, nil))
		}
		l.end(commit)
		for _, run := range []*tracker.Run{first, second} {
			if got := stored(ctx, t, tr, run); got.Active() == commit || (got.Counts.Inserts == run.ID()) != commit {
				t.Errorf("commit %v: %+v", commit, got)
			}
		}
	}
	wantLedger(ctx, t, b, 1)
}

// closeAfterTransaction ends runs in transactions, in ways that leave open whether they
// are committed.
func closeAfterTransaction(t *testing.T, e *Env) {
	ctx, b, tr, run, _ := begun(t, e)
	l := e.begin(t, b)
	must(t, run.In(l.Tx).AddCounts(ctx, tracker.Counts{Records: 1}))
	must(t, run.In(l.Tx).Close())
	l.end(true)
	if got := stored(ctx, t, tr, run); !got.Active() || got.Counts.Records != 1 {
		t.Errorf("Close of a run that was not ended in the transaction: the run is %+v", got)
	}
	must(t, run.Complete(ctx, nil))
	for status, end := range ways() {
		for _, commit := range []bool{true, false} {
			process := fmt.Sprintf("%s %v", status, commit)
			run := start(ctx, t, tr, tracker.Process{Name: process})
			l := e.begin(t, b)
			must(t, end(ctx, run.In(l.Tx)))
			must(t, run.In(l.Tx).Close())
			l.end(commit)
			must(t, run.Close())
			want := tracker.Failed
			if commit {
				want = status
			}
			if got := stored(ctx, t, tr, run); got.Status != want {
				t.Errorf("%s, then Close: the run is %+v", process, got)
			}

			var ran *tracker.Run
			must(t, tr.Do(ctx, tracker.Process{Name: "Do " + process}, nil, func(ctx context.Context, run *tracker.Run) error {
				ran = run
				l := e.begin(t, b)
				must(t, end(ctx, run.In(l.Tx)))
				l.end(commit)
				return nil
			}))
			if want = tracker.Completed; commit {
				want = status
			}
			if got := stored(ctx, t, tr, ran); got.Status != want {
				t.Errorf("%s, in Do: the run is %+v", process, got)
			}
		}
	}
}

func errorsInside(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	cause := errors.New("row 7 has no name")
	var ran *tracker.Run
	err := tr.Do(ctx, tracker.Process{Name: "Teams Load"}, nil, func(ctx context.Context, run *tracker.Run) error {
		ran = run
		l := e.begin(t, b)
		must(t, run.In(l.Tx).RecordError(ctx, tracker.ErrorRecord{Description: "goes with the rollback"}))
		must(t, run.In(l.Tx).Complete(ctx, nil))
		l.end(false)
		l = e.begin(t, b)
		must(t, run.In(l.Tx).RecordError(ctx, tracker.ErrorRecord{Description: "stays"}))
		l.end(true)
		return cause
	})
	if !errors.Is(err, cause) {
		t.Error(err)
	}
	var got []string
	for _, e := range collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: ran.ID()})) {
		got = append(got, e.Description)
	}
	wantLines(t, "errors", got, []string{cause.Error(), "stays"})
	if got := stored(ctx, t, tr, ran); got.Status != tracker.Failed {
		t.Errorf("the run is %+v", got)
	}
}
