package dialect

// A Tx is a transaction that a user began on the backend's database, for the tracker to
// write in (rule S7.1). A backend's package converts the driver's transaction to it:
// postgres.Tx, mysql.Tx, sqlite.Tx. The zero value means no transaction; they return it
// for nil.
type Tx struct {
	// Dialect is the name of the dialect that the transaction's database speaks:
	// [Dialect.Name].
	Dialect string

	// Conn sends statements in the transaction, and neither commits it nor rolls it
	// back. All of them go through Atomic, which refuses with an error of the class
	// [TransactionEnded] if the transaction is not open. If fn fails, its writes are undone, even
	// if its context has ended, and nothing else is.
	//
	// Whatever isolation level the user chose, a locking query either sees and locks
	// the current rows, or fails with a [Conflict] if they differ from the
	// transaction's snapshot. An old snapshot must not decide about writes.
	Conn Conn
}
