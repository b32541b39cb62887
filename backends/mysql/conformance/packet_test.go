package conformance

import (
	"context"
	"errors"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// leastPacket is the smallest that the tracker works with.
const leastPacket = 64 << 10

// TestPacket goes through a process's life, with large values, on a driver that sends little at once (rule S8.7).
func TestPacket(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		backend := underTest(server)
		backend.Provider += ", packets of 64 KiB"
		backend.Open = func(ctx context.Context, dsn string) (dialect.Backend, error) {
			return mysql.Open(ctx, dsn+"&maxAllowedPacket=65536", nil)
		}
		suite.RunCases(t, backend, "packets", suite.Large())
		suite.Sessions(t, underTest(server), "life", []suite.Session{{Name: "small packets", Open: backend.Open}})
	})
}

// TestUnknownPacket ends a run by a driver that sends less than the tracker can know
// of: that of a caller's pool.
func TestUnknownPacket(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		dsn := databases(server, "")(t)
		for _, several := range []bool{true, false} {
			b, err := onPool(t.Context(), dsn, func(c *driver.Config) {
				c.MaxAllowedPacket, c.MultiStatements, c.InterpolateParams = leastPacket, several, several
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = b.Close() })
			if _, err := setup.Run(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			tr, err := tracker.New(t.Context(), b, nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = tr.Close() }) // never fails
			long := strings.Repeat("x", 1<<20)
			err = tr.Do(t.Context(), tracker.Process{Name: "Teams Load"}, nil, func(context.Context, *tracker.Run) error {
				return errors.New(long)
			})
			if err == nil || err.Error() != long {
				t.Errorf("several at once %v: it returns another error", several)
			}
			var runs []tracker.RunInfo
			for info, err := range tr.Runs(t.Context(), tracker.RunFilter{Limit: 1}) {
				if err != nil {
					t.Fatal(err)
				}
				runs = append(runs, info)
			}
			if len(runs) != 1 || runs[0].Status != tracker.Failed {
				t.Errorf("several at once %v: %+v", several, runs)
			}
			r, err := tr.Start(t.Context(), tracker.Process{Name: "Players Load"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.RecordError(t.Context(), tracker.ErrorRecord{Description: long}); several && !errors.Is(err, tracker.ErrTooLarge) {
				t.Errorf("want it too large, got: %.300v", err)
			}
			if err := r.Complete(t.Context(), nil); err != nil {
				t.Error(err)
			}
		}
	})
}

// smallPackets has a server of the test's own take little at once: as little as the
// tracker works with, and less.
func smallPackets(t *testing.T, name string) {
	server := own(t, name)
	if !server.Restarts() {
		t.Skip("only a server in a container of the test's own gets other settings")
	}
	administer(t, server, "SET GLOBAL max_allowed_packet = 65536")
	t.Cleanup(func() { administer(t, server, "SET GLOBAL max_allowed_packet = DEFAULT") })
	backend := underTest(server)
	backend.Provider += ", max_allowed_packet of 64 KiB"
	suite.RunCases(t, backend, "packets", suite.Large())
	dsn := databases(server, "")(t)
	administer(t, server, "SET GLOBAL max_allowed_packet = 32768")
	b, err := open(t.Context(), dsn)
	if err == nil {
		_ = b.Close()
	}
	var refused *tracker.SettingError
	if !errors.As(err, &refused) || refused.Setting != "max_allowed_packet" {
		t.Errorf("want it refused, got: %v", err)
	}
}
