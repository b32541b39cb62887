package dialect

// A Certifier is a [Dialect] of a database with several nodes that all take writes,
// and that finds out only at the commit what transactions on different nodes have
// both written: one of them fails with a [Conflict] then. Until then a lock keeps
// out those on its own node, and so does an update that leaves its row as it was.
//
// It is optional. What keeps others out by a lock writes to a row there, too (rules
// S2.6, S2.11 and S4.3).
type Certifier interface {
	// Touch returns two values for a column of times: one that is not its present
	// one, and then the present one again. An update to each, in this order, has
	// written to a row and leaves it as it was.
	Touch(column string) (away, back string)
}
