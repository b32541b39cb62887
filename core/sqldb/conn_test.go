package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A fake is a driver that records its calls and their connections, and fails on demand.
type fake struct {
	mu    sync.Mutex
	conns int
	log   []string
	// fail, if set, is asked before each statement; done is called after it took
	// effect, and its error returned in spite of that.
	fail, done func(query string) error
}

func (f *fake) Connect(context.Context) (driver.Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conns++
	return &fakeConn{f, f.conns}, nil
}

func (f *fake) Driver() driver.Driver { return nil }

func (f *fake) add(id int, what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, fmt.Sprintf("%d %s", id, what))
}

type fakeConn struct {
	fake *fake
	id   int
}

func (c *fakeConn) Prepare(string) (driver.Stmt, error) { return nil, errors.New("not prepared") }
func (c *fakeConn) Begin() (driver.Tx, error) {
	return nil, errors.New("database/sql's own transaction")
}
func (c *fakeConn) Close() error { c.fake.add(c.id, "closed"); return nil }

func (c *fakeConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c.fake.fail != nil {
		if err := c.fake.fail(query); err != nil {
			return nil, err
		}
	}
	c.fake.add(c.id, query)
	if c.fake.done != nil {
		if err := c.fake.done(query); err != nil {
			return nil, err
		}
	}
	return driver.RowsAffected(len(args)), nil
}

func (c *fakeConn) QueryContext(_ context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.fake.add(c.id, query)
	return &fakeRows{conn: c, left: args}, nil
}

// fakeRows has a row for each argument.
type fakeRows struct {
	conn *fakeConn
	left []driver.NamedValue
}

func (r *fakeRows) Columns() []string { return []string{"argument"} }
func (r *fakeRows) Close() error      { r.conn.fake.add(r.conn.id, "rows closed"); return nil }

func (r *fakeRows) Next(to []driver.Value) error {
	if len(r.left) == 0 {
		return io.EOF
	}
	if text, ok := r.left[0].Value.(string); ok && text == "broken" {
		return errBroken
	}
	to[0], r.left = r.left[0].Value, r.left[1:]
	return nil
}

var errBroken = errors.New("broken by the test")

func stmt(text string, args ...any) dialect.Stmt {
	return dialect.Stmt{Name: "name of " + text, SQL: text, Args: args}
}

func open(t *testing.T) (*fake, *DB) {
	t.Helper()
	f := &fake{}
	db := sql.OpenDB(f)
	t.Cleanup(func() { _ = db.Close() })
	return f, New(db, "BEGIN")
}

func (f *fake) want(t *testing.T, log ...string) {
	t.Helper()
	if !slices.Equal(f.log, log) {
		t.Errorf("it was told\n%q, want\n%q", f.log, log)
	}
}

// failing fails a statement, and with a second name another.
func failing(queries ...string) func(string) error {
	return func(query string) error {
		if slices.Contains(queries, query) {
			return errBroken
		}
		return nil
	}
}

func TestExecAndQuery(t *testing.T) {
	t.Parallel()
	f, db := open(t)
	if n, err := db.Exec(t.Context(), stmt("A", 1, 2, 3)); n != 3 || err != nil {
		t.Errorf("affected %d, %v", n, err)
	}
	var got []string
	err := db.Query(t.Context(), stmt("B", "x", "y"), func(r dialect.Row) error {
		var text string
		err := r.Scan(&text)
		got = append(got, text)
		return err
	})
	if err != nil || !slices.Equal(got, []string{"x", "y"}) {
		t.Errorf("read %q, %v", got, err)
	}
	f.want(t, "1 A", "1 B", "1 rows closed")
}

func TestQueryStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	f, db := open(t)
	calls := 0
	err := db.Query(t.Context(), stmt("A", "x", "y"), func(dialect.Row) error { calls++; return errBroken })
	if !errors.Is(err, errBroken) || calls != 1 || !strings.Contains(err.Error(), "name of A") {
		t.Errorf("%d calls, %v", calls, err)
	}
	err = db.Query(t.Context(), stmt("B", "x", "broken", "z"), func(dialect.Row) error { calls++; return nil })
	if !errors.Is(err, errBroken) || calls != 2 || !strings.Contains(err.Error(), "name of B") {
		t.Errorf("%d calls, %v", calls, err)
	}
	f.want(t, "1 A", "1 rows closed", "1 B", "1 rows closed")
}

