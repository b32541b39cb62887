package conformance

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// bouncers go through the suite by a PgBouncer in transaction mode, where one
// transaction may run on another connection of the server's than the next, and with
// few of those. Modes in which pgx asks first how to send a statement are not made for
// that.
func bouncers() (all []suite.Variant) {
	modes := map[string]pgx.QueryExecMode{"exec": pgx.QueryExecModeExec, "simple_protocol": pgx.QueryExecModeSimpleProtocol}
	for _, name := range slices.Sorted(maps.Keys(modes)) {
		all = append(all, suite.Variant{Name: "PgBouncer, pool in mode " + name, Run: func(t *testing.T) {
			program, err := exec.LookPath("pgbouncer")
			if err != nil {
				suite.Skip(t, "pgbouncer", fmt.Errorf("%w; install Debian's package pgbouncer", err))
			}
			server := start(t)
			address := bouncer(t, server, program)
			open, begin := openIn(modes[name]), beginIn(modes[name])
			bounced := underTest(server)
			// A connection serves another client as soon as its transaction has ended: ending the session would hit that
			// client. PgBouncer itself ends the transactions of clients that have gone.
			bounced.Reuse.Sessions += " AND state <> 'idle'"
			bounced.Reuse.End = func(int64) string { return "SELECT pg_sleep(0.002)" }
			onCallers(t, bounced, ", PgBouncer, pool in mode "+name,
				func(ctx context.Context, dsn string) (dialect.Backend, error) { return open(ctx, by(t, dsn, address)) },
				func(ctx context.Context, dsn string, level sql.IsolationLevel) (suite.Transaction, error) {
					return beginAgain(func() (suite.Transaction, error) { return begin(ctx, by(t, dsn, address), level) })
				})
		}})
	}
	return all
}

// beginAgain tries again what PgBouncer has closed before anything was sent: until 1.25,
// passing on one client's cancel request may end another one's connection.
func beginAgain(begin func() (suite.Transaction, error)) (tx suite.Transaction, err error) {
	for range 5 {
		tx, err = begin()
		if (*postgres.Backend)(nil).Classify(err) != dialect.Disconnected {
			break
		}
	}
	return tx, err
}

// by is a DSN whose connections go by another address.
func by(t *testing.T, dsn, address string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	must(t, err)
	q := u.Query()
	q.Set("sslmode", "disable")
	u.Host, u.RawQuery = address, q.Encode()
	return u.String()
}

// bouncer starts PgBouncer before a server, for any database of it, and returns its
// address. It ends with the test.
func bouncer(t *testing.T, server *servers.Server, program string) string {
	t.Helper()
	config, err := pgx.ParseConfig(server.DSN)
	must(t, err)
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	address := listener.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	_ = listener.Close()
	quote := func(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
	text := fmt.Sprintf("[databases]\n* = host=%s port=%d user=%s password=%s\n"+
		"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %s\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n"+
		"default_pool_size = 20\nmax_client_conn = 1000\n",
		config.Host, config.Port, quote(config.User), quote(config.Password), port)
	dir, err := os.MkdirTemp("", "pgbouncer") //nolint:usetesting // the test's own is for its user's eyes only
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	file := filepath.Join(dir, "pgbouncer.ini")
	args := []string{file}
	if os.Geteuid() == 0 { // the user as which it refuses to run
		args = []string{"-u", "nobody", file}
		must(t, os.Chmod(dir, 0o755)) // of a server for tests
	}
	must(t, errors.Join(os.WriteFile(file, []byte(text), 0o600), os.Chmod(file, 0o644))) // whatever the umask
	var log bytes.Buffer
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), program, args...)
	cmd.Stderr = &log
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("PgBouncer's log:\n%s", &log)
		}
	})
	limit, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for again := time.NewTicker(20 * time.Millisecond); ; {
		conn, err := new(net.Dialer).DialContext(limit, "tcp", address)
		if err == nil {
			_ = conn.Close()
			again.Stop()
			return address
		}
		select {
		case <-again.C:
		case <-limit.Done():
			t.Fatalf("PgBouncer does not answer: %v", err)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
