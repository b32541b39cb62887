package dialect

// Upkeep is what looking after the schema needs of a [Dialect], beside its
// migrations. Running the tracker needs none of it.
type Upkeep interface {
	// Script writes statements down for the database's own client, in its form and
	// with nothing for another's. Where DDL can be undone it takes effect as a
	// whole or not at all, and whatever goes wrong ends it. The statements have no
	// arguments (rule S9.2).
	Script(statements []string) string

	// Catalogue is a query for what there is, by the database's own catalogue: rows
	// of four texts, as [Part] has them, in any order. It works where nothing was
	// set up, and needs no right but to read the tables. Tables of others may be
	// among them. What two versions of the database show in two ways it shows in
	// one.
	Catalogue() Stmt

	// Expected is what Catalogue returns when the newest migration has run: sorted
	// lines of table, kind, name and what it is, tabs between. `make catalogues`
	// writes it.
	Expected() string

	// Grant returns the statements that give a user, or a role of the database's,
	// the rights, and none where the database knows no users. The name is as the
	// database's people write it, without quotes; one that cannot be is an error
	// (rule S9.4).
	Grant(to string, rights []Right) ([]string, error)
}

// A Right is what somebody may do with one of the tracker's tables or views.
type Right struct {
	Table string // without schema or prefix
	View  bool

	// Read, Insert, Update and Delete are of rows. Insert is by way of
	// [Dialect.InsertAbsent], Update also of locking rows.
	Read, Insert, Update, Delete bool
	// Own is to make, change and drop the table, and all of the others.
	Own bool
}

// A Part is a row of a dialect's catalogue: a part of the schema.
type Part struct {
	// Kind is table, view, column, key (the primary one), unique (a key) or index.
	Kind string
	// Table is the table that the part is or belongs to, without schema or prefix.
	Table string
	// Name is a column's or an index's. Keys have none, as databases name them.
	Name string
	// Is says what a column is (its type and collation, and whether it is not null)
	// and which columns a key or an index has, in order, commas between.
	Is string
}
