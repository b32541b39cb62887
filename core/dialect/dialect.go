package dialect

import (
	"strings"
	"time"

	"github.com/Masterminds/squirrel"
)

// A Dialect spells SQL for one kind of database. It holds no connection and knows no
// driver. Statements are built with question marks as placeholders and converted once
// they are complete, so a method's fragment uses question marks, too.
//
// A Dialect is a value: immutable and safe for concurrent use. Each method says what it
// must guarantee, and which rule of docs/semantics.md has the cases that prove it;
// docs/adding-a-backend.md is a guide to all of them.
type Dialect interface {
	Upkeep

	// Name is the database's name in messages, DSN schemes and reports: "postgres",
	// "sqlite". It contains no password or host (rule S8.4).
	Name() string

	// Placeholders is the database's form of placeholders. No user input is ever part
	// of a statement's text, except the schema or prefix (rule S5.7: no character of a
	// name is special).
	Placeholders() squirrel.PlaceholderFormat

	// Hints returns hints to append to a statement, if the database needs any. It sees
	// the statement's fields; the text does not exist yet. Hints change how rows are
	// found, never which rows (rules S2.7 and S2.10: a start only meets locks on rows
	// that it asks for, and costs the same after many runs).
	Hints(s Stmt) string

	// Update and Delete begin a statement that changes or deletes rows of the table,
	// and finds them by an index, like [Seeking].
	Update(table string) squirrel.UpdateBuilder
	Delete(table string) squirrel.DeleteBuilder

	// Table returns the name of a tracker table as it is written in a statement:
	// quoted, and with the schema or prefix that the user chose (rule S9.1).
	Table(name string) string

	// Read returns the table with the given alias for a FROM or a JOIN, with hints that
	// say how to read it (rules S2.7 and S1.7). Many databases need none.
	Read(table, alias string, how Reading) string

	// Along returns the FROM of a statement that takes its rows in the order of the index of
	// these columns, from a place in that index on. from names the table, as Lock, Read or
	// Table have it. Such a statement is Ordered.
	Along(table, from string, columns ...string) string

	// ReadersBlock reports whether a SELECT blocks on a row that another transaction has
	// changed but not committed. If so, clusters are locked before the process, or two
	// starts would deadlock (rule S2.6).
	ReadersBlock() bool

	// Now is an expression for the current time by the database's clock, in UTC, not
	// the time at which the transaction began (rule S3.7).
	Now() string

	// Clock is Now for a statement that writes the time to several columns. It returns
	// an item to join, which reads the clock once per row, and the expression for the
	// time. The item is empty if Now is constant within a statement.
	Clock() (from, now string)

	// Sum is an expression for the sum of a column of non-negative integers, as a
	// 64-bit integer. It is 0 if there are no rows, and the greatest 64-bit integer if
	// the sum overflows (rule S2.6: the needs of runs may be any number).
	Sum(column string) string

	// NowPlus is an expression for the time, by the same clock, that is as many
	// milliseconds from now as its one placeholder says (rule S4.1). The number fits 32
	// bits.
	NowPlus() string

	// Time returns the argument that stores t in a time column: in UTC, cut to
	// microseconds (rule S3.7).
	Time(t time.Time) any

	// Rows makes a SELECT read first from rows in an argument, called r: json is an
	// array of objects with the given columns. So one statement can carry many rows
	// (rule S5.5). Texts keep their exact bytes. Tables that the SELECT joins by
	// [Dialect.Each] are read by index, once for each row.
	Rows(s squirrel.SelectBuilder, json any, columns ...Column) squirrel.SelectBuilder

	// InOrder returns the join keyword that makes the database read a table after those
	// written before it. A plain join may be reordered: a list would then start from a
	// table that is not in the list's order, and be sorted (rules S1.8 and S5.7).
	InOrder() string

	// Each joins a table, written in from as by [Dialect.Read] or [Dialect.Lock] and called
	// alias, to the rows of [Dialect.Rows] or to rows found for them, by on: columns of the
	// table and the expressions that they are equal to. The database must look up the table
	// by the index of these columns, once for each of those rows, whatever its row
	// estimates are: in the reverse order it would read the carried rows again for each row
	// of the table, and by another index all rows that share a column with the one it looks
	// for (rule S5.5). on contains no further conditions, because they may have an index,
	// too.
	Each(table, from, alias string, on []Assignment) string

	// InsertAbsent inserts into table the rows of from for which no row of the table,
	// called x, meets the condition match. If another transaction inserts a row with
	// the same unique key at the same moment, the statement waits for the end of that
	// transaction and skips the row; or it fails with an error of the class [Conflict],
	// and the next attempt finds the row (rule S1.1).
	InsertAbsent(table string, columns []string, from squirrel.SelectBuilder, match Match) squirrel.Sqlizer

	// UpdateIn adds a condition to an update of a table: the column's value is among
	// those that the query selects as id. The database finds the rows by the index of
	// the column, in the order of the query, and locks no others (rule S2.7). The query
	// does not read the table itself. If column is the second column of a two-column
	// key, key is the first column and its value, because the first column alone selects
	// too many rows.
	UpdateIn(table string, update squirrel.UpdateBuilder, key squirrel.Eq, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer

	// DeleteIn deletes the rows of a table whose column's value is among those that
	// the query selects as id. The rows are found by the index of the column (rule
	// S9.5). The query does not read the table itself.
	DeleteIn(table, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer

	// UpdateRows returns a statement that changes the rows of table, called x, for which
	// [Dialect.Rows] has a row, called r, with the same integer key: at most one for
	// each. Its only placeholder is that of Rows. So one statement can give many rows
	// different values (rule S5.5).
	UpdateRows(table string, set []Assignment, rows []Column, key string) string

	// Lock returns how a select locks the rows that it reads from a table until its
	// transaction ends: the item with the given alias to select from or to join, and a
	// suffix. The select reads no other table, apart from Rows and in subqueries: not
	// every database can leave the rows of other tables unlocked. The select waits for
	// rows that another transaction has locked or, with skip, skips them if the
	// database can (rule S5.6). On a database with a single writer it may do nothing.
	//
	// A select that takes the first rows in the order of an index gives that index's columns.
	// A database that would rather sort all rows, and lock them, has to be told.
	Lock(table, alias string, skip bool, along ...string) (from, suffix string)

	// Limit makes an ordered select return at most its first n rows (rules S1.8 and
	// S5.7). n may differ from call to call; it is at most most, unless most is 0. If n
	// is nil, most is the limit. lock is a suffix of Lock, or empty.
	Limit(s squirrel.SelectBuilder, n any, most int64, lock string) squirrel.SelectBuilder

	// Contains returns the condition that the column's text contains part. Case,
	// accents and every other character count; none is a wildcard (rule S5.7).
	Contains(column string, part any) squirrel.Sqlizer

	// Glob returns the condition that the column's whole text matches the pattern, in
	// which * stands for any number of characters and ? for exactly one. No other
	// character is special; case and accents count (rule S5.7). The pattern is an
	// argument that Pattern returned.
	Glob(column string, pattern Pattern) squirrel.Sqlizer

	// Pattern returns the arguments that stand for a pattern in Glob.
	Pattern(glob string) Pattern
}

// An Assignment sets a column to an expression, in which x is the row to change and r
// the carried row with the new values. In a condition, the column equals the expression.
type Assignment struct{ Column, Expr string }

// A Match selects a row of a table, called x, by its columns' values: all those of All
// and, if there are any, at least one of Any. Each value is an expression; Args are for the
// placeholders in those of All.
type Match struct {
	All, Any []Assignment
	Args     []any
}

// Equal returns the condition that each column of alias has its value, joined by AND or
// OR.
func Equal(alias string, equal []Assignment, by string) string {
	all := make([]string, len(equal))
	for i, e := range equal {
		all[i] = alias + "." + e.Column + " = " + e.Expr
	}
	return strings.Join(all, " "+by+" ")
}

// Condition returns the match as SQL.
func (m Match) Condition() string {
	all, anyOf := Equal("x", m.All, "AND"), Equal("x", m.Any, "OR")
	switch {
	case anyOf == "":
		return all
	case all == "":
		return anyOf
	default:
		return all + " AND (" + anyOf + ")"
	}
}

// A Column is a column of [Dialect.Rows].
type Column struct {
	Name string
	Type ColumnType
}

// A Pattern holds the arguments of a condition of [Dialect.Glob]. If texts with the
// same beginning form a range in an index, it has the first text of the range and the
// first after it; otherwise these are nil.
type Pattern struct{ Text, First, End any }

// A Reading says how [Dialect.Read] reads a table.
type Reading int

// The ways to read a table.
const (
	// Seeking finds the rows by equality in an index. A scan of a small table would
	// meet other transactions' locks on rows that it does not need, and two such
	// transactions would deadlock.
	Seeking Reading = iota
	// Waiting waits for rows that other transactions have inserted but not committed.
	// It is for rows that refer to a row that this transaction has changed, if no
	// foreign key takes care of that (rule S1.7).
	Waiting
)

// A ColumnType is the type of a [Column].
type ColumnType int

// The types of columns.
const (
	// Text is text of any length that is not used to find rows.
	Text ColumnType = iota
	// Key is text that is used to find rows: a name, or a hash of 64 characters.
	Key
	// Integer is a 64-bit integer.
	Integer
	// Timestamp is a time as in the tracker's time columns. It is sent as text with the
	// layout [TextTime], in UTC.
	Timestamp
)
