package conformance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// alone are settings that do not go with others in one session: because they are
// refused, or because texts are not to be guessed.
func alone() []setting {
	return []setting{
		{"default_transaction_read_only", "on"}, {"session_replication_role", "replica"}, {"session_replication_role", "local"},
		{"search_path", `""`}, {"search_path", "pg_temp, public, pg_catalog"}, {"timezone", "Asia/Kolkata"}, {"timezone", "<odd>-5:45"},
		{"timezone_abbreviations", "India"}, {"lc_messages", "C"}, {"lc_numeric", "C"}, {"lc_time", "C"},
		{"default_tablespace", "pg_default"}, {"restrict_nonsystem_relation_kind", "view, foreign-table"},
		{"quote_all_identifiers", "on"}, {"standard_conforming_strings", "off"},
	}
}

type setting struct{ name, value string }

// left are settings that no session of this test gets, by what their names begin with.
func left() []string {
	return []string{
		"log_", "debug_print_", "debug_pretty_print", "trace_", "backtrace_functions", // change what is logged
		"post_auth_delay", "wal_consistency_checking", "ignore_system_indexes", "jit", // slow the server down, or fill its disk
		"transaction_", "role", "session_authorization", // are no defaults
	}
}

// TestAllSessions goes through a process's life with every setting that a session may
// have, from the server's own list, at the values furthest from the default: a dozen
// of them at a time (rule S8.6).
func TestAllSessions(t *testing.T) {
	suite.UnlessShort(t, "postgres: every setting of a session")
	suite.OnlyInTurn(t, "every setting of a session", "postgres", 2)
	server := start(t)
	sessions := []suite.Session{{Name: "of a read-only role", Error: tracker.ErrReadOnly, Open: inSession(alone()[0])}}
	for i, s := range alone()[1:] {
		session := suite.Session{Name: s.name + "=" + s.value, Open: inSession(s)}
		if i == 0 {
			session.Refused = s.name
		}
		if accepted(t, server.DSN, s) {
			sessions = append(sessions, session)
		}
	}
	for part := range slices.Chunk(furthest(t, server.DSN), 12) {
		names := make([]string, len(part))
		for i, s := range part {
			names[i] = s.name + "=" + s.value
		}
		// Compiled, each of the statements that seem costly now would take seconds.
		sessions = append(sessions, suite.Session{Name: strings.Join(names, " "), Open: inSession(append(part, setting{"jit", "off"})...)})
	}
	suite.Sessions(t, underTest(server), "all settings", sessions)
}

func inSession(settings ...setting) func(context.Context, string) (dialect.Backend, error) {
	all := map[string]string{}
	for _, s := range settings {
		all[s.name] = s.value
	}
	return func(ctx context.Context, dsn string) (dialect.Backend, error) {
		return setPool(ctx, dsn, pgx.QueryExecModeCacheStatement, all)
	}
}

// furthest lists the settings that a session may have with each value of a choice
// and the ends of each range, in an order in which one setting's values are far apart.
func furthest(t *testing.T, dsn string) []setting {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	must(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	rows, err := conn.Query(t.Context(), `SELECT name, vartype, setting, coalesce(min_val, ''), coalesce(max_val, ''), coalesce(enumvals, '{}')
		FROM pg_settings WHERE context IN ('user', 'superuser', 'backend', 'superuser-backend') AND vartype <> 'string' ORDER BY name`)
	must(t, err)
	var byPlace [][]setting
	var name, kind, value, lowest, highest string
	var values []string
	_, err = pgx.ForEachRow(rows, []any{&name, &kind, &value, &lowest, &highest, &values}, func() error {
		switch kind {
		case "bool":
			values = []string{map[string]string{"on": "off", "off": "on"}[value]}
		case "integer", "real":
			values = []string{lowest, highest}
		}
		for i, v := range values {
			if len(byPlace) <= i {
				byPlace = append(byPlace, nil)
			}
			byPlace[i] = append(byPlace[i], setting{name, v})
		}
		return nil
	})
	must(t, err)
	return slices.DeleteFunc(slices.Concat(byPlace...), func(s setting) bool {
		return slices.ContainsFunc(left(), func(prefix string) bool { return strings.HasPrefix(s.name, prefix) }) ||
			slices.ContainsFunc(alone(), func(a setting) bool { return a.name == s.name }) || !accepted(t, dsn, s)
	})
}

// accepted reports whether the server takes a value in a session: some depend on its
// build and its machine.
func accepted(t *testing.T, dsn string, s setting) bool {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	must(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	_, err = conn.Exec(t.Context(), fmt.Sprintf("SELECT set_config('%s', '%s', false)", s.name, s.value))
	if err != nil {
		t.Logf("left out: %s = %s: %v", s.name, s.value, err)
	}
	return err == nil
}
