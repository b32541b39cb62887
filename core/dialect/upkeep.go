package dialect

import "github.com/Masterminds/squirrel"

// Upkeep is what looking after the schema needs of a [Dialect]. Running the tracker needs
// none of it, but to look which version of the schema there is.
type Upkeep interface {
	// TableExists is a query that returns one row with a number: 1 if the table
	// of that name exists, 0 if not, or if the database hides it from the user. It
	// works where the schema does not exist (rule S8.5).
	TableExists(name string) squirrel.Sqlizer

	// Migrations are the steps that bring a database's schema from nothing to
	// the newest version, oldest first, numbered 1, 2, 3 … (rule S9.1). A
	// migration that was released never changes.
	Migrations() []Migration

	// SetupLock is a statement that makes one setup wait for another until its
	// transaction ends, or until unlock on the same connection, where that is not
	// empty. Both are where a transaction of [Conn.Atomic] excludes other writers
	// anyway.
	SetupLock() (lock, unlock Stmt)

	// InTheWay is a query for what has one of the names that a setup is about to use
	// and is not the tracker's: rows of a text, such as "view run". Whatever shares its
	// names with them counts. Where a setup that broke off leaves tables behind, these
	// are known to be its own (rule S9.1).
	InTheWay(names Names) Stmt

	// Script writes statements down for the database's own client, in its form and
	// with nothing for another's. Where DDL can be undone it takes effect as a
	// whole or not at all, and whatever goes wrong ends it. The statements have no
	// arguments (rule S9.2).
	Script(statements []string) string

	// Catalogue is queries for what there is, by the database's own catalogue, to be
	// sent in order in one transaction: rows of four texts, in the order of a [Part].
	// They work where nothing was set up, need no right but to read the tables, and
	// show the same whatever settings the session has. Tables of others may be among
	// the rows (rule S9.6).
	Catalogue() []Stmt

	// Parts makes parts of all rows of Catalogue, in any order: what two versions of
	// the database show in two ways it has in one. What this user cannot see, for
	// lack of a right, is a part of the kind [KindUnseen].
	Parts(rows []Part) []Part

	// Expected is what Catalogue and Parts return when the newest migration has run:
	// sorted lines of table, kind, name and what it is, tabs between. `make
	// catalogues` writes it.
	Expected() string

	// Counters is a query for the counters of the tables' identities, which all
	// exist: rows of the table's name, the column's, the number that comes next
	// (NULL if this user cannot see it), and the least that it has to be. It is empty
	// where counters cannot be behind their rows.
	Counters(tables []string) Stmt

	// Mend returns the statements that make a part of a table as it is expected to
	// be, nil if the database has none for it. have is what there is instead, empty
	// for nothing; line is how a migration writes the part's column down, or a check.
	Mend(p Part, have, line string) []string

	// Grant returns the statements that give a user, or a role of the database's,
	// the rights, and none where the database knows no users. The name is as the
	// database's people write it, without quotes; one that cannot be is an error
	// (rule S9.4).
	Grant(to string, rights []Right) ([]string, error)
}

// A Migration is one step of the schema's history.
type Migration struct {
	Version    int
	Name       string
	Statements []string
}

// Names are what migrations make, without schema or prefix.
type Names struct {
	Tables, Views, Indexes []string
	Identities             []string // tables that number their rows
}

// A Right is what somebody may do with one of the tracker's tables or views.
type Right struct {
	Table    string // without schema or prefix
	View     bool
	Identity bool // the table numbers its rows: a counter belongs to it

	// Read, Insert, Update and Delete are of rows. Insert is by way of
	// [Dialect.InsertAbsent], Update also of locking rows. Read is also of the
	// counter's state, and of a view's definition.
	Read, Insert, Update, Delete bool
	// Own is to make, change and drop the table, and all of the others.
	Own bool
}

// A Part is a part of the schema.
type Part struct {
	Kind string // one of the constants
	// Table is the table that the part is or belongs to, without schema or prefix.
	Table string
	// Name is a column's or an index's; a foreign key's is its columns. Keys and
	// checks have none, as databases name them.
	Name string
	// Is says what a column is (its type and collation, and whether it is not null),
	// which columns a key or an index has, in order, commas between, what a foreign
	// key refers to, a view's definition, a default's or a check's expression. Of a
	// table it says what is unusual.
	Is string
}

// The kinds of parts.
const (
	KindTable      = "table"
	KindView       = "view"
	KindColumn     = "column"
	KindDefault    = "default"
	KindIdentity   = "identity" // of the column that numbers the rows
	KindKey        = "key"      // the primary one
	KindUnique     = "unique"
	KindForeignKey = "foreign key"
	KindIndex      = "index"
	KindCheck      = "check"
	KindCounter    = "counter" // of an identity; in no catalogue
	KindUnseen     = "unseen"  // Is names what the user cannot see, such as "checks"
)
