package conformance

import (
	"context"
	"database/sql"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/processtracker/processtracker-go/backends/sqlserver"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// begin begins a transaction on a pool as a program has it that knows nothing of
// the tracker.
func begin(ctx context.Context, dsn string, level sql.IsolationLevel) (suite.Transaction, error) {
	config, _, err := sqlserver.ParseDSN(dsn)
	if err != nil {
		return suite.Transaction{}, err
	}
	db := sql.OpenDB(mssql.NewConnectorConfig(config))
	return suite.BeginSQL(ctx, db, level, sqlserver.Tx)
}
