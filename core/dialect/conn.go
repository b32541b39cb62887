package dialect

import "context"

// A Stmt is one SQL statement, ready to be sent: in the database's own
// placeholders, with its arguments.
type Stmt struct {
	// Name tells what the statement is for, such as "start.claim". Statements of
	// one name have one text on one database; the golden files list them by it.
	Name string
	SQL  string
	Args []any

	// What there is to know of the statement besides. Neither a dialect nor a backend
	// looks into its text. Those that the tracker does not send itself have only Kind.
	Kind    Kind
	Absent  string   // the table that an Insert looks into first, of [Dialect.InsertAbsent]
	Rows    int      // how often it reads rows that travel with it, of [Dialect.Rows]
	Locks   bool     // a Select locks the rows that it reads
	Skips   bool     // … and passes over those that another transaction has locked
	Brief   bool     // it had better fail than wait long for a lock
	Many    bool     // hundreds of rows travel with it, or may be locked by it
	Derived bool     // rows that travel are joined with what is not one table
	Between []string // the text before, between and after the placeholders
}

// A Kind is what a statement does.
type Kind int

// The kinds of statements.
const (
	Select Kind = iota
	Insert
	Update
	Delete
)

// A Row is the current row of a result.
type Row interface {
	// Scan copies the row's columns into dest, as [database/sql.Rows.Scan] does.
	// A dest that implements [database/sql.Scanner] is honoured.
	Scan(dest ...any) error
}

// A Conn sends statements to a database: on a pool, each on any connection of
// it; in a transaction, on that transaction's.
type Conn interface {
	// Exec runs the statement and returns the number of rows that it inserted,
	// changed or deleted. Rows that an insert passed over do not count: who made a
	// row is told from who found it (rule S1.11). A row that an update leaves as it
	// was may count or not.
	Exec(ctx context.Context, s Stmt) (int64, error)

	// Query runs the statement and calls row for each row of its result, in
	// order. It stops at row's first error and returns it. The result is closed
	// when Query returns, whatever happened: a list that is left early keeps no
	// connection (rule S1.8).
	Query(ctx context.Context, s Stmt, row func(Row) error) error

	// Atomic calls fn with a Conn whose statements take effect together or not
	// at all: they do if fn returns nil. On a pool that is a transaction; inside
	// a caller's transaction it is a savepoint, so that a failure in fn leaves
	// the caller's work as it was. The transaction's isolation level is the
	// database's default, as the DBA set it, or one at which a statement that waited
	// for a row sees what is committed (rules S2.7 and S8.3). Where there is no
	// [Batcher], what that says of errors holds here.
	Atomic(ctx context.Context, fn func(Conn) error) error
}

// A Trier is a [Conn] on a database in which one writes at a time.
//
// It is optional: without it, what must not wait passes over rows that are locked, as
// [Dialect.Lock] lets it.
type Trier interface {
	// Try is Atomic if nobody else is writing. Otherwise it returns false at once, and
	// fn is not called (rule S2.12: to keep that a start was refused keeps nobody
	// waiting).
	Try(ctx context.Context, fn func(Conn) error) (bool, error)
}

// A Step is one statement of a batch and what becomes of its result. With Row
// nil, the statement is executed; otherwise Row is called for each row.
type Step struct {
	Stmt

	Row      func(Row) error
	Affected int64 // set by the batch when Row is nil …
	// … unless Uncounted is set: where a count is a statement of its own, it is left out,
	// and an error may have the name of a step that follows.
	Uncounted bool
}

// A Batcher is a [Conn] that can send several statements in one round trip.
//
// It is optional: without it the same steps are sent one by one inside Atomic.
type Batcher interface {
	// Batch runs the steps in order, each seeing what those before it did, all
	// of them or none (rule S2.7: a start takes effect whole or not at all). An
	// error means none, unless its class is Disconnected, also when ctx ends
	// while the steps are on their way.
	Batch(ctx context.Context, steps []*Step) error
}

// A Finisher is a [Conn] within a transaction of [Conn.Atomic] on a pool that can end
// with the statements that are sent last.
//
// It is optional: without it the same steps are sent as by a [Batcher], and the commit
// after them.
type Finisher interface {
	// Finish runs the steps as a batch does, and commits, in one round trip. Nothing
	// is sent in the transaction afterwards. An error means that nothing of the
	// transaction took effect, unless its class is Disconnected, also when ctx ends
	// while the steps are on their way.
	Finish(ctx context.Context, steps []*Step) error
}
