package backends

import (
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/mysql"
	"github.com/processtracker/processtracker-go/dialects/postgres"
	"github.com/processtracker/processtracker-go/dialects/sqlite"
	"github.com/processtracker/processtracker-go/dialects/sqlserver"
)

// SchemaVersions returns, for each backend, the schema version that the tool creates
// and works with.
func SchemaVersions() (map[string]int, error) {
	versions := make(map[string]int)
	for name, open := range map[string]func() (dialect.Dialect, error){
		"mysql":     func() (dialect.Dialect, error) { return mysql.New("") },
		"postgres":  func() (dialect.Dialect, error) { return postgres.New("processtracker") },
		"sqlite":    func() (dialect.Dialect, error) { return sqlite.New("") },
		"sqlserver": func() (dialect.Dialect, error) { return sqlserver.New("processtracker") },
	} {
		d, err := open()
		if err != nil {
			return nil, err
		}
		versions[name] = len(d.Migrations())
	}
	return versions, nil
}
