package suite

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func joinRefusedCases() []Case {
	return []Case{
		{"S7.1 S8.1 after a refusal in it, the caller's own work can still be committed", refusedInside},
		{"S7.1 after a database error in it, the caller's own work can still be committed", brokenInside},
		{"S7.1 S8.2 a call whose context ends leaves none of its writes in the transaction", brokenOffInside},
		{"S7.1 S8.2 nothing is retried in it", onceInside},
		{"S7.1 S8.1 a transaction that has ended, or is on another database, is an error", unusable},
		{"S7.2 every write to a run that was ended elsewhere is refused in it", endedElsewhere},
		{"S7.2 writes to a run that was taken from its holder are refused in it", takenInside},
		{"S7.2 a committed load is not committed again", notTwice},
		{"S7.2 an end waits for a concurrent end in a transaction, and one of them decides", endsMeet},
	}
}

func refusedInside(t *testing.T, e *Env) {
	ctx, b, tr, run, extract := begun(t, e)
	before := content(ctx, t, b)
	l := e.begin(t, b)
	r := run.In(l.Tx)
	l.add(1)
	for what, c := range map[string]struct{ err, want error }{
		"an unknown status":     {r.SetStatus(ctx, "no such status", nil), tracker.ErrNotFound},
		"an unknown type":       {r.RecordError(ctx, tracker.ErrorRecord{Type: "no such type"}), tracker.ErrNotFound},
		"a missing extract":     {r.SetExtractStatus(ctx, tracker.Loaded, extract, tracker.Extract{ID: 1 << 40}), tracker.ErrNotFound},
		"a missing one's count": {r.RecordMeasures(ctx, tracker.ExtractMeasures{Extract: tracker.Extract{ID: 1 << 40}}), tracker.ErrNotFound},
		"a negative count":      {r.AddCounts(ctx, tracker.Counts{Records: -1}), tracker.ErrInvalid},
		"another size": {ignore(r.RegisterExtracts(ctx, tracker.File{Location: "/landing", Name: "new.csv"},
			tracker.File{Location: "/landing", Name: "teams.csv", FileType: "xml"})), tracker.ErrMismatch},
	} {
		if !only(c.err, c.want) {
			t.Errorf("%s: %v, want %v", what, c.err, c.want)
		}
		l.add(2)
	}
	must(t, r.AddCounts(ctx, tracker.Counts{Records: 7}))
	l.end(true)
	wantLedger(ctx, t, b, 1, 2, 2, 2, 2, 2, 2)
	wantContent(ctx, t, b, before)
	if got := stored(ctx, t, tr, run); !got.Active() || got.Counts.Records != 7 {
		t.Errorf("the run is %+v", got)
	}
}

// A tapped transaction shows each of the tracker's statements, within its savepoints,
// before it is sent.
func tapped(tx dialect.Tx, spy *spy) dialect.Tx {
	return dialect.Tx{Dialect: tx.Dialect, Conn: tap.Conn(tx.Conn, spy)}
}

// brokenInside makes the database itself refuse each statement of a load in turn, after
// the statements before it were executed.
func brokenInside(t *testing.T, e *Env) {
	ctx, b, _, run, extract := begun(t, e)
	before, info := content(ctx, t, b), run.ID()
	for _, names := range [][]string{ // some databases send another statement instead of the first
		{"process.lock"}, {"run.lock"}, {"count.process"}, {"count.run"}, {"extract.move", "extract.move_whole"},
		{"extract.move_links", "extract.move_whole"}, {"file.set"}, {"error.insert"}, {"location.add"}, {"extract.link_one"},
		{"end.process", "end.complete_whole"}, {"end.run", "end.complete_whole"}, {"run.state"},
	} {
		name, s := names[0], &spy{Backend: b, before: broken(names...)}
		l := e.begin(t, b)
		r := run.In(tapped(l.Tx, s))
		l.add(1)
		failed := 0
		for what, write := range map[string]func() error{
			"count":    func() error { return r.AddCounts(ctx, tracker.Counts{Records: 1}) },
			"extract":  func() error { return r.SetExtractStatus(ctx, tracker.Loaded, extract) },
			"file":     func() error { return r.UpdateExtracts(ctx, extract) },
			"error":    func() error { return r.RecordError(ctx, tracker.ErrorRecord{}) },
			"register": func() error { return ignore(r.RegisterExtract(ctx, tracker.File{Location: "/new", Name: "x"})) },
			"complete": func() error { return r.Complete(ctx, nil) },
		} {
			l.save()
			if err := write(); err != nil {
				failed++
				if !driverError(err) {
					t.Errorf("%s without %s: %v", what, name, err)
				}
				l.add(1)
			} else {
				l.takeBack()
			}
		}
		if failed == 0 {
			t.Errorf("nothing needs %s", name)
		}
		l.end(true)
		wantContent(ctx, t, b, before, "location") // a run may register one of them before it is refused
		if n := single[int64](ctx, t, b, "SELECT count(*) FROM {ledger}"); n != int64(failed)+1 {
			t.Errorf("without %s: %d of the caller's rows were committed, want %d", name, n, failed+1)
		}
		change(ctx, t, b, "DELETE FROM {ledger}")
		before["location"] = content(ctx, t, b)["location"]
		if id := single[int64](ctx, t, b, "SELECT id FROM {run} WHERE ended_at IS NULL AND records = 0"); id != info {
			t.Errorf("without %s the run was changed", name)
		}
	}
}

