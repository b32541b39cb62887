package mysql

import (
	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/standard"
)

// Galera is the dialect of a node of a Galera cluster. It is a [dialect.Certifier].
type Galera struct{ Dialect }

var _ dialect.Certifier = Galera{}

// InsertAbsent implements [dialect.Dialect]. A row of the same key that another
// transaction is inserting is a duplicate, which the backend has to take for a
// conflict. To pass over it would not do: the node may give the other up, and then
// there is no such row.
func (d Galera) InsertAbsent(table string, columns []string, from squirrel.SelectBuilder, match dialect.Match) squirrel.Sqlizer {
	return standard.InsertAbsent(d.Table(table), columns, from, match, "")
}

// Touch implements [dialect.Certifier] with a microsecond, the least that a column
// of times can be off by.
func (Galera) Touch(column string) (away, back string) {
	return column + " + INTERVAL 1 MICROSECOND", column + " - INTERVAL 1 MICROSECOND"
}
