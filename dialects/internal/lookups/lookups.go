// Package lookups has the rows of lookup tables that every installation has from the
// start. They are the same in every database, except for their spelling in SQL.
package lookups

import (
	_ "embed"
	"regexp"
	"strings"
)

// Text is an INSERT for each table, in standard SQL, with names in braces.
//
//go:embed lookups.sql
var Text string

var heading = regexp.MustCompile(`^INSERT INTO \{(\w+)\} \(([^)]*)\)`)

// Table returns the table of an INSERT of [Text], and the number of its columns.
func Table(insert string) (name string, columns int) {
	parts := heading.FindStringSubmatch(insert)
	return parts[1], strings.Count(parts[2], ",") + 1
}

// Bits writes booleans as 1 and 0, for databases without a boolean type.
func Bits(insert string) string {
	return strings.NewReplacer("TRUE", "1", "FALSE", "0").Replace(insert)
}

// Reserved is how many ids of each table are for rows of [Text].
const Reserved = 100

// Has reports whether the table is a lookup, whose first ids are reserved.
func Has(table string) bool { return strings.Contains(Text, "INSERT INTO {"+table+"} ") }
