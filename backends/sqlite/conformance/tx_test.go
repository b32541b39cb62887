package conformance

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// begin begins a transaction as a program does that has the file open itself.
func begin(ctx context.Context, dsn string, level sql.IsolationLevel) (suite.Transaction, error) {
	db, err := sql.Open("sqlite", file(dsn)+"?_txlock=immediate&_pragma=busy_timeout(60000)&_pragma=foreign_keys(1)")
	if err != nil {
		return suite.Transaction{}, err
	}
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: level})
	if err != nil {
		return suite.Transaction{}, errors.Join(err, db.Close())
	}
	return suite.Transaction{
		Tx: sqlite.Tx(tx),
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

// file is the driver's name of the file that a DSN of [fresh]'s names.
func file(dsn string) string { return "file:" + dsn[len("sqlite:"):] }

var _ testing.TB
