package dialect

// A Certifier is a [Dialect] of a database with several writable nodes that only
// detects at the commit when transactions on different nodes have written the same row:
// one of them then fails with a [Conflict]. Until the commit, a lock only blocks
// transactions on the same node. So does an update that changes nothing.
//
// It is optional. On such a database, an operation that excludes others by a lock also
// writes to a row (rules S2.6, S2.11 and S4.3).
type Certifier interface {
	// Touch returns two values for a time column: one that differs from its current
	// value, and then the current value again. Updates to these two, in this order,
	// write to a row and leave it unchanged.
	Touch(column string) (away, back string)
}
