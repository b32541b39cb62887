package sqlite

import "github.com/processtracker/processtracker-go/core/dialect"

// Grant implements [dialect.Upkeep]: SQLite has no users. Anyone who may write the file
// may do everything.
func (d Dialect) Grant(string, []dialect.Right) ([]string, error) { return nil, nil }
