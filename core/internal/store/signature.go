package store

import (
	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// What a caller writes to the registry is signed with its actor's id. The actor is
// registered first; if it is renamed or deleted before the signature is written, the id is
// 0, which the columns' foreign keys refuse: the work has settle set, and begins again. The
// history has no such key on every database: a call that writes to it looks up the id first.

// signer is the id of a joined actor, whose table has the alias a and may be missing.
const signer = "coalesce(a.id, 0)"

// actorID is [signer] as an expression.
func (q sql) actorID(name any) squirrel.Sqlizer {
	return squirrel.Expr("coalesce((?), 0)", squirrel.Select("id").From(q.d.Table(tActor)).Where(squirrel.Eq{"name": name}))
}

// actor looks up the id of an actor, which stays 0 if there is none of that name any more.
func (s *Store) actor(name string, id *int64) *dialect.Step {
	return read(s.lookup(tActor, name), func(r dialect.Row) error { return r.Scan(id) })
}
