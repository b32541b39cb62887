package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestDemoted has the sessions of a pool become read-only, as those on a primary do that
// was demoted: the next call drops them and goes on with new ones (rule S8.2).
func TestDemoted(t *testing.T) {
	t.Parallel()
	b, _ := backend(t, start(t), nil)
	var tries []tracker.RetryEvent
	tr, err := tracker.New(t.Context(), b, &tracker.Config{Observer: tracker.Observer{OnRetry: func(_ context.Context, r tracker.RetryEvent) { tries = append(tries, r) }}})
	must(t, err)
	t.Cleanup(func() { _ = tr.Close() })
	run, err := tr.Start(t.Context(), tracker.Process{Name: "Teams Load"}, nil)
	must(t, err)
	demote := dialect.Stmt{Name: "demote", SQL: "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"}
	_, err = b.Conn().Exec(t.Context(), demote)
	must(t, err)
	must(t, run.Complete(t.Context(), nil))
	if len(tries) != 1 || tries[0].Reason != tracker.RetryDisconnected || !errors.Is(tries[0].Err, dialect.ErrDemoted) {
		t.Errorf("tried again: %v", tries)
	}
}

// TestTooManyConnections has a user use up what it may have, until opening asks for the
// password the second time.
func TestTooManyConnections(t *testing.T) {
	t.Parallel()
	server := start(t)
	user := fmt.Sprintf("pt_crowded_%d", os.Getpid())
	administer(t, server.DSN, "CREATE ROLE "+user+" LOGIN PASSWORD 'geheim' CONNECTION LIMIT 1")
	t.Cleanup(func() { administer(t, server.DSN, "DROP ROLE "+user) })
	u, err := url.Parse(server.DSN)
	must(t, err)
	u.User = url.UserPassword(user, "geheim")
	other, err := pgx.Connect(t.Context(), u.String())
	must(t, err)
	asked := 0
	b, err := postgres.Open(t.Context(), u.String(), postgres.Password(func(ctx context.Context) (string, error) {
		if asked++; asked == 2 {
			return "geheim", other.Close(ctx)
		}
		return "geheim", nil
	}))
	must(t, err)
	if must(t, b.Close()); asked < 2 {
		t.Errorf("asked %d times", asked)
	}
}