func TestAtomic(t *testing.T) {
	t.Parallel()
	work := func(c dialect.Conn) error {
		_, err := c.Exec(context.Background(), stmt("A"))
		return err
	}
	for name, c := range map[string]struct {
		fail, done func(string) error
		fn         func(dialect.Conn) error
		log        []string
		ok         bool
	}{
		"commits":             {nil, nil, work, []string{"1 BEGIN", "1 A", "1 COMMIT"}, true},
		"rolls back":          {failing("A"), nil, work, []string{"1 BEGIN", "1 ROLLBACK"}, false},
		"a commit that fails": {failing("COMMIT"), nil, work, []string{"1 BEGIN", "1 A", "1 ROLLBACK"}, false},
		// A connection on which a transaction may still be open is not given to the next caller.
		"a rollback that fails":            {failing("A", "ROLLBACK"), nil, work, []string{"1 BEGIN", "1 closed"}, false},
		"a beginning that fails":           {failing("BEGIN", "ROLLBACK"), nil, work, []string{"1 closed"}, false},
		"a beginning whose answer is lost": {nil, failing("BEGIN"), work, []string{"1 BEGIN", "1 ROLLBACK"}, false},
		"an error of the caller's":         {nil, nil, func(dialect.Conn) error { return errBroken }, []string{"1 BEGIN", "1 ROLLBACK"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, db := open(t)
			f.fail, f.done = c.fail, c.done
			if err := db.Atomic(t.Context(), c.fn); (err == nil) != c.ok || err != nil && !errors.Is(err, errBroken) {
				t.Errorf("%v", err)
			}
			f.want(t, c.log...)
			f.fail, f.done, f.log = nil, nil, nil
			if err := db.Atomic(t.Context(), work); err != nil || len(f.log) != 3 {
				t.Errorf("the next one was told %q, %v", f.log, err)
			}
		})
	}
}

// TestAtomicWhenTheContextEnds ends it at each moment of a transaction.
func TestAtomicWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"BEGIN", "A", "B"} {
		f, db := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		f.done = func(query string) error {
			if query == at {
				cancel()
			}
			return ctx.Err()
		}
		err := db.Atomic(ctx, func(c dialect.Conn) error {
			for _, query := range []string{"A", "B"} {
				if _, err := c.Exec(ctx, stmt(query)); err != nil {
					return err
				}
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) || slices.Contains(f.log, "1 COMMIT") || !slices.Contains(f.log, "1 ROLLBACK") {
			t.Errorf("ended at %s: %v; it was told %q", at, err, f.log)
		}
	}
	f, db := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	if err := db.Atomic(ctx, func(dialect.Conn) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("ended before COMMIT: %v", err)
	}
	f.want(t, "1 BEGIN", "1 ROLLBACK")
}

func TestAtomicWhenItPanics(t *testing.T) {
	t.Parallel()
	f, db := open(t)
	func() {
		defer func() { _ = recover() }()
		_ = db.Atomic(t.Context(), func(dialect.Conn) error { panic("in the caller's function") })
	}()
	f.want(t, "1 BEGIN", "1 ROLLBACK")
}

func TestSavepoints(t *testing.T) {
	t.Parallel()
	f, db := open(t)
	err := db.Atomic(t.Context(), func(c dialect.Conn) error {
		first := c.Atomic(t.Context(), func(c dialect.Conn) error {
			_, err := c.Exec(t.Context(), stmt("A"))
			return errors.Join(err, c.Atomic(t.Context(), func(dialect.Conn) error { return nil }))
		})
		second := c.Atomic(t.Context(), func(dialect.Conn) error { return errBroken })
		if first != nil || !errors.Is(second, errBroken) {
			t.Errorf("%v, %v", first, second)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	f.want(t, "1 BEGIN", "1 SAVEPOINT processtracker_4f7a91c6_1", "1 A", "1 SAVEPOINT processtracker_4f7a91c6_2", "1 RELEASE SAVEPOINT processtracker_4f7a91c6_2",
		"1 RELEASE SAVEPOINT processtracker_4f7a91c6_1", "1 SAVEPOINT processtracker_4f7a91c6_3", "1 ROLLBACK TO SAVEPOINT processtracker_4f7a91c6_3", "1 COMMIT")
}

// TestSpeaking has a transaction use the words of a database that has its own, and
// does not end savepoints.
func TestSpeaking(t *testing.T) {
	t.Parallel()
	f, db := open(t)
	db = db.Speaking(Words{Rollback: "UNDO", Save: "SAVE ", RollbackTo: "UNDO TO "})
	err := db.Atomic(t.Context(), func(c dialect.Conn) error {
		first := c.Atomic(t.Context(), func(dialect.Conn) error { return nil })
		second := c.Atomic(t.Context(), func(dialect.Conn) error { return errBroken })
		return errors.Join(first, second)
	})
	if !errors.Is(err, errBroken) {
		t.Error(err)
	}
	f.want(t, "1 BEGIN", "1 SAVE processtracker_4f7a91c6_1", "1 SAVE processtracker_4f7a91c6_2", "1 UNDO TO processtracker_4f7a91c6_2", "1 UNDO")
}
