package dialect

// A Tx is a transaction that a user began on the backend's database, for the
// tracker to write in (rule S7.1). A backend's package makes it of the driver's:
// postgres.Tx, mysql.Tx, sqlite.Tx. The zero value is none, and
// is what they make of nil.
type Tx struct {
	// Dialect is the name of the dialect that the transaction's database speaks:
	// [Dialect.Name].
	Dialect string

	// Conn sends statements in the transaction, and neither commits it nor rolls
	// it back. All of them go through Atomic, which refuses with an error of the
	// class [Over] if the transaction is not open. When fn fails, what it wrote is
	// gone, also if its context has ended, and nothing else is.
	//
	// Whatever isolation level the user chose, a query either sees the rows as
	// they are now, and locks them, or fails with a [Conflict] where they are not
	// what the transaction sees. An old snapshot must not decide what is written.
	Conn Conn
}
