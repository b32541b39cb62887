package dialect

import "context"

// A Stmt is one SQL statement that is ready to be sent: with the database's own
// placeholders, and its arguments.
type Stmt struct {
	// Name says what the statement is for, such as "start.claim". Statements with the
	// same name have the same text on one database; the golden files list them by name.
	Name string
	SQL  string
	Args []any

	// The fields below describe the statement, so that neither a dialect nor a backend
	// parses its text. Statements that the tracker does not send itself only have Kind.
	Kind    Kind
	Absent  string   // for [Dialect.InsertAbsent]: the table that an Insert looks into first
	Rows    int      // how often it reads the rows of [Dialect.Rows]
	Locks   bool     // a Select locks the rows that it reads
	Skips   bool     // … and skips rows that another transaction has locked
	Brief   bool     // it should fail rather than wait long for a lock
	Many    bool     // it may carry or lock hundreds of rows
	Ordered bool     // a Select takes its rows from an index from a place on, and sorts none
	Derived bool     // it joins the rows of [Dialect.Rows] with something other than a single table
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
	// Exec runs the statement and returns the number of rows that it inserted, changed
	// or deleted. Rows that an insert skipped do not count: that is how the tracker
	// tells rows that it created from rows that it found (rule S1.11). A row that an
	// update leaves unchanged may count or not.
	Exec(ctx context.Context, s Stmt) (int64, error)

	// Query runs the statement and calls row for each row of its result, in order. It
	// stops at row's first error and returns it. Query always closes the result before
	// it returns: a list that is abandoned early holds no connection (rule S1.8).
	Query(ctx context.Context, s Stmt, row func(Row) error) error

	// Atomic calls fn with a Conn whose statements take effect together or not at all:
	// they do if fn returns nil. On a pool that is a transaction; inside a caller's
	// transaction it is a savepoint, so that a failure in fn leaves the caller's work
	// unchanged. The isolation level is the database's default, as the DBA set it, or
	// one at which a statement that waited for a row sees the committed row (rules S2.7
	// and S8.3). If the Conn is no [Batcher], the rules for errors in Batch apply here.
	Atomic(ctx context.Context, fn func(Conn) error) error
}

// A Trier is a [Conn] on a database with a single writer.
//
// It is optional: without it, an operation that must not wait skips locked rows, by
// [Dialect.Lock].
type Trier interface {
	// Try is Atomic if no other transaction is writing. Otherwise it returns false at
	// once without calling fn (rule S2.12: recording a refused start makes no other
	// transaction wait).
	Try(ctx context.Context, fn func(Conn) error) (bool, error)
}

// A Step is one statement of a batch, with a function for its result. If Row is nil,
// the statement is executed; otherwise Row is called for each row.
type Step struct {
	Stmt

	Row      func(Row) error
	Affected int64 // set by the batch when Row is nil …
	// … unless Uncounted is set. A backend that needs an extra statement to count then
	// leaves it out, and an error may have the name of a later step.
	Uncounted bool
}

// A Batcher is a [Conn] that can send several statements in one round trip.
//
// It is optional: without it the same steps are sent one by one inside Atomic.
type Batcher interface {
	// Batch runs the steps in order, so that each sees the changes of those before it.
	// All of them take effect or none (rule S2.7). An error means none, unless its
	// class is Disconnected, even if ctx ends while the steps are being sent.
	Batch(ctx context.Context, steps []*Step) error
}

// A Finisher is a [Conn] in a transaction of [Conn.Atomic] on a pool that can send its
// last statements together with the COMMIT.
//
// It is optional: without it, the same steps are sent as by a [Batcher], followed by
// the COMMIT.
type Finisher interface {
	// Finish runs the steps as a batch does, and commits, in one round trip. Nothing is
	// sent in the transaction afterwards. An error means that the transaction had no
	// effect, unless its class is Disconnected, even if ctx ends while the steps are
	// being sent.
	Finish(ctx context.Context, steps []*Step) error
}
