package dialect

import (
	"strings"
	"time"

	"github.com/Masterminds/squirrel"
)

// A Dialect spells SQL for one kind of database. It holds no connection and
// knows no driver. Statements are built with question marks as placeholders and
// converted once, when they are whole; so a method's fragment uses question
// marks, too.
//
// A Dialect is a value: immutable and safe for concurrent use. Each method says
// what it must guarantee, and which rule of docs/semantics.md has the cases that
// prove it; docs/adding-a-backend.md is the way through all of them.
type Dialect interface {
	Upkeep

	// Name is the database's name in messages, DSN schemes and reports:
	// "postgres", "sqlite". It names nobody's password or host (rule S8.4).
	Name() string

	// Placeholders is the database's form of placeholders. Nothing of a user's is
	// ever part of a statement's text, but for the schema or prefix (rule S5.7: no
	// character of a name is special).
	Placeholders() squirrel.PlaceholderFormat

	// Hints is what follows the text of a statement, where the database needs hints
	// there. It knows the statement by its fields; its text is not there yet. Hints
	// change how rows are found, never which (rules S2.7 and S2.10: a start meets no
	// locks but of those that it asks for, and costs the same after many runs).
	Hints(s Stmt) string

	// Update and Delete begin a statement that changes rows of the table, or deletes
	// them, and finds them by an index, as [Seeking] does.
	Update(table string) squirrel.UpdateBuilder
	Delete(table string) squirrel.DeleteBuilder

	// Table returns the tracker's table of that name as it is written in a
	// statement: quoted, and in the schema or with the prefix of the user's
	// choice (rule S9.1).
	Table(name string) string

	// Read is the table with the given alias to select from or to join, where the
	// database has to be told how it is read (rules S2.7 and S1.7). Many need not be.
	Read(table, alias string, how Reading) string

	// ReadersBlock reports whether a SELECT blocks on a row that another transaction has
	// changed but not committed. Clusters are then locked before the process is, or two
	// starts would wait for each other (rule S2.6).
	ReadersBlock() bool

	// Now is an expression for the present time by the database's clock, in UTC,
	// not the time at which the transaction began (rule S3.7).
	Now() string

	// Clock is Now for a statement that writes the time to several columns: an item to
	// join, which reads the clock once for a row, and the expression for the time. The
	// item is empty where Now is the same throughout a statement.
	Clock() (from, now string)

	// Sum is an expression for the sum of a column of whole numbers that are not
	// negative, 0 of no rows, as a number of 64 bits: the greatest where the sum is
	// greater (rule S2.6: what runs need may be any number).
	Sum(column string) string

	// NowPlus is an expression for a time by the same clock, as many milliseconds after
	// now as its one placeholder says (rule S4.1). They fit 32 bits.
	NowPlus() string

	// Time returns the argument that stores t in a time column: in UTC, cut to
	// microseconds (rule S3.7).
	Time(t time.Time) any

	// Rows makes a select begin with rows that travel with it, called r: json is an
	// array of objects with the given columns. It is how many rows travel in one
	// statement (rule S5.5). Text comes out with the exact bytes that went in. What
	// the select joins by [Dialect.Each] it finds by index, once for each row.
	Rows(s squirrel.SelectBuilder, json any, columns ...Column) squirrel.SelectBuilder

	// InOrder is the join that reads a table after those that are written before it,
	// where a plain join may be turned round: a list would be read from a table that does
	// not give it in its order, and sorted (rules S1.8 and S5.7).
	InOrder() string

	// Each joins a table, written as [Dialect.Read] or [Dialect.Lock] does and called
	// alias, to rows that travel or to what was found for them. Its rows are found by the
	// index that on says, once for each of those, whatever the database thinks of how
	// many rows there are: turned round, the rows that travel would be read anew for each
	// row of the table (rule S5.5). Conditions besides are not for on, as they may have an
	// index, too.
	Each(from, alias, on string) string

	// InsertAbsent inserts into table the rows that from selects and for which
	// no row of the table, called x, meets the condition match. A row of the same
	// unique key that another transaction inserts at the same moment is passed over,
	// and the statement returns only when the other transaction has ended; or it is an
	// error of the class [Conflict] then, and the next try finds the row (rule S1.1).
	InsertAbsent(table string, columns []string, from squirrel.SelectBuilder, match Match) squirrel.Sqlizer

	// UpdateIn adds a condition to an update of a table: the column's value is
	// among those that the query selects as id. The rows are found by the index of
	// the column, in the order of the query, and no others are locked (rule S2.7).
	// The query does not read the table itself. key, if any, is the first column of a
	// key of two, of which column is the second, and its value: an index of it alone has
	// more rows than are meant.
	UpdateIn(table string, update squirrel.UpdateBuilder, key squirrel.Eq, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer

	// DeleteIn deletes the rows of a table whose column's value is among those that
	// the query selects as id. The rows are found by the index of the column (rule
	// S9.5). The query does not read the table itself.
	DeleteIn(table, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer

	// UpdateRows returns a statement that changes the rows of table, called x, for
	// which there is a row of [Dialect.Rows], called r, with the same key, an integer: at
	// most one for each. Its one placeholder is that of Rows. It is how many rows get
	// values of their own in one statement (rule S5.5).
	UpdateRows(table string, set []Assignment, rows []Column, key string) string

	// Lock returns how a select locks the rows that it reads from a table until
	// its transaction ends: the item with the given alias to select from or to
	// join, and a suffix. The select reads no other table, apart from Rows and
	// in subqueries: not every database can spare its rows the lock. A
	// row that another transaction has locked is waited for, or, with skip, passed
	// over if the database can (rule S5.6). Where writers exclude each other
	// anyway, it may do nothing.
	Lock(table, alias string, skip bool) (from, suffix string)

	// Limit makes the select return at most n rows, the first of its order; the
	// select is ordered (rules S1.8 and S5.7). Of n, which differs from call to call,
	// is known that it is at most most, unless that is 0; without n, which then is
	// nil, most is the limit. lock is a suffix of Lock, or empty.
	Limit(s squirrel.SelectBuilder, n any, most int64, lock string) squirrel.SelectBuilder

	// Contains is a condition: the column's text has part in it. Case, accents
	// and every other character count; none is a wildcard (rule S5.7).
	Contains(column string, part any) squirrel.Sqlizer

	// Glob is a condition: the whole of the column's text matches the pattern,
	// in which * stands for any characters, also none, and ? for exactly one.
	// Nothing else is special, and case and accents count (rule S5.7). The pattern is
	// an argument that Pattern has made.
	Glob(column string, pattern Pattern) squirrel.Sqlizer

	// Pattern returns the arguments that stand for a pattern in Glob.
	Pattern(glob string) Pattern
}

// An Assignment sets a column to the value of an expression, in which x is the
// row that is changed and r the one that it is changed by.
type Assignment struct{ Column, Expr string }

// A Match is which row of a table, called x, is meant: one whose columns have all of the
// values, and any of the others, if there are any. Each value is an expression.
type Match struct{ All, Any []Assignment }

// Condition is the match in SQL.
func (m Match) Condition() string {
	join := func(equal []Assignment, by string) string {
		all := make([]string, len(equal))
		for i, e := range equal {
			all[i] = "x." + e.Column + " = " + e.Expr
		}
		return strings.Join(all, by)
	}
	all, anyOf := join(m.All, " AND "), join(m.Any, " OR ")
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

// A Pattern is what a condition of [Dialect.Glob] has for its arguments. Where texts
// that begin alike are a range in an index, it has the first of them and the first
// after them, if there is such a range; otherwise they are nil.
type Pattern struct{ Text, First, End any }

// A Reading is how [Dialect.Read] reads a table.
type Reading int

// The ways to read a table.
const (
	// Seeking is to find the rows by an index, with an equals sign. A database that
	// rather scans a small table would meet other transactions' locks on rows that
	// nobody asked for, and two that do would wait for each other.
	Seeking Reading = iota
	// Waiting is to wait for what others have inserted and not committed yet. It is
	// for rows that refer to one that this transaction has changed, where a foreign
	// key does not see to it (rule S1.7).
	Waiting
)

// A ColumnType is the type of a [Column].
type ColumnType int

// The types of columns.
const (
	// Text is text of any length, by which nothing is found.
	Text ColumnType = iota
	// Key is text by which rows are found: a name, or a hash of 64 characters.
	Key
	// Integer is a whole number of 64 bits.
	Integer
	// Timestamp is a time as the tracker's time columns have it. It travels as
	// text of the layout [TextTime], in UTC.
	Timestamp
)
