package mysql

import (
	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/standard"
)

// Galera is the dialect of a node of a Galera cluster. It is a [dialect.Certifier].
type Galera struct{ Dialect }

var _ dialect.Certifier = Galera{}

// InsertAbsent implements [dialect.Dialect]. If another transaction is inserting a row
// with the same key, the error is a duplicate, which the backend has to treat as a
// conflict. The statement must not skip the row: the node may abort the other
// transaction, and then no such row exists.
func (d Galera) InsertAbsent(table string, columns []string, from squirrel.SelectBuilder, match dialect.Match) squirrel.Sqlizer {
	return standard.InsertAbsent(d.Table(table), columns, from, match, "")
}

// Touch implements [dialect.Certifier] with one microsecond, the smallest difference in
// a time column.
func (Galera) Touch(column string) (away, back string) {
	return column + " + INTERVAL 1 MICROSECOND", column + " - INTERVAL 1 MICROSECOND"
}
