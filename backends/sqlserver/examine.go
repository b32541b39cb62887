package sqlserver

import (
	"context"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Examine implements [dialect.Examiner].
func (b *Backend) Examine(ctx context.Context) []dialect.Finding {
	e := dialect.Examination{Conn: b.Conn()}
	var version, updateability string
	if e.Ask(ctx, "server", "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)), CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS nvarchar(128))", &version, &updateability) {
		if updateability == "READ_ONLY" {
			e.Add("server", dialect.Fail, "SQL Server "+version+"; the database is read-only", "name the primary in the DSN")
		} else {
			e.Add("server", dialect.OK, "SQL Server "+version, "")
		}
	}
	var encrypted string
	if e.Ask(ctx, "encryption", "SELECT encrypt_option FROM sys.dm_exec_connections WHERE session_id = @@SPID", &encrypted) {
		if encrypted == "TRUE" {
			e.Add("encryption", dialect.OK, "TLS", "")
		} else {
			e.Add("encryption", dialect.Warn, "none", "set encrypt=true in the DSN")
		}
	}
	var versions bool
	if e.Ask(ctx, "isolation", "SELECT is_read_committed_snapshot_on FROM sys.databases WHERE database_id = DB_ID()", &versions) {
		if versions {
			e.Add("isolation", dialect.OK, "read committed, by row versions", "")
		} else {
			e.Add("isolation", dialect.Warn, "read committed, by locks: readers wait for writers", "run: ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON")
		}
	}
	e.Sizes(ctx, "SELECT t.name, SUM(s.reserved_page_count) * 8192 AS bytes FROM sys.dm_db_partition_stats AS s JOIN sys.tables AS t ON t.object_id = s.object_id"+
		" JOIN sys.schemas AS n ON n.schema_id = t.schema_id WHERE n.name = @p1 GROUP BY t.name ORDER BY bytes DESC", b.dialect.Schema())
	return e.Findings
}
