package sqlserver

import (
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// SetupLock implements [dialect.Upkeep]: a transaction lock whose name is derived from the
// schema's. In most databases the case of the schema's name does not count. The procedure
// reports a failure only by its return value.
func (d Dialect) SetupLock() (lock, unlock dialect.Stmt) {
	return dialect.Stmt{
		Name: "setup.lock",
		SQL: "BEGIN DECLARE @got BIGINT; " +
			"EXEC @got = sp_getapplock @Resource = @p1, @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = -1; " +
			"IF @got < 0 THROW 50000, N'sp_getapplock could not lock the setup: its result says why', 1; END",
		Args: []any{"processtracker setup " + strings.ToUpper(d.schema)},
	}, unlock
}
