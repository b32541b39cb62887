package mysql

import "github.com/processtracker/processtracker-go/core/dialect"

// Galera is the dialect of a node of a Galera cluster. It is a [dialect.Certifier].
type Galera struct{ Dialect }

var _ dialect.Certifier = Galera{}

// Nudge implements [dialect.Certifier] with a microsecond, the least that a column
// of times can be off by.
func (Galera) Nudge(column string) (away, back string) {
	return column + " + INTERVAL 1 MICROSECOND", column + " - INTERVAL 1 MICROSECOND"
}
