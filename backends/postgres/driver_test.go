package postgres

import (
	"errors"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestADescriptionNamesTheDatabaseWithoutThePassword(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]string{
		"postgres://u:s3cr3t@h:5433/d?schema=meta":            "database d, schema meta, on h:5433",
		"postgresql://u:s3cr3t@[::1]:5432/d?pool_max_conns=3": "database d, schema processtracker, on [::1]:5432",
		"postgres://u:s3cr3t@/d?host=/run/pg&port=5432":       "database d, schema processtracker, on /run/pg, port 5432",
		"postgres://u:s3cr3t@h:port/d":                        "",
	} {
		got, err := Driver().Describe(dsn)
		if got != want || strings.Contains(got, "s3cr3t") || (want == "") != errors.Is(err, dialect.ErrDSN) {
			t.Errorf("%s: %q, %v, want %q", dsn, got, err, want)
		}
	}
}
