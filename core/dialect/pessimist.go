package dialect

// A Pessimist is a [Dialect] of a database that waits for locks where other databases
// do not. An update waits for the lock of a row that it only reads. The check of a
// foreign key waits for a transaction that has updated the referenced row, but not for
// one that has only locked it.
//
// It is optional. On such a database, a start looks before it waits (rule S2.7), and an
// operation that changes a process and its run locks both rows before it changes either
// (rule S7.2).
type Pessimist interface {
	// LockBy is [Dialect.Lock] with skip, for rows that are found by an index that
	// begins with the column. The select has to read a column that is not in the index;
	// otherwise the database might lock only the index entries, and not the rows (rule
	// S5.6).
	LockBy(table, alias, index, column string) (from, suffix string)
}
