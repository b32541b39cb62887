// Package dialect is the seam between the tracker and a database.
//
// The tracker's operations are written once, over two small interfaces. A
// [Conn] sends statements: over pgx, over database/sql, on a pool or inside a
// transaction. A [Dialect] says how one database spells the few things that
// databases spell differently. A [Backend] ties one driver's Conn to one
// Dialect and says what the driver's errors mean.
//
// You only need this package to add a database; it has the interfaces to implement.
// Each method names the guarantee that it must give and the rule of the contract
// (docs/semantics.md) that depends on it.
package dialect
