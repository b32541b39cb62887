package conformance

import (
	"database/sql"
	"errors"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/loadexample"
	"github.com/processtracker/processtracker-go/conformance/servers"
)

// inMySQL is the load's transaction, at a level that locks less than the default.
func inMySQL(db *sql.DB) loadexample.Transaction {
	return loadexample.SQL(db, &sql.TxOptions{Isolation: sql.LevelReadCommitted}, "INSERT INTO teams (id, name) VALUES (?, ?)", mysql.Tx)
}

func TestExample(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		config, _, err := mysql.ParseDSN(databases(server, "")(t))
		must(t, err)
		db, err := sql.Open("mysql", config.FormatDSN())
		must(t, err)
		t.Cleanup(func() { _ = db.Close() })
		be, err := mysql.New(t.Context(), db, nil)
		must(t, err)
		loadexample.Check(t, be, "teams", "id VARCHAR(10) PRIMARY KEY, name VARCHAR(100) NOT NULL", inMySQL(db), func(err error) bool {
			var e *driver.MySQLError
			ok := errors.As(err, &e)
			return ok && e.Number == 1062
		})
	})
}
