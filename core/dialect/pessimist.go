package dialect

// A Pessimist is a [Dialect] of a database that waits for locks where others do not. An
// update waits for a row that it only looks at. The check of a foreign key waits for
// whoever updates the row referred to, but not for a row that is only locked.
//
// It is optional. A start looks before it waits there (rule S2.7), and what changes a
// process and its run locks both rows before it changes one (rule S7.2).
type Pessimist interface {
	// LockBy is [Dialect.Lock] with skip, of rows that are found by an index that begins
	// with the column. The select reads a column that the index has not, or its entries
	// might be locked alone, and not the rows (rule S5.6).
	LockBy(table, alias, index, column string) (from, suffix string)
}
