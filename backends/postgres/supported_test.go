package postgres

import (
	"errors"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestServersThatAreRefused(t *testing.T) {
	t.Parallel()
	pinned := map[string]bool{}
	for _, c := range []struct {
		reported map[string]string
		refused  string // the beginning of the server's name; empty if it is not refused
	}{
		{map[string]string{"server_version": "11.22"}, ""},
		{map[string]string{"server_version": "15.18 (Debian 15.18-0+deb12u1)"}, ""},
		{map[string]string{"server_version": "18beta1"}, ""},
		{map[string]string{}, ""}, // a pooler need not tell
		{map[string]string{"server_version": "16.4", productName: "PostgreSQL 16.4 on aarch64-unknown-linux-gnu"}, ""},
		{map[string]string{"server_version": "10.23"}, "PostgreSQL 10.23"},
		{map[string]string{"server_version": "9.6.24"}, "PostgreSQL 9.6.24"},
		{map[string]string{"server_version": "13.0.0", "crdb_version": "CockroachDB CCL v24.3.1"}, "CockroachDB"},
		{map[string]string{"server_version": "13.0.0", productName: "CockroachDB CCL v24.3.1"}, "CockroachDB"},
		{map[string]string{"server_version": "8.0.2"}, "Redshift"},
		{map[string]string{"server_version": "8.0.2", productName: "PostgreSQL 8.0.2 on i686-pc-linux-gnu, Redshift 1.0.97034"}, "Redshift"},
		{map[string]string{"server_version": "12.12", productName: "PostgreSQL 12.12 (Greenplum Database 7.1.0)"}, "Greenplum"},
		{map[string]string{"server_version": "9.5.0", productName: "PostgreSQL 9.5 on x86_64-unknown-linux-gnu (Materialize v0.130.1)"}, "Materialize"},
		{map[string]string{"server_version": "11.2-YB-2024.2.1.0-b185"}, "YugabyteDB"},
		{map[string]string{"server_version": "11.2-YB-2.20.1.0-b97"}, "YugabyteDB"},
		{map[string]string{"server_version": "15.12-YB-2025.1.0.0-b168"}, ""},
		{map[string]string{"server_version": "15.2-YB-2.25.1.0-b381"}, ""},
	} {
		pinned[c.refused] = true
		err := session(func(name string) string { return c.reported[name] }).check(func() string { return "" })
		var refused *dialect.ServerError
		ok := errors.As(err, &refused)
		if c.refused == "" && err != nil || c.refused != "" && (!ok || !strings.HasPrefix(refused.Server, c.refused) || refused.Needs != needs) {
			t.Errorf("%v: %v, want %q refused", c.reported, err, c.refused)
		}
	}
	for _, a := range alikes() {
		if !pinned[a.name] {
			t.Errorf("no case has %s", a.name)
		}
	}
}
