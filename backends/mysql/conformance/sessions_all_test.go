package conformance

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

type value struct{ name, value string }

// left are variables that no session of this test gets, by what their names begin
// with.
func left() []string {
	return []string{
		"autocommit", "foreign_key_checks", "unique_checks", "sql_safe_updates", "sql_select_limit", "sql_big_selects", "max_join_size",
		"sql_auto_is_null", "max_sort_length", "timestamp", "sql_mode", "completion_type", "character_set_", "collation_connection", // of TestSessions
		"insert_id", "last_insert_id", "identity", "rand_seed", "pseudo_", "gtid_", "original_", "immediate_", "server_id", "skip_replication", "require_row_format", // of one statement, or of a replica
		"transaction_read_only", "tx_read_only", // refused, see below
		"net_", "wait_timeout", "interactive_timeout", "max_session_mem_used", "query_prealloc", "query_alloc", "range_alloc", "transaction_alloc", "transaction_prealloc", // limits that end a session, or fill the memory
		"tmp_disk_table_size", "tmp_table_size", "sort_buffer_size", // limits that are errors which say so
		"wsrep_", "debug", "profiling", "sql_log_off", "general_log", "log_", "long_query_time", "slow_query", "min_examined_row_limit", // what is logged
		"resultset_metadata", // needs a client that knows of it
	}
}

// TestAllSessions goes through a process's life with every variable that a session
// may have, from the server's own list, at the values furthest from the default: a
// dozen of them at a time (rule S8.6).
func TestAllSessions(t *testing.T) {
	suite.UnlessShort(t, "mysql and mariadb: every setting of a session")
	each(t, func(t *testing.T, server *servers.Server) {
		suite.OnlyInTurn(t, "every setting of a session", server.Backend, 2)
		readOnly := map[string]string{"mysql": "transaction_read_only", "mariadb": "tx_read_only"}[server.Backend]
		sessions := []suite.Session{{Name: readOnly, Error: tracker.ErrReadOnly, Open: inSession(value{readOnly, "1"})}}
		for part := range slices.Chunk(furthest(t, server), 12) {
			names := make([]string, len(part))
			for i, v := range part {
				names[i] = v.name + "=" + v.value
			}
			sessions = append(sessions, suite.Session{Name: strings.Join(names, " "), Open: inSession(part...)})
		}
		suite.Sessions(t, underTest(server), "all settings", sessions)
	})
}

func inSession(values ...value) func(context.Context, string) (dialect.Backend, error) {
	settings := map[string]string{}
	for _, v := range values {
		settings[v.name] = v.value
	}
	return func(ctx context.Context, dsn string) (dialect.Backend, error) {
		return onPool(ctx, dsn, func(c *driver.Config) { set(c, settings) })
	}
}

// lists are each server's own list of its variables: name, value, lowest and highest
// number, and the choices that there are.
func lists() map[string]string {
	return map[string]string{
		"mysql": `SELECT s.variable_name, s.variable_value, coalesce(i.min_value, ''), coalesce(i.max_value, ''), ''
			FROM performance_schema.session_variables AS s JOIN performance_schema.variables_info AS i ON i.variable_name = s.variable_name
			ORDER BY s.variable_name`,
		"mariadb": `SELECT lower(variable_name), coalesce(session_value, ''), coalesce(numeric_min_value, ''), coalesce(numeric_max_value, ''), coalesce(enum_value_list, '')
			FROM information_schema.system_variables WHERE variable_scope IN ('SESSION', 'SESSION ONLY') AND read_only = 'NO' ORDER BY 1`,
	}
}

var number = regexp.MustCompile(`^-?\d+$`)

// furthest lists the variables with each value of a choice and the ends of each
// range, in an order in which one variable's values are far apart.
func furthest(t *testing.T, server *servers.Server) []value {
	t.Helper()
	config, _, err := mysql.ParseDSN(server.DSN)
	must(t, err)
	connector, err := driver.NewConnector(config)
	must(t, err)
	pool := sql.OpenDB(connector)
	defer func() { _ = pool.Close() }()
	rows, err := pool.QueryContext(t.Context(), lists()[server.Backend])
	must(t, err)
	defer func() { _ = rows.Close() }()
	var byPlace [][]value
	for rows.Next() {
		var name, now, lowest, highest, choices string
		must(t, rows.Scan(&name, &now, &lowest, &highest, &choices))
		var values []string
		switch {
		case now == "ON" || now == "OFF":
			values = []string{map[string]string{"ON": "0", "OFF": "1"}[now]}
		case number.MatchString(now) && lowest != highest:
			values = []string{lowest, highest}
		case choices != "" && !strings.Contains(now, ","):
			for choice := range strings.SplitSeq(choices, ",") {
				values = append(values, "'"+choice+"'")
			}
		}
		for i, v := range values {
			if len(byPlace) <= i {
				byPlace = append(byPlace, nil)
			}
			byPlace[i] = append(byPlace[i], value{name, v})
		}
	}
	must(t, rows.Err())
	return slices.DeleteFunc(slices.Concat(byPlace...), func(v value) bool {
		return slices.ContainsFunc(left(), func(prefix string) bool { return strings.HasPrefix(v.name, prefix) }) || !accepted(t, pool, v)
	})
}

// accepted reports whether a session may set the variable to the value.
func accepted(t *testing.T, pool *sql.DB, v value) bool {
	t.Helper()
	conn, err := pool.Conn(t.Context())
	must(t, err)
	defer func() {
		_ = conn.Raw(func(any) error { return sqldriver.ErrBadConn }) // it is set oddly now
		_ = conn.Close()
	}()
	_, err = conn.ExecContext(t.Context(), fmt.Sprintf("SET SESSION %s = %s", v.name, v.value))
	return err == nil
}
