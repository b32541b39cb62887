// Package views has the views, which are the same in every database: docs/views.md.
package views

import "embed"

// Files are the views' migrations, which go between those of a database's tables.
//
//go:embed migrations/*.sql
var Files embed.FS
