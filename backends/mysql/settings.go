package mysql

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// A setting is a session setting with which the tracker might store or read wrong
// values.
type setting struct {
	name string
	pin  string // the value in our own sessions, as SQL; if empty, the server's
	ask  string // an expression that is 1 if it is refused; empty if every value will do
	why  string
}

// settings are the settings that matter. [Open]'s pool pins all of them. A caller's
// pool is refused for those that statements cannot be made independent of.
func settings() []setting {
	return []setting{
		{name: "autocommit", pin: "1", ask: "@@autocommit = 0", why: "an operation that only reads would leave a transaction open"},
		{
			name: "character_set_client", pin: "utf8mb4", ask: "@@character_set_client <> 'utf8mb4'",
			why: "the server would misread the tracker's UTF-8, and store wrong names",
		},
		{
			name: "character_set_connection", ask: "@@character_set_connection <> 'utf8mb4'",
			why: "the server would lose characters outside its character set",
		},
		{
			name: "character_set_results", pin: "utf8mb4", ask: "coalesce(@@character_set_results, 'utf8mb4') <> 'utf8mb4'",
			why: "names would be read back wrong",
		},
		{name: "collation_connection", pin: "utf8mb4_bin"},
		{name: "completion_type", pin: "0"},
		{name: "foreign_key_checks", pin: "1", ask: "@@foreign_key_checks = 0", why: "the database would accept rows that refer to missing rows"},
		{name: "unique_checks", pin: "1", ask: "@@unique_checks = 0", why: "a name could be stored twice"},
		{
			name: "sql_mode", pin: "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
			ask: "FIND_IN_SET('EMPTY_STRING_IS_NULL', @@sql_mode) > 0", why: "an empty text would be stored as NULL",
		},
		{name: "sql_safe_updates", pin: "0", ask: "@@sql_safe_updates = 1", why: "the server refuses statements that the tracker needs"},
		{
			name: "sql_select_limit", pin: noLimit, ask: "@@sql_select_limit < " + noLimit,
			why: "lists would be cut short without an error",
		},
		{
			name: "sql_big_selects", pin: "1", ask: "@@sql_big_selects = 0 AND @@max_join_size < " + noLimit,
			why: "the server refuses statements that it estimates to read many rows",
		},
		{name: "max_join_size", pin: noLimit}, // which is what sets sql_big_selects
		{name: "sql_auto_is_null", pin: "0", ask: "@@sql_auto_is_null = 1", why: "a search for a row without an id would find one that has just been inserted"},
		{name: "max_sort_length", pin: "1024", ask: "@@max_sort_length < 1000", why: "names would be sorted only by their beginnings, and pages of lists would overlap"},
		{
			// A server may forbid setting it, even to its current value.
			name: "timestamp", ask: "abs(unix_timestamp(sysdate()) - @@timestamp) > 60",
			why: "the clock stands still, and no lease would expire",
		},
	}
}

// noLimit is the highest number there is.
const noLimit = "18446744073709551615"

// pin makes every connection begin with the settings that the tracker needs, whatever
// the DSN, the server and init_connect say.
func pin(config *mysql.Config) {
	if config.Params == nil {
		config.Params = map[string]string{}
	}
	for given := range config.Params {
		if slices.ContainsFunc(settings(), func(s setting) bool { return s.name == variable(given) }) {
			delete(config.Params, given)
		}
	}
	for _, s := range settings() {
		if s.pin != "" {
			config.Params[s.name] = s.pin
		}
	}
}

// variable returns the variable that a parameter sets, without the scope before its
// name.
func variable(parameter string) string {
	name := strings.ToLower(strings.TrimSpace(parameter))
	for _, prefix := range []string{"@@", "session.", "local.", "session ", "local "} {
		name = strings.TrimPrefix(name, prefix)
	}
	return strings.Trim(name, "` ")
}

// asked is one query for all that is refused: for each the number of its setting, and
// the value that it has.
func asked() (query string, refused []setting) {
	var columns []string
	for _, s := range settings() {
		if s.ask != "" {
			refused = append(refused, s)
			columns = append(columns, fmt.Sprintf("CASE WHEN %s THEN CAST(@@%s AS CHAR) END", s.ask, s.name))
		}
	}
	return "SELECT " + strings.Join(columns, ", "), refused
}

// checkSession asks a connection how it is set.
func checkSession(ctx context.Context, q sqldb.Querier) error {
	query, refused := asked()
	values, dest := make([]*string, len(refused)), make([]any, len(refused))
	for i := range values {
		dest[i] = &values[i]
	}
	err := sqldb.Ask(ctx, q, dialect.Stmt{Name: "settings", SQL: query}, func(r dialect.Row) error { return r.Scan(dest...) })
	if err != nil {
		return err
	}
	for i, s := range refused {
		if values[i] != nil {
			return s.refuse(*values[i])
		}
	}
	return nil
}

func (s setting) refuse(value string) error {
	remedy := fmt.Sprintf("set %s=%s in the pool's DSN", s.name, s.pin)
	switch s.name {
	case "character_set_client", "character_set_connection", "character_set_results":
		remedy = "set charset=utf8mb4 in the pool's DSN"
	case "sql_mode":
		remedy = "set a sql_mode without it in the pool's DSN"
	case "timestamp":
		remedy = "do not set it in the pool's sessions"
	}
	return &dialect.SettingError{Setting: s.name, Value: value, Why: s.why, Remedy: remedy}
}

// Check implements [dialect.Backend].
func (b *Backend) Check(ctx context.Context) error {
	if b == nil || b.pool == nil {
		return unopened()
	}
	return checkSession(ctx, b.pool)
}
