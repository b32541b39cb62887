package sqlserver

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlserver"
)

const connectTimeout = 10 * time.Second

// form is the form of a DSN.
const form = "write sqlserver://user:password@host:1433?database=warehouse&schema=processtracker"

// ParseDSN parses a DSN in the form that [Open] takes. It returns the driver's
// configuration, for opening a pool for [New], and the tables' schema, which is empty
// if the DSN has none. Its errors, which wrap [dialect.ErrDSN], never contain the
// password.
func ParseDSN(dsn string) (msdsn.Config, string, error) {
	u, err := parseURL(dsn)
	if err != nil {
		return msdsn.Config{}, "", fmt.Errorf("%w: %w; %s", dialect.ErrDSN, err, form)
	}
	query := u.Query()
	given, patient := query["schema"], query.Has(msdsn.DialTimeout)
	schema := query.Get("schema")
	query.Del("schema")
	query.Del("timezone") // the tracker's times are UTC
	if err := readable(query); err != nil {
		return msdsn.Config{}, "", fmt.Errorf("%w: %w", dialect.ErrDSN, err)
	}
	encrypt(query)
	if !query.Has(msdsn.AppName) {
		query.Set(msdsn.AppName, "ProcessTracker")
	}
	u.RawQuery = query.Encode()
	// The driver reads its parameters itself.
	config, err := msdsn.Parse(u.String())
	switch {
	case err != nil:
		return msdsn.Config{}, "", fmt.Errorf("%w: parameters: %w", dialect.ErrDSN, err)
	case config.Database == "":
		return msdsn.Config{}, "", fmt.Errorf("%w: names no database; %s", dialect.ErrDSN, form)
	case len(given) > 1 || len(given) == 1 && schema == "":
		return msdsn.Config{}, "", fmt.Errorf("%w: the schema is empty or given twice; give one, or none for %s", dialect.ErrDSN, dialects.DefaultSchema)
	case !patient || config.DialTimeout <= 0:
		config.DialTimeout = connectTimeout
	}
	if _, err := dialects.New(schema); err != nil {
		return msdsn.Config{}, "", fmt.Errorf("%w: %w", dialect.ErrDSN, err)
	}
	return config, schema, nil
}

// fedauth is the driver's parameter for Microsoft Entra ID. byToken is its value that
// needs no Azure library: the password is an access token.
const (
	fedauth = "fedauth"
	byToken = "ActiveDirectoryServicePrincipalAccessToken"
)

// readable refuses values that the driver would ignore without an Azure library: it
// would log in with the user and the password.
func readable(query url.Values) error {
	for name, values := range query {
		if strings.EqualFold(name, fedauth) && !strings.EqualFold(values[0], byToken) {
			return fmt.Errorf("fedauth is %q, which needs a library of Azure's that is not built in: write fedauth=%s, with an access token as the password "+
				"(give Open a Password in its options, or the command-line tool --password-command 'az account get-access-token "+
				"--resource https://database.windows.net --query accessToken --output tsv')", values[0], byToken)
		}
	}
	return nil
}

// encrypt makes connections encrypted, and the server's certificate checked, unless the
// DSN says otherwise. The driver's default encrypts only the login, and accepts any
// certificate.
func encrypt(query url.Values) {
	if !slices.ContainsFunc(slices.Collect(maps.Keys(query)), func(name string) bool { return strings.EqualFold(name, msdsn.Encrypt) }) {
		query.Set(msdsn.Encrypt, "true")
	}
}

// parseURL parses the DSN. It hides url.Parse's errors, because they quote the text
// that they cannot parse, which may be the password.
func parseURL(dsn string) (*url.URL, error) {
	if !strings.HasPrefix(dsn, "sqlserver://") {
		return nil, errors.New("does not begin with sqlserver://")
	}
	u, err := url.Parse(dsn)
	switch {
	case err != nil:
		return nil, errors.New("cannot be read (not shown, as it may hold a password); percent-encode special characters")
	case strings.Contains(u.Host, "@") || strings.Contains(u.Path, "@"), strings.Contains(dsn, "#"),
		u.User == nil && strings.Contains(u.RawQuery, "@"):
		return nil, errors.New("the password cannot be read; percent-encode its special characters")
	case u.Hostname() == "":
		return nil, errors.New("names no host")
	}
	if _, err := url.ParseQuery(u.RawQuery); err != nil {
		return nil, errors.New("the parameters cannot be read; percent-encode their special characters")
	}
	return u, nil
}

// systemDatabase reports whether a database is the server's own.
func systemDatabase(name string) bool {
	return slices.Contains([]string{"master", "model", "msdb", "tempdb"}, strings.ToLower(name))
}
