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
	// writes it. Empty, nothing is compared: no such database was ever read.
	Expected() string
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
