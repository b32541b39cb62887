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
	var collation string
	if e.Ask(ctx, "encoding", "SELECT CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(128))", &collation) {
		e.Add("encoding", dialect.OK, "UTF-16; the database's collation is "+collation+" (the tracker's tables have their own)", "")
	}
	var versions bool
	// By name, because on Azure SQL Database DB_ID may return another number than sys.databases has.
	if e.Ask(ctx, "isolation", "SELECT d.is_read_committed_snapshot_on FROM sys.databases AS d WHERE d.name = DB_NAME()", &versions) {
		if versions {
			e.Add("isolation", dialect.OK, "read committed, by row versions", "")
		} else {
			e.Add("isolation", dialect.Warn, "read committed, by locks: readers wait for writers", "have the DBA run: ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE (it ends open transactions), and restart programs")
		}
	}
	e.Sizes(ctx, "SELECT t.name, SUM(s.reserved_page_count) * 8192 AS bytes FROM sys.dm_db_partition_stats AS s JOIN sys.tables AS t ON t.object_id = s.object_id"+
		" JOIN sys.schemas AS n ON n.schema_id = t.schema_id WHERE n.name = @p1 GROUP BY t.name ORDER BY bytes DESC", b.dialect.Schema())
	return e.Findings
}
