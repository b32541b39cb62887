package conformance

import (
	"context"
	"database/sql"
	"errors"

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
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: level})
	if err != nil {
		return suite.Transaction{}, errors.Join(err, db.Close())
	}
	return suite.Transaction{
		Tx: sqlserver.Tx(tx),
		Exec: func(ctx context.Context, query string, args ...any) error {
			_, err := tx.ExecContext(ctx, query, args...)
			return err
		},
		End: func(_ context.Context, commit bool) error {
			end := tx.Rollback
			if commit {
				end = tx.Commit
			}
			return errors.Join(end(), db.Close())
		},
	}, nil
}
