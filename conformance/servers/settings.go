package servers

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/conformance/report"
)

// The environment variables that this package reads.
const (
	// ProvidersVar restricts the providers: a comma-separated list of dsn and container.
	ProvidersVar = "PROCESSTRACKER_SERVERS"
	// ServedVar is set by command serve. Its value is a JSON object of [Served] by
	// database name, with the origins of the servers that the variables below name, and
	// the reasons why others are missing.
	ServedVar = "PROCESSTRACKER_SERVED"
	// PostgresDSNVar names a running Postgres server. If it is set, no other server is used.
	PostgresDSNVar = "PROCESSTRACKER_TEST_POSTGRES_DSN"
	// PostgresImageVar names the image for Postgres containers; the default is the official image.
	PostgresImageVar = "PROCESSTRACKER_POSTGRES_IMAGE"
	// MySQLDSNVar, MySQLImageVar, MariaDBDSNVar and MariaDBImageVar are the same for MySQL and MariaDB. The DSNs are
	// URLs: mysql://user:password@host:3306/database.
	MySQLDSNVar     = "PROCESSTRACKER_TEST_MYSQL_DSN"
	MySQLImageVar   = "PROCESSTRACKER_MYSQL_IMAGE"
	MariaDBDSNVar   = "PROCESSTRACKER_TEST_MARIADB_DSN"
	MariaDBImageVar = "PROCESSTRACKER_MARIADB_IMAGE"
	// GaleraDSNVar names a running Galera cluster: the DSNs of its nodes, separated by
	// spaces. The image is MariaDB's.
	GaleraDSNVar = "PROCESSTRACKER_TEST_GALERA_DSN"
	// SQLServerDSNVar and SQLServerImageVar are the same for SQL Server, with DSNs of
	// the form sqlserver://user:password@host:1433. There is no default image, because
	// it has a licence that the user has to accept by setting LicenceVar, a variable of
	// the image, to Y.
	SQLServerDSNVar   = "PROCESSTRACKER_TEST_SQLSERVER_DSN"
	SQLServerImageVar = "PROCESSTRACKER_SQLSERVER_IMAGE"
	LicenceVar        = "ACCEPT_EULA"
)

// The providers' names.
const (
	dsnProvider       = "dsn"
	containerProvider = "container"
)

// Required reports whether the user demands tests of this backend, by listing it in
// [report.RequireVar]. If a required server is unavailable, a test must fail instead of
// being skipped.
func Required(backend string) bool {
	return slices.Contains(report.Required(), strings.ToLower(backend))
}

// settings reads environment variables. It is a value, so that tests with different
// settings can run in parallel.
type settings func(name string) string

func processSettings() settings { return os.Getenv }

// providers returns the providers that may be used.
func (env settings) providers() (allowed func(name string) bool, err error) {
	all := []string{dsnProvider, containerProvider}
	list := report.List(env(ProvidersVar))
	for _, name := range list {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("%s: %q is none of %s", ProvidersVar, name, strings.Join(all, ", "))
		}
	}
	if len(list) == 0 {
		list = all
	}
	return func(name string) bool { return slices.Contains(list, name) }, nil
}