// brokenOffInside ends the context between two statements: some have been sent, and the
// others never are.
func brokenOffInside(t *testing.T, e *Env) {
	ctx, b, tr, run, extract := begun(t, e)
	before := content(ctx, t, b)
	move := func(ctx context.Context, r *tracker.Run) error {
		return r.SetExtractStatus(ctx, tracker.Loaded, extract)
	}
	register := func(ctx context.Context, r *tracker.Run) error {
		return ignore(r.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "x", FileType: "one that is registered first"}))
	}
	for at, write := range map[string]func(context.Context, *tracker.Run) error{
		"run.lock": move, "extract.move_history": move, "extract.move": move, "extract.insert": register,
	} {
		over, cancel := context.WithCancel(ctx)
		s := &spy{Backend: b, before: func(st *dialect.Stmt) error {
			if st.Name == at || strings.HasPrefix(at, "extract.move") && st.Name == "extract.move_whole" {
				cancel()
				return over.Err()
			}
			return nil
		}}
		l := e.begin(t, b)
		l.add(1)
		if err := write(over, run.In(tapped(l.Tx, s))); !errors.Is(err, context.Canceled) || !only(err, nil) {
			t.Errorf("cancelled at %s: %v", at, err)
		}
		must(t, run.In(l.Tx).AddCounts(ctx, tracker.Counts{Records: 1}))
		l.end(true)
		wantContent(ctx, t, b, before)
	}
	wantLedger(ctx, t, b, 1, 1, 1, 1)
	if got := stored(ctx, t, tr, run); got.Counts.Records != 4 {
		t.Errorf("the run is %+v", got)
	}
}

func onceInside(t *testing.T, e *Env) {
	ctx, b, tr, run, extract := begun(t, e)
	for class, sentinel := range map[dialect.Class]error{dialect.Conflict: tracker.ErrBusy, dialect.Disconnected: tracker.ErrDisconnected, dialect.TransactionEnded: tracker.ErrTransaction} {
		s := &spy{Backend: b, class: class}
		spied, err := trackerOn(ctx, t, s, nil).Resume(ctx, run.ID(), run.Token())
		must(t, err)
		for what, write := range writes(extract) {
			s.forget()
			s.meddle(allFail)
			l := e.begin(t, b)
			if err := write(ctx, spied.In(tapped(l.Tx, s))); !only(err, sentinel) || !errors.Is(err, errLost) {
				t.Errorf("%s when %v: %v", what, class, err)
			}
			if sent := s.names(); len(sent) != 1 {
				t.Errorf("%s when %v: sent %q, want one try", what, class, sent)
			}
			s.meddle(nil)
			l.end(false)
		}
	}
	if got := stored(ctx, t, tr, run); !got.Active() {
		t.Errorf("the run is %+v", got)
	}
}

func unusable(t *testing.T, e *Env) {
	ctx, b, tr, run, extract := begun(t, e)
	committed := e.begin(t, b)
	committed.end(true)
	back := e.begin(t, b)
	back.end(false)
	place := e.Backend.Fresh
	if e.Backend.Apart != nil {
		place = e.Backend.Apart
	}
	empty, other := &Env{DSN: place(t), Backend: e.Backend}, &Env{DSN: place(t), Backend: e.Backend}
	emptyPlace, otherPlace := empty.open(t), other.setUp(t)
	rows, otherRows := content(ctx, t, b), content(ctx, t, otherPlace)
	onEmpty, onOther := empty.begin(t, emptyPlace), other.begin(t, otherPlace)
	for what, tx := range map[string]dialect.Tx{
		"committed":                    committed.Tx,
		"rolled back":                  back.Tx,
		"none":                         {},
		"another kind of database's":   {Dialect: "another", Conn: onOther.Tx.Conn},
		"of a database without tables": onEmpty.Tx,
		"of another tracker's place":   onOther.Tx,
	} {
		for call, write := range writes(extract) {
			if err := write(ctx, run.In(tx)); !only(err, tracker.ErrTransaction) {
				t.Errorf("%s in one that is %s: %v", call, what, err)
			}
		}
	}
	onEmpty.end(true)
	onOther.end(true)
	wantContent(ctx, t, b, rows)
	wantContent(ctx, t, otherPlace, otherRows)
	if got := stored(ctx, t, tr, run); !got.Active() {
		t.Errorf("the run is %+v", got)
	}
}

