package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Examine implements [dialect.Examiner].
func (b *Backend) Examine(ctx context.Context) []dialect.Finding {
	e := dialect.Examination{Conn: b.Conn()}
	var version, encoding, client, level, address, readOnly string
	var replica bool
	if e.Ask(ctx, "server", "SELECT current_setting('server_version'), pg_is_in_recovery(), current_setting('transaction_read_only')", &version, &replica, &readOnly) {
		switch {
		case replica:
			e.Add("server", dialect.Fail, "PostgreSQL "+version+", a replica, which accepts no changes", "name the primary in the DSN, or all servers and target_session_attrs=read-write")
		case readOnly == "on":
			e.Add("server", dialect.Fail, "PostgreSQL "+version+", read-only", "set default_transaction_read_only = off for the role or the database")
		default:
			e.Add("server", dialect.OK, "PostgreSQL "+version, "")
		}
	}
	var encrypted bool
	var protocol string
	if e.Ask(ctx, "encryption", "SELECT coalesce(s.ssl, false), coalesce(s.version, ''), coalesce(host(inet_server_addr()), '')"+
		" FROM (SELECT pg_backend_pid() AS pid) AS me LEFT JOIN pg_stat_ssl AS s ON s.pid = me.pid", &encrypted, &protocol, &address) {
		b.encryption(&e, encrypted, protocol, address)
	}
	if e.Ask(ctx, "encoding", "SELECT current_setting('server_encoding'), current_setting('client_encoding')", &encoding, &client) {
		e.Add("encoding", dialect.OK, fmt.Sprintf("%s, of the session %s", encoding, client), "")
	}
	if e.Ask(ctx, "isolation", "SELECT current_setting('default_transaction_isolation')", &level) {
		e.Add("isolation", dialect.OK, level+" by default; the tracker's own transactions are read committed", "")
	}
	b.pooler(ctx, &e)
	e.Sizes(ctx, "SELECT c.relname, pg_total_relation_size(c.oid) AS size FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"+
		" WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') ORDER BY size DESC", b.dialect.Schema())
	return e.Findings
}

// encryption judges how the connection is encrypted, as far as the server knows: to a
// pooler, it is the pooler's.
func (b *Backend) encryption(e *dialect.Examination, encrypted bool, protocol, address string) {
	switch {
	case encrypted:
		e.Add("encryption", dialect.OK, protocol, "")
	case address == "" || address == "127.0.0.1" || address == "::1":
		e.Add("encryption", dialect.OK, "none; the server is on its own machine", "")
	default:
		e.Add("encryption", dialect.Warn, "none, to "+address, "set sslmode=verify-full in the DSN, and sslrootcert")
	}
}

// pooler checks for a pooler between program and server: a pooler has its own session
// numbers.
func (b *Backend) pooler(ctx context.Context, e *dialect.Examination) {
	pool := b.owned
	if pool == nil {
		return
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		e.Add("pooler", dialect.Warn, "cannot be looked for: "+err.Error(), "try again")
		return
	}
	defer conn.Release()
	var pid uint32
	if err := conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		e.Add("pooler", dialect.Warn, "cannot be looked for: "+pooled(err).Error(), "try again")
		return
	}
	mode := conn.Conn().Config().DefaultQueryExecMode
	switch {
	case pid == conn.Conn().PgConn().PID():
		e.Add("pooler", dialect.OK, "none: the session is the server's own", "")
	case mode == pgx.QueryExecModeExec || mode == pgx.QueryExecModeSimpleProtocol:
		e.Add("pooler", dialect.OK, "there is one; statements are not prepared, so it may pool by transaction", "")
	default:
		e.Add("pooler", dialect.Warn, "there is one, and statements are prepared; this works only if it pools by session or tracks prepared statements",
			"set default_query_exec_mode=exec in the DSN")
	}
}
