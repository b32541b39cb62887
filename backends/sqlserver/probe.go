package sqlserver

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/sqldb"
)

// What the tracker needs: the functions for JSON came with this compatibility level
// of a database, the collations for UTF-8 with this year's server.
const (
	oldestYear  = 2019
	oldestLevel = 130
)

// probe asks the server what it is and refuses what the tracker cannot work with.
func probe(ctx context.Context, pool *sql.DB) error {
	var version, database string
	var level int
	var noon time.Time
	row := pool.QueryRowContext(ctx, "SELECT @@VERSION, d.name, d.compatibility_level, CAST('2026-07-01T12:00:00' AS DATETIME2(6))"+
		" FROM sys.databases AS d WHERE d.database_id = DB_ID()")
	if err := row.Scan(&version, &database, &level, &noon); err != nil {
		return fmt.Errorf("connect: %w", sqldb.Ended(ctx, err))
	}
	if !noon.Equal(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)) {
		return fmt.Errorf("the driver reads times as %s, and the tracker's are UTC: leave timezone out of the DSN", noon.Location())
	}
	return supported(version, database, level)
}

var product = regexp.MustCompile(`^Microsoft SQL Server (\d{4})`)

// supported refuses a server that is too old, and a database that is kept so. What
// is not called SQL Server by its year, such as Azure's, is taken as it is.
func supported(version, database string, level int) error {
	m := product.FindStringSubmatch(version)
	if m == nil {
		return nil
	}
	if year, err := strconv.Atoi(m[1]); err == nil && year < oldestYear {
		return fmt.Errorf("%s is too old: the tracker needs SQL Server %d or later", m[0], oldestYear)
	}
	if level < oldestLevel {
		return fmt.Errorf("database %s has compatibility level %d: the tracker needs %d or higher", database, level, oldestLevel)
	}
	return nil
}
