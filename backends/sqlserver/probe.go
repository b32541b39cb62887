package sqlserver

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// The tracker's minimum: the functions for JSON came with this compatibility level of a
// database, the collations for UTF-8 with this year's server.
const (
	oldestYear  = 2019
	oldestLevel = 130

	needs = "SQL Server 2019 or later, Azure SQL Database or Azure SQL Managed Instance"
)

// found is what a server says that it is.
type found struct {
	version, database string
	level             *int // the database's compatibility level; nil if this user may not see it
	edition           *int // EngineEdition
	versions          *int // 1 if readers see versions of rows; nil if this user may not see it
}

// probing asks for the database by its name: on Azure SQL Database, the numbers that
// DB_ID and sys.databases have for it may differ.
const probing = "SELECT @@VERSION, DB_NAME()," +
	" (SELECT CAST(d.is_read_committed_snapshot_on AS INT) FROM sys.databases AS d WHERE d.name = DB_NAME())," +
	" (SELECT d.compatibility_level FROM sys.databases AS d WHERE d.name = DB_NAME())," +
	" CAST(SERVERPROPERTY('EngineEdition') AS INT), CAST('2026-07-01T12:00:00' AS DATETIME2(6))"

// probe asks the server for its properties, and refuses a server that the tracker cannot
// work with.
func probe(ctx context.Context, pool *sql.DB) (f found, err error) {
	var noon time.Time
	row := pool.QueryRowContext(ctx, probing)
	if err := row.Scan(&f.version, &f.database, &f.versions, &f.level, &f.edition, &noon); err != nil {
		return f, fmt.Errorf("connect: %w", sqldb.Ended(ctx, err))
	}
	if !noon.Equal(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)) {
		return f, fmt.Errorf("the driver reads times as %s, and the tracker's are UTC: leave timezone out of the DSN", noon.Location())
	}
	return f, f.supported()
}

var product = regexp.MustCompile(`^Microsoft SQL Server (\d{4})`)

// others are the values of EngineEdition of products that speak T-SQL but do not enforce
// keys.
func others() map[int]string {
	return map[int]string{6: "Azure Synapse Analytics", 11: "Azure Synapse serverless or a Microsoft Fabric warehouse"}
}

// supported refuses a server that is too old, a database with an old compatibility level,
// and products that are not SQL Server. A server without a year in its name, such as
// Azure's, is as new as its database's level says.
func (f found) supported() error {
	if f.edition != nil && others()[*f.edition] != "" {
		return &dialect.ServerError{Server: others()[*f.edition], Why: "enforces neither unique nor foreign keys", Needs: needs}
	}
	if strings.HasPrefix(f.version, "Babelfish") {
		return &dialect.ServerError{
			Server: "Babelfish for PostgreSQL", Why: "ignores the hints by which the tracker locks, and alters texts that travel as JSON",
			Needs: needs + ", or the PostgreSQL port of this server, by a DSN that begins with postgres://",
		}
	}
	if m := product.FindStringSubmatch(f.version); m != nil {
		if year, err := strconv.Atoi(m[1]); err == nil && year < oldestYear {
			return &dialect.ServerError{Server: m[0], Why: "is too old", Needs: needs}
		}
	}
	if f.level != nil && *f.level < oldestLevel {
		return &dialect.SettingError{
			Setting: "compatibility_level", Value: strconv.Itoa(*f.level),
			Why:    "database " + f.database + " lacks the JSON functions that the tracker needs",
			Remedy: fmt.Sprintf("have the DBA run: ALTER DATABASE [%s] SET COMPATIBILITY_LEVEL = %d (or higher)", strings.ReplaceAll(f.database, "]", "]]"), oldestLevel),
		}
	}
	return nil
}
