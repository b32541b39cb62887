package dialect

import (
	"strings"

	"github.com/Masterminds/squirrel"
)

// Upkeep has the methods of a [Dialect] for maintaining the schema. Running the tracker
// uses none of them, except to find out the schema's version.
type Upkeep interface {
	// TableExists is a query that returns one row with a number: 1 if a table with that
	// name exists; 0 if not, or if the database hides it from the user. It works where
	// the schema does not exist (rule S8.5).
	TableExists(name string) squirrel.Sqlizer

	// Migrations are the steps that bring a database's schema from nothing to the
	// newest version, oldest first, numbered 1, 2, 3 … (rule S9.1). A released
	// migration never changes.
	Migrations() []Migration

	// SetupLock returns a statement that makes one setup wait for another until its
	// transaction ends or, if unlock is not empty, until unlock runs on the same
	// connection. Both are empty if a transaction of [Conn.Atomic] excludes other
	// writers anyway.
	SetupLock() (lock, unlock Stmt)

	// InTheWay returns a query for objects that have one of the names that a setup is
	// about to use and do not belong to the tracker. Each row is a text, such as "view
	// run". All kinds of objects that share a namespace with the tracker's count. If an
	// interrupted setup leaves tables behind, the query recognizes them as the
	// tracker's (rule S9.1).
	InTheWay(names Names) Stmt

	// Script writes statements as a script for the database's own client. Where DDL is
	// transactional, the script takes effect as a whole or not at all. Any error ends
	// it. The statements have no arguments (rule S9.2).
	Script(statements []string) string

	// Catalogue returns queries of the database's own catalogue, to be sent in order in
	// one transaction. Their rows are four texts, in the order of a [Part]. They work
	// before setup, need no privilege except to read the tables, and return the same
	// under all session settings. Their rows may include tables that are not the
	// tracker's (rule S9.6).
	Catalogue() []Stmt

	// Parts converts the rows of Catalogue, in any order, to parts, and removes
	// differences between versions of the database. Anything that this user lacks the
	// privilege to see becomes a part of the kind [KindUnseen].
	Parts(rows []Part) []Part

	// Expected is what Catalogue and Parts return after the newest migration: sorted
	// lines of table, kind, name and definition, separated by tabs. `make catalogues`
	// writes it.
	Expected() string

	// Counters returns a query for the counters of the tables' identity columns. All
	// the tables exist. Its rows are the name of the table, the name of the column, the
	// next number (NULL if this user cannot see it), and the least that it has to be.
	// It is empty if counters cannot be behind their rows.
	Counters(tables []string) Stmt

	// Mend returns the statements that restore a part of a table to its expected form,
	// or nil if the database has none for it. have is the present form, empty if the
	// part is missing; line is the line of a migration that defines the column or
	// check.
	Mend(p Part, have, line string) []string

	// Grant returns the statements that grant the rights to a user or a database role.
	// It returns none if the database has no users. The name is in the database's usual
	// form, without quotes; an impossible name is an error (rule S9.4).
	Grant(to string, rights []Right) ([]string, error)
}

// A Migration is one step of the schema's history.
type Migration struct {
	Version    int
	Name       string
	Statements []string
}

// Names are the objects that migrations create, without schema or prefix.
type Names struct {
	Tables, Views, Indexes []string
	Identities             []string // tables that have an identity column
}

// A Right says what a user may do with one of the tracker's tables or views.
type Right struct {
	Table    string // without schema or prefix
	View     bool
	Identity bool // the table has an identity column, and so a counter

	// Read, Insert, Update and Delete apply to rows. Insert means by
	// [Dialect.InsertAbsent]. Update includes locking rows. Read includes the counter's
	// state and a view's definition.
	Read, Insert, Update, Delete bool
	// Own means to create, change and drop the table, and includes all of the others.
	Own bool
}

// A Part is a part of the schema.
type Part struct {
	Kind string // one of the constants
	// Table is the table that the part belongs to, or is, without schema or prefix.
	Table string
	// Name is the name of a column or an index, or the columns of a foreign key. It is
	// empty for keys and checks, because databases choose their names, unless the
	// dialect's statements name them.
	Name string
	// Is is the definition: the type, collation and nullability of a column; the
	// columns of a key or an index, in order, separated by commas; the target of a
	// foreign key; the definition of a view; the expression of a default or a check.
	// For a table, it is anything unusual.
	Is string
}

// ParseParts parses lines in the form of [Upkeep.Expected].
func ParseParts(lines string) (parts []Part) {
	for line := range strings.Lines(lines) {
		fields := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		parts = append(parts, Part{Table: fields[0], Kind: fields[1], Name: fields[2], Is: fields[3]})
	}
	return parts
}

// The kinds of parts.
const (
	KindTable      = "table"
	KindView       = "view"
	KindColumn     = "column"
	KindDefault    = "default"
	KindIdentity   = "identity" // of an identity column
	KindKey        = "key"      // the primary key
	KindUnique     = "unique"
	KindForeignKey = "foreign key"
	KindIndex      = "index"
	KindCheck      = "check"
	KindCounter    = "counter" // of an identity column; not in Catalogue
	KindUnseen     = "unseen"  // Is names the kind of parts that the user cannot see, such as "checks"
)
