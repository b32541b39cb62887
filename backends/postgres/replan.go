package postgres

// replan discards the session's cached plans: those of prepared statements, and those of
// foreign key checks. A plan that was made when a table was almost empty scans the whole
// table, and stays cached until statistics are gathered, which autovacuum does about a minute
// later. For 10,000 carried rows it would scan the whole table 10,000 times.
const replan = "discard plans"
