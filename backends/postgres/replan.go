package postgres

// replan discards the session's cached plans: those of prepared statements, and those of
// foreign key checks. A plan that was made when a table was almost empty scans the whole
// table, and stays cached until statistics are gathered, which autovacuum does about a minute
// later. For 10,000 carried rows it would scan the whole table 10,000 times.
const replan = "discard plans"

// along makes the planner take rows in the order of an index, until the transaction ends.
// Otherwise a list of one process that goes on in the middle reads all the rest of it and
// sorts that: for a process that a statement finds by its name the planner expects as many
// rows as the average has, and its statistics do not know the newest rows.
const along = "select set_config('enable_sort', 'off', true)"
