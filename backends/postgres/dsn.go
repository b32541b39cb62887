package postgres

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
	dialects "github.com/processtracker/processtracker-go/dialects/postgres"
)

const connectTimeout = 10 * time.Second

// form is the form of a DSN.
//
//nolint:gosec // an example
const form = "write postgres://user:password@host:5432/database?schema=processtracker"

// parseDSN parses the DSN and removes the parameter schema, which pgx would send to the
// server. Its errors never contain the password.
func parseDSN(dsn string) (*pgxpool.Config, string, error) {
	if misread(dsn) {
		return nil, "", errPassword()
	}
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, "", parseError(dsn)
	}
	schema, given := config.ConnConfig.RuntimeParams["schema"]
	if given && schema == "" || strings.Count(dsn, "?schema=")+strings.Count(dsn, "&schema=") > 1 {
		return nil, "", fmt.Errorf("%w: the schema is empty or given twice; give one, or none for %s", dialect.ErrDSN, dialects.DefaultSchema)
	}
	if _, err := dialects.New(schema); err != nil {
		return nil, "", fmt.Errorf("%w: %w", dialect.ErrDSN, err)
	}
	delete(config.ConnConfig.RuntimeParams, "schema")
	pin(config.ConnConfig.RuntimeParams)
	if !strings.Contains(dsn, "pool_max_conn_lifetime=") {
		config.MaxConnLifetime, config.MaxConnLifetimeJitter = sqldb.Lifetime, sqldb.Lifetime/10
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	return config, schema, nil
}

func errPassword() error {
	return fmt.Errorf("%w: the password cannot be read; percent-encode its special characters, or %s", dialect.ErrDSN, form)
}

// misread reports whether a part of the password would be taken for a host or a
// database, and so appear in the error of a failed connection. pgx takes what stands
// before the first @ for the user and the password, unless a / comes first. A second @
// says that the first was the password's, or the /; and where a ? or # comes before the
// first, other readers of URLs end the host there.
func misread(dsn string) bool {
	_, rest, isURL := strings.Cut(dsn, "://")
	if !isURL || strings.ContainsAny(dsn[:len(dsn)-len(rest)], " =") {
		return false
	}
	if i := strings.IndexAny(rest, "@/"); i >= 0 && rest[i] == '@' {
		if strings.ContainsAny(rest[:i], "?#") {
			return true
		}
		rest = rest[i+1:]
	}
	rest, parameters, _ := strings.Cut(rest, "?")
	parameters, _, _ = strings.Cut(parameters, "=") // an @ in a parameter's value is one
	return strings.Contains(rest+parameters, "@")
}

// secrets matches the places in a DSN that may hold a password: before the last @ of a
// URL's authority, and the values of password parameters.
var secrets = regexp.MustCompile(`(?s)(://[^:/?#@]*:)(.*)(@)|((?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]*)`)

// quoted is what pgx repeats of a DSN, from the first quote to the last: there may be
// some in it. If a DSN cannot be read, it is unknown which part of it is the password.
var quoted = regexp.MustCompile("(?s)`.*`" + `|".*"`)

// parseError says what is wrong with a DSN that could not be parsed. The reason
// comes from parsing it again without its password.
func parseError(dsn string) error {
	_, err := pgxpool.ParseConfig(secrets.ReplaceAllString(dsn, "${1}${4}xxxxx${3}"))
	if err == nil {
		return errPassword()
	}
	reason := quoted.ReplaceAllString(err.Error(), "(not shown)")
	if strings.ContainsAny(reason, "`\"") { // of the one kind within the other, and so half of what is quoted
		return errPassword()
	}
	return fmt.Errorf("%w: %s; %s", dialect.ErrDSN, strings.TrimPrefix(reason, "cannot parse (not shown): "), form)
}
