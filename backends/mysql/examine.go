package mysql

import (
	"context"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// smallPacket is the packet size from which one statement can carry thousands of rows.
const smallPacket = 4 << 20

// Examine implements [dialect.Examiner].
func (b *Backend) Examine(ctx context.Context) []dialect.Finding {
	e := dialect.Examination{Conn: b.Conn()}
	var version, comment, name, value, here string
	var readOnly int64
	if e.Ask(ctx, "server", "SELECT version(), @@version_comment, @@read_only", &version, &comment, &readOnly) {
		if readOnly != 0 {
			e.Add("server", dialect.Fail, version+" ("+comment+"), read-only: a replica, perhaps", "name a server that accepts changes in the DSN, or run: SET GLOBAL read_only = OFF")
		} else {
			e.Add("server", dialect.OK, version+" ("+comment+")", "")
		}
	}
	if e.Ask(ctx, "encryption", "SHOW SESSION STATUS LIKE 'Ssl_version'", &name, &value) && e.Ask(ctx, "encryption", "SELECT substring_index(user(), '@', -1)", &here) {
		switch {
		case value != "":
			e.Add("encryption", dialect.OK, value, "")
		case here == "localhost" || here == "127.0.0.1" || here == "::1":
			e.Add("encryption", dialect.OK, "none; the server is on this machine", "")
		default:
			e.Add("encryption", dialect.Warn, "none", "set tls=true in the DSN")
		}
	}
	var client, schema string
	if e.Ask(ctx, "encoding", "SELECT @@character_set_client, @@character_set_database", &client, &schema) {
		e.Add("encoding", dialect.OK, client+", of the database "+schema+" (the tracker's tables have their own)", "")
	}
	if e.Ask(ctx, "isolation", "SHOW VARIABLES WHERE Variable_name IN ('transaction_isolation', 'tx_isolation')", &name, &value) {
		e.Add("isolation", dialect.OK, strings.ToLower(value)+" by default; the tracker's own transactions are read committed", "")
	}
	var packet int64
	if e.Ask(ctx, "packet", "SELECT @@max_allowed_packet", &packet) {
		if packet < smallPacket {
			e.Add("packet", dialect.Warn, "max_allowed_packet is "+dialect.Bytes(packet)+": long lists are divided among many statements", "run: SET GLOBAL max_allowed_packet = 67108864, and put it in the server's file")
		} else {
			e.Add("packet", dialect.OK, "max_allowed_packet is "+dialect.Bytes(packet), "")
		}
	}
	prefix := strings.ReplaceAll(strings.Trim(b.dialect.Table(""), "`"), "``", "`")
	e.Sizes(ctx, "SELECT table_name, CAST(coalesce(data_length + index_length, 0) AS SIGNED) AS bytes FROM information_schema.tables"+
		" WHERE table_schema = database() AND table_type = 'BASE TABLE' AND left(table_name, char_length(?)) = ? ORDER BY bytes DESC", prefix, prefix)
	return e.Findings
}
