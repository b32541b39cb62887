package postgres

// replan has the session make its plans anew, which it keeps: those of prepared statements,
// and those by which it checks foreign keys. A plan that was made when a table was all but
// empty reads the whole table, and is kept until somebody gathers statistics: a minute later,
// if autovacuum does. For 10,000 rows that travel it would read the whole table 10,000 times.
const replan = "discard plans"
