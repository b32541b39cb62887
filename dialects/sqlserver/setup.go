package sqlserver

import (
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// SetupLock implements [dialect.Upkeep]: a lock of the transaction's, whose name is made of
// the schema's. In most databases the case of that does not count. What the procedure
// could not lock it only says by its result.
func (d Dialect) SetupLock() (lock, unlock dialect.Stmt) {
	return dialect.Stmt{
		Name: "setup.lock",
		SQL: "BEGIN DECLARE @got BIGINT; " +
			"EXEC @got = sp_getapplock @Resource = @p1, @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = -1; " +
			"IF @got < 0 THROW 50000, N'sp_getapplock could not lock the setup: its result says why', 1; END",
		Args: []any{"processtracker setup " + strings.ToUpper(d.schema)},
	}, unlock
}
