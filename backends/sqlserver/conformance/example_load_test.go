package conformance

import (
	"database/sql"
	"errors"
	"testing"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/processtracker/processtracker-go/backends/sqlserver"
	"github.com/processtracker/processtracker-go/conformance/loadexample"
)

// inSQLServer is the load's transaction.
func inSQLServer(db *sql.DB) loadexample.Transaction {
	return loadexample.SQL(db, nil, "INSERT INTO teams (id, name) VALUES (@p1, @p2)", sqlserver.Tx)
}

func TestExample(t *testing.T) {
	server := start(t)
	config, _, err := sqlserver.ParseDSN(database(t, server, false))
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(mssql.NewConnectorConfig(config))
	t.Cleanup(func() { _ = db.Close() })
	be, err := sqlserver.New(t.Context(), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	loadexample.Check(t, be, "teams", "id VARCHAR(10) PRIMARY KEY, name NVARCHAR(100) NOT NULL", inSQLServer(db), func(err error) bool {
		var e mssql.Error
		ok := errors.As(err, &e)
		return ok && e.Number == 2627
	})
}
