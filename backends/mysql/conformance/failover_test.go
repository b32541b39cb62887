package conformance

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestDemoted has the sessions of a pool become read-only, as those on a primary do that
// was demoted: the next call drops them and goes on with new ones (rule S8.2).
func TestDemoted(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		b, _ := place(t, server, "")
		var tries []tracker.RetryEvent
		tr, err := tracker.New(t.Context(), b, &tracker.Config{Observer: tracker.Observer{OnRetry: func(_ context.Context, r tracker.RetryEvent) { tries = append(tries, r) }}})
		must(t, err)
		t.Cleanup(func() { _ = tr.Close() })
		run, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
		must(t, err)
		_, err = b.Conn().Exec(t.Context(), dialect.Stmt{Name: "demote", SQL: "SET SESSION TRANSACTION READ ONLY"})
		must(t, err)
		must(t, run.Complete(t.Context(), nil))
		if len(tries) != 1 || tries[0].Reason != tracker.RetryDisconnected || !errors.Is(tries[0].Err, dialect.ErrDemoted) {
			t.Errorf("tried again: %v", tries)
		}
	})
}

// TestTooManyConnections has a user use up what it may have, until opening asks for the
// password the second time.
func TestTooManyConnections(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		user := fmt.Sprintf("pt_crowded_%d", os.Getpid())
		administer(t, server, "CREATE USER "+user+" IDENTIFIED BY 'geheim' WITH MAX_USER_CONNECTIONS 1")
		t.Cleanup(func() { administer(t, server, "DROP USER "+user) })
		dsn := databases(server, "")(t)
		config, _, err := mysql.ParseDSN(dsn)
		must(t, err)
		administer(t, server, "GRANT ALL ON `"+config.DBName+"`.* TO "+user)
		dsn = as(t, dsn, user, "geheim")
		other := session(t, dsn)
		asked := 0
		b, err := mysql.Open(t.Context(), dsn, mysql.Password(func(context.Context) (string, error) {
			if asked++; asked == 2 {
				return "geheim", other.Raw(func(any) error { return driver.ErrBadConn })
			}
			return "geheim", nil
		}))
		must(t, err)
		if must(t, b.Close()); asked < 2 {
			t.Errorf("asked %d times", asked)
		}
	})
}
