package sqlserver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A recorder is a driver that writes down what is sent. It counts no rows, as in a
// session with NOCOUNT on, but answers a query for the count.
type recorder struct {
	mu   sync.Mutex
	sent []string
	args [][]any
	err  error // of what is counted

	versions driver.Value              // whether readers see versions of rows, as the server says
	answers  map[string][]driver.Value // the row of each query that has this in its text
}

func (r *recorder) Connect(context.Context) (driver.Conn, error) { return recording{r}, nil }
func (r *recorder) Driver() driver.Driver                        { return nil }

func (r *recorder) add(query string, args []driver.NamedValue) {
	r.mu.Lock()
	defer r.mu.Unlock()
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = arg.Value
	}
	r.sent, r.args = append(r.sent, query), append(r.args, values)
}

// last are the text, the declarations and the values that were sent last.
func (r *recorder) last(t *testing.T) (text, declarations string, values []any) {
	t.Helper()
	args := r.args[len(r.args)-1]
	if r.sent[len(r.sent)-1] != "sp_executesql" || len(args) == 0 {
		t.Fatalf("it sent %q with %v", r.sent[len(r.sent)-1], args)
	}
	text, _ = args[0].(string)
	if len(args) > 1 {
		declarations, _ = args[1].(string)
		values = args[2:]
	}
	return text, declarations, values
}

type recording struct{ r *recorder }

func (recording) Prepare(string) (driver.Stmt, error)      { return nil, errors.New("not prepared") }
func (recording) Close() error                             { return nil }
func (recording) Begin() (driver.Tx, error)                { return nil, errors.New("no level") }
func (recording) CheckNamedValue(*driver.NamedValue) error { return nil }
func (recording) Commit() error                            { return nil }
func (recording) Rollback() error                          { return nil }

func (c recording) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) { return c, nil }

func (c recording) ExecContext(_ context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.r.add(query, args)
	return driver.RowsAffected(0), nil
}

func (c recording) QueryContext(_ context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.r.add(query, args)
	text := query
	if len(args) > 0 {
		text, _ = args[0].Value.(string)
	}
	for part, row := range c.r.answers {
		if strings.Contains(text, part) {
			return &answer{rows: [][]driver.Value{row}}, nil
		}
	}
	switch {
	case strings.Contains(text, "XACT_STATE()"):
		healthy := []driver.Value{int64(1), int64(ansiWarnings | ansiPadding | ansiNulls | quotedIdentifier | concatNull), int64(-1)}
		return &answer{rows: [][]driver.Value{healthy, healthy}}, nil
	case text == probing:
		noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
		return &answer{rows: [][]driver.Value{{"Microsoft SQL Server 2022", "warehouse", c.r.versions, int64(160), int64(3), noon}}}, nil
	case strings.Contains(text, "@@ROWCOUNT"):
		if c.r.err != nil {
			return nil, c.r.err
		}
		return &answer{rows: [][]driver.Value{{int64(7)}}}, nil
	default:
		return &answer{rows: [][]driver.Value{}}, nil
	}
}

type answer struct{ rows [][]driver.Value }

func (a *answer) Close() error { return nil }
func (a *answer) Columns() []string {
	if len(a.rows) == 0 {
		return []string{"none"}
	}
	return make([]string, len(a.rows[0]))
}

func (a *answer) Next(to []driver.Value) error {
	if len(a.rows) == 0 {
		return io.EOF
	}
	copy(to, a.rows[0])
	a.rows = a.rows[1:]
	return nil
}

