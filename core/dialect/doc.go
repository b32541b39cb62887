// Package dialect is the seam between the tracker and a database.
//
// The tracker's operations are written once, over two small interfaces. A
// [Conn] sends statements: over pgx, over database/sql, on a pool or inside a
// transaction. A [Dialect] says how one database spells the few things that
// databases spell differently. A [Backend] ties one driver's Conn to one
// Dialect and says what the driver's errors mean.
//
// Who only uses the tracker never needs this package; who adds a database
// implements it. Each method names the guarantee that it must give and the rule
// of the contract (docs/semantics.md) that rests on it.
package dialect
