package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// traits are the properties of a server and its connections that matter to the tracker.
type traits struct {
	several bool // the connections accept several statements at once
	galera  bool // the server is a node of a cluster that certifies
	mariadb bool
	strict  bool // Percona's cluster in strict mode, which refuses node-local features
	packet  int  // the most bytes that the server takes at once
}

// probe asks the server for its properties, and refuses a server that the tracker cannot
// work with.
func probe(ctx context.Context, pool *sql.DB) (traits, error) {
	var version, comment string
	var database *string
	var noon any
	row := pool.QueryRowContext(ctx, "SELECT VERSION(), @@version_comment, DATABASE(), CAST('2026-07-01 12:00:00.000000' AS DATETIME(6))")
	if err := row.Scan(&version, &comment, &database, &noon); err != nil {
		return traits{}, fmt.Errorf("connect: %w", err)
	}
	if err := supported(version, comment); err != nil {
		return traits{}, err
	}
	if database == nil {
		return traits{}, errors.New("the connection has no database: name one in its DSN")
	}
	if err := checkSession(ctx, pool); err != nil {
		return traits{}, err
	}
	if t, ok := noon.(time.Time); ok && !t.Equal(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)) {
		return traits{}, fmt.Errorf("the driver reads times as %s, and the tracker's are UTC: set loc=UTC in the DSN", t.Location())
	}
	has, err := variables(ctx, pool, "wsrep_on", "log_bin", "binlog_format", "max_allowed_packet", "pxc_strict_mode")
	if err != nil {
		return traits{}, err
	}
	if err := checkLog(has); err != nil {
		return traits{}, err
	}
	packet, err := packetOf(has["max_allowed_packet"])
	return traits{
		several: takesSeveral(ctx, pool), galera: has["wsrep_on"] == "ON", mariadb: isMariaDB(version), packet: packet,
		strict: has["pxc_strict_mode"] == "ENFORCING" || has["pxc_strict_mode"] == "MASTER",
	}, err
}

// checkLog refuses a server that would refuse the tracker's transactions because of its
// binary log.
func checkLog(has map[string]string) error {
	if has["log_bin"] != "ON" || has["binlog_format"] != "STATEMENT" {
		return nil
	}
	return &dialect.SettingError{
		Setting: "binlog_format", Value: has["binlog_format"],
		Why:    "the server refuses to write the tracker's transactions, which are READ COMMITTED, to its log",
		Remedy: "set it to ROW or to MIXED on the server",
	}
}

// packetOf reads how many bytes the server accepts at once, up to the driver's own
// limit. It refuses a server that accepts fewer than the tracker's statements need.
func packetOf(value string) (int, error) {
	packet, err := strconv.Atoi(value)
	if err != nil {
		return 0, fmt.Errorf("max_allowed_packet is %q: %w", value, err)
	}
	if packet < leastPacket {
		return 0, &dialect.SettingError{
			Setting: "max_allowed_packet", Value: value,
			Why:    "the tracker's own statements may have more bytes",
			Remedy: fmt.Sprintf("set it to %d or more on the server", leastPacket),
		}
	}
	return min(packet, driverPacket), nil
}

func isMariaDB(version string) bool { return strings.Contains(strings.ToLower(version), "mariadb") }

// variables asks for variables that a server may lack.
func variables(ctx context.Context, pool *sql.DB, names ...string) (map[string]string, error) {
	found := map[string]string{}
	ask := dialect.Stmt{Name: "variables", SQL: "SHOW VARIABLES WHERE Variable_name IN ('" + strings.Join(names, "', '") + "')"}
	err := sqldb.Ask(ctx, pool, ask, func(r dialect.Row) error {
		var name, value string
		err := r.Scan(&name, &value)
		found[name] = value
		return err
	})
	return found, err
}

// takesSeveral tries it, because the driver does not reveal its configuration.
func takesSeveral(ctx context.Context, pool *sql.DB) bool {
	rows, err := pool.QueryContext(ctx, "SELECT ?; SELECT ?", 1, 2)
	if err != nil {
		return false
	}
	defer func() { _ = rows.Close() }()
	return rows.NextResultSet() && rows.Err() == nil
}
