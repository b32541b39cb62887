package postgres

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const connectTimeout = 10 * time.Second

// parseDSN reads the DSN and takes the parameter schema out of it, which pgx
// would send to the server. Its errors never contain the password.
func parseDSN(dsn string) (*pgxpool.Config, string, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, "", parseError(dsn)
	}
	schema := config.ConnConfig.RuntimeParams["schema"]
	delete(config.ConnConfig.RuntimeParams, "schema")
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	return config, schema, nil
}

// secrets are the places of a DSN that may hold a password: before the last @ of
// a URL's authority, and the values of password parameters.
var secrets = regexp.MustCompile(`(://[^:/?#@]*:)(.*)(@)|((?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]*)`)

// parseError says what is wrong with a DSN that could not be parsed. The reason
// comes from parsing it again without its password, so that it cannot be in it.
func parseError(dsn string) error {
	const form = "write postgres://user:password@host:5432/database?schema=processtracker"
	redacted := secrets.ReplaceAllString(dsn, "${1}${4}xxxxx${3}")
	_, err := pgxpool.ParseConfig(redacted)
	if err == nil {
		return errors.New("DSN: the password cannot be read; percent-encode its special characters, or " + form)
	}
	reason := errors.Unwrap(err)
	if reason == nil {
		reason = err
	}
	var u *url.Error
	if errors.As(reason, &u) {
		reason = u.Err
	}
	return fmt.Errorf("DSN: %s; %s", strings.TrimSpace(reason.Error()), form)
}