func endedElsewhere(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	ledger(ctx, t, b)
	tr := trackerOn(ctx, t, b, nil)
	for status, end := range ways() {
		run := start(ctx, t, tr, tracker.Process{Name: "ends as " + string(status)})
		extract := ready(ctx, t, run, "/landing", string(status))[0]
		elsewhere, err := tr.Resume(ctx, run.ID(), run.Token())
		must(t, err)
		must(t, end(ctx, elsewhere))
		rows, info := content(ctx, t, b), stored(ctx, t, tr, run)
		for what, write := range writes(extract) {
			l := e.begin(t, b)
			l.add(1)
			var ended *tracker.EndedError
			if err := write(ctx, run.In(l.Tx)); !only(err, tracker.ErrAlreadyEnded) || !errors.As(err, &ended) || ended.Status != status {
				t.Errorf("%s after %s elsewhere: %v", what, status, err)
			}
			l.end(false)
		}
		wantContent(ctx, t, b, rows)
		if after := stored(ctx, t, tr, run); after != info {
			t.Errorf("the run was %+v and is %+v", info, after)
		}
	}
	wantLedger(ctx, t, b)
}

func takenInside(t *testing.T, e *Env) {
	ctx, b, _, run, extract := begun(t, e)
	change(ctx, t, b, "UPDATE {run} SET token_digest = 'theirs' WHERE id = ?", run.ID())
	change(ctx, t, b, "UPDATE {process} SET latest_token_digest = 'theirs' WHERE name = ?", run.Process())
	rows := content(ctx, t, b)
	for what, write := range writes(extract) {
		l := e.begin(t, b)
		if err := write(ctx, run.In(l.Tx)); !only(err, tracker.ErrNotOwner) {
			t.Errorf("%s of another's run: %v", what, err)
		}
		l.end(true)
	}
	wantContent(ctx, t, b, rows, "location") // a location belongs to no run
}

// notTwice commits a load, treats it as not committed, and loads again.
func notTwice(t *testing.T, e *Env) {
	ctx, b, _, run, _ := begun(t, e)
	for round := range 2 {
		l := e.begin(t, b)
		l.add(1)
		err := run.In(l.Tx).Complete(ctx, nil)
		if round == 1 && !only(err, tracker.ErrAlreadyEnded) || round == 0 && err != nil {
			t.Errorf("the load of round %d: %v", round, err)
		}
		l.end(err == nil)
	}
	wantLedger(ctx, t, b, 1)
	must(t, run.Close())
}

// endsMeet fails a run from outside while a transaction that wrote to it is open, and
// completes the run in that transaction.
func endsMeet(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	ledger(ctx, t, b)
	tr := trackerOn(ctx, t, b, &tracker.Config{MaxFailures: tracker.NeverHold})
	for round := range 10 {
		run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
		extract := ready(ctx, t, run, "/landing", "teams.csv")[0]
		elsewhere, err := tr.Resume(ctx, run.ID(), run.Token())
		must(t, err)
		l := e.begin(t, b)
		r := run.In(l.Tx)
		wrote := make(chan struct{})
		errs := atOnce(2, func(i int) error {
			if i == 1 {
				<-wrote
				return elsewhere.Fail(ctx)
			}
			goOn := sync.OnceFunc(func() { close(wrote) })
			defer goOn() // also if this fails
			l.add(1)
			err := r.SetExtractStatus(ctx, tracker.Loaded, extract)
			goOn()
			err = errors.Join(err, r.AddCounts(ctx, tracker.Counts{Records: 1}), r.Complete(ctx, nil))
			l.end(err == nil)
			return err
		})
		if errs[0] != nil || !only(errs[1], tracker.ErrAlreadyEnded) {
			t.Fatalf("round %d: the load %v, the failure %v", round, errs[0], errs[1])
		}
		if got := stored(ctx, t, tr, run); got.Status != tracker.Completed {
			t.Errorf("the run is %+v", got)
		}
	}
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {ledger}"); n != 10 {
		t.Errorf("%d rows of 10 loads", n)
	}
}