// pool returns a pool of the recorder's.
func (r *recorder) pool(t *testing.T) *sql.DB {
	t.Helper()
	db := sql.OpenDB(r)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// joined returns a Conn in a caller's transaction of a level.
func (r *recorder) joined(t *testing.T, level sql.IsolationLevel) dialect.Conn {
	t.Helper()
	tx, err := r.pool(t).BeginTx(t.Context(), &sql.TxOptions{Isolation: level})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	return Tx(tx).Conn
}

// In a session with NOCOUNT on, the driver gets no counts of rows, and a trigger reports
// its own: a run that has just ended would be reported as ended before.
func TestRowsAreCountedByTheServerItself(t *testing.T) {
	t.Parallel()
	update := dialect.Stmt{Name: "end.run", SQL: "UPDATE t SET a = @p1", Args: []any{int64(1)}, Kind: dialect.Update}
	const want = "SET NOCOUNT ON;\nUPDATE t SET a = @p1;\nSELECT @@ROWCOUNT"
	for name, conn := range map[string]func(*recorder) dialect.Conn{
		"in a caller's transaction": func(r *recorder) dialect.Conn { return r.joined(t, sql.LevelDefault) },
		"on the pool":               func(r *recorder) dialect.Conn { return newConn(r.pool(t)) },
	} {
		r := &recorder{}
		c := conn(r)
		for where, exec := range map[string]func(func(dialect.Conn) error) error{
			"":                 func(fn func(dialect.Conn) error) error { return fn(c) },
			", in a savepoint": func(fn func(dialect.Conn) error) error { return c.Atomic(t.Context(), fn) },
		} {
			err := exec(func(c dialect.Conn) error {
				n, err := c.Exec(t.Context(), update)
				if text, _, _ := r.last(t); text != want || n != 7 {
					t.Errorf("%s%s: it sent %q and counts %d rows, want %q and 7", name, where, text, n, want)
				}
				return err
			})
			if err != nil {
				t.Errorf("%s%s: %v", name, where, err)
			}
		}
		r.err = mssql.Error{Number: 2627}
		insert := dialect.Stmt{Name: "register", SQL: "INSERT INTO t (a) SELECT 1", Kind: dialect.Insert}
		if _, err := c.Exec(t.Context(), insert); !errors.Is(err, errRaced) {
			t.Errorf("%s: an insert that another transaction was quicker with is %v", name, err)
		}
	}
}

func TestADefinitionIsSentUnchanged(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	const view = "CREATE VIEW v AS SELECT 1 AS one"
	_, err := newConn(r.pool(t)).Exec(t.Context(), dialect.Stmt{Name: "setup", SQL: view})
	if err != nil || r.sent[0] != view || len(r.args[0]) > 0 {
		t.Errorf("it sent %q with %v, %v", r.sent, r.args, err)
	}
}

func TestParametersAreDeclaredWhateverTheirValues(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	n, text := int64(1), "text"
	s := dialect.Stmt{Name: "all", SQL: "SELECT 1", Args: []any{
		"", "a name", strings.Repeat("ä", 4000), strings.Repeat("𝄞", 2001), nil, (*string)(nil), &text,
		1, int64(1), (*int64)(nil), &n, true, at, []byte("mark"),
	}}
	if err := newConn(r.pool(t)).Query(t.Context(), s, func(dialect.Row) error { return nil }); err != nil {
		t.Fatal(err)
	}
	_, declarations, values := r.last(t)
	want := "@p1 nvarchar(4000),@p2 nvarchar(4000),@p3 nvarchar(4000),@p4 nvarchar(max),@p5 nvarchar(4000),@p6 nvarchar(4000),@p7 nvarchar(4000)," +
		"@p8 bigint,@p9 bigint,@p10 bigint,@p11 bigint,@p12 bit,@p13 datetime2(6),@p14 varbinary(8000)"
	if declarations != want {
		t.Errorf("they are declared\n%s, want\n%s", declarations, want)
	}
	if len(values) != len(s.Args) || values[0] != "" || values[6] != "text" || values[12] != civil.DateTimeOf(at) {
		t.Errorf("it sent the values %v", values)
	}
}

// READPAST is error 650 at the levels above REPEATABLE READ, also at SNAPSHOT.
func TestAClaimWorksAtEveryLevelOfItsCaller(t *testing.T) {
	t.Parallel()
	for _, level := range []sql.IsolationLevel{sql.LevelDefault, sql.LevelSerializable, sql.LevelSnapshot} {
		r := &recorder{}
		c := r.joined(t, level)
		ask := func(s dialect.Stmt) string {
			s.SQL, s.Args, s.Locks = "SELECT id FROM t WHERE a = @p1", []any{int64(1)}, true
			if err := c.Query(t.Context(), s, func(dialect.Row) error { return nil }); err != nil {
				t.Error(err)
			}
			text, _, _ := r.last(t)
			return text
		}
		if text := ask(dialect.Stmt{Skips: true}); text != "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;\nSELECT id FROM t WHERE a = @p1" {
			t.Errorf("at %s, a claim is %q", level, text)
		}
		if text := ask(dialect.Stmt{}); text != "SELECT id FROM t WHERE a = @p1" {
			t.Errorf("at %s, the level is changed for %q", level, text)
		}
	}
}

func TestStatementsThatShouldFailWaitSomeSeconds(t *testing.T) {
	t.Parallel()
	turn := dialect.Stmt{Name: "start.turn", SQL: "UPDATE t SET a = @p1", Between: []string{"UPDATE t SET a = ", ""}, Args: []any{"x"}, Kind: dialect.Update, Brief: true}
	const want = "SET LOCK_TIMEOUT 5000;\nUPDATE t SET a = @p1;\nSELECT @@ROWCOUNT;\nSET LOCK_TIMEOUT -1"
	batch, _ := text{steps: []*dialect.Step{{Stmt: turn}}}.join()
	r := &recorder{}
	if _, err := newConn(r.pool(t)).Exec(t.Context(), turn); err != nil {
		t.Error(err)
	}
	alone, _, _ := r.last(t)
	for name, text := range map[string]string{"in a batch": batch, "alone": alone} {
		if !strings.Contains(text, want) {
			t.Errorf("%s it is %q, want in it %q", name, text, want)
		}
	}
	if class := (&Backend{}).Classify(mssql.Error{Number: 1222}); class != dialect.Conflict {
		t.Errorf("the error of a lock that was not got is %s", class)
	}
}

func TestReadersBlockWithoutRowVersions(t *testing.T) {
	t.Parallel()
	for versions, wait := range map[any]bool{int64(1): false, int64(0): true, nil: true} {
		r := &recorder{versions: versions}
		b, err := New(t.Context(), r.pool(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.Dialect().ReadersBlock(); got != wait {
			t.Errorf("where is_read_committed_snapshot_on is %v, readers wait: %t", versions, got)
		}
	}
}
