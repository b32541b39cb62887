package mysql

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/mysql"
)

const connectTimeout = 10 * time.Second

// form is the form of a DSN.
//
//nolint:gosec // an example
const form = "write mysql://user:password@host:3306/database?prefix=pt_"

// ParseDSN parses a DSN in the form that [Open] takes. It returns the driver's
// configuration, for opening a pool for [New], and the tables' prefix, which is empty
// if the DSN has none. Its errors, which wrap [dialect.ErrDSN], never contain the
// password.
func ParseDSN(dsn string) (*mysql.Config, string, error) {
	u, err := parseURL(dsn)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w; %s", dialect.ErrDSN, err, form)
	}
	query := u.Query()
	prefix, socket := query.Get("prefix"), query.Get("socket")
	for _, ours := range []string{"prefix", "socket", "charset", "collation", sslCA, sslCert, sslKey, sslMode} {
		query.Del(ours)
	}
	// The driver reads its parameters itself.
	config, err := mysql.ParseDSN("/?" + query.Encode())
	if err != nil {
		return nil, "", fmt.Errorf("%w: parameters: %w", dialect.ErrDSN, err)
	}
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.DBName = strings.TrimPrefix(u.Path, "/")
	config.Net, config.Addr = "tcp", address(u)
	if socket != "" {
		config.Net, config.Addr = "unix", socket
	}
	if err := secure(config, u.Query()); err != nil {
		return nil, "", fmt.Errorf("%w: %w", dialect.ErrDSN, err)
	}
	if config.DBName == "" {
		return nil, "", fmt.Errorf("%w: names no database; %s", dialect.ErrDSN, form)
	}
	if given, ok := u.Query()["prefix"]; ok && (len(given) > 1 || prefix == "") {
		return nil, "", fmt.Errorf("%w: the prefix is empty or given twice; give one, or none for %s", dialect.ErrDSN, dialects.DefaultPrefix)
	}
	if _, err := dialects.New(prefix); err != nil {
		return nil, "", fmt.Errorf("%w: %w", dialect.ErrDSN, err)
	}
	require(config)
	return config, prefix, nil
}

// parseURL parses the DSN. It hides url.Parse's errors, because they quote the text
// that they cannot parse, which may be the password.
func parseURL(dsn string) (*url.URL, error) {
	scheme, _, ok := strings.Cut(dsn, "://")
	if !ok || scheme != "mysql" && scheme != "mariadb" {
		return nil, errors.New("does not begin with mysql:// or mariadb://")
	}
	u, err := url.Parse(dsn)
	switch {
	case err != nil:
		return nil, errors.New("cannot be read (not shown, as it may hold a password); percent-encode special characters")
	case strings.Contains(u.Host, "@"), u.User == nil && strings.Contains(u.Path, "@"), strings.Contains(dsn, "#"):
		return nil, errors.New("the password cannot be read; percent-encode its special characters")
	}
	if _, err := url.ParseQuery(u.RawQuery); err != nil {
		return nil, errors.New("the parameters cannot be read; percent-encode their special characters")
	}
	return u, nil
}

func address(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if host == "" {
		host = "localhost"
	}
	if port == "" {
		port = "3306"
	}
	return net.JoinHostPort(host, port)
}

// require sets the parameters that the tracker needs.
func require(config *mysql.Config) {
	config.ParseTime = true
	config.Loc = time.UTC
	config.MultiStatements = true      // so that a batch is one round trip …
	config.InterpolateParams = true    // … also with arguments
	config.ClientFoundRows = false     // an insert that finds its row there inserts nothing
	config.Logger = &mysql.NopLogger{} // all errors are returned
	if config.Timeout == 0 {
		config.Timeout = connectTimeout
	}
	pin(config)
}

// systemDatabase reports whether a database is the server's own.
func systemDatabase(name string) bool {
	return slices.Contains([]string{"mysql", "sys", "information_schema", "performance_schema"}, strings.ToLower(name))
}
