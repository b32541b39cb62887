package dialect

// Upkeep is what looking after the schema needs of a [Dialect], beside its
// migrations. Running the tracker needs none of it.
type Upkeep interface {
	// Script writes statements down for the database's own client, in its form and
	// with nothing for another's. Where DDL can be undone it takes effect as a
	// whole or not at all, and whatever goes wrong ends it. The statements have no
	// arguments (rule S9.2).
	Script(statements []string) string
}
