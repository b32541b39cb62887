package sqlserver

import (
	"errors"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestADescriptionNamesTheDatabaseWithoutThePassword(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]string{
		"sqlserver://u:s3cr3t@h:1434?database=d&schema=meta": "database d, schema meta, on h:1434",
		"sqlserver://u:s3cr3t@h/instance?database=d":         "database d, schema processtracker, on h\\instance",
		"sqlserver://u:s3cr3t@h":                             "",
	} {
		got, err := Driver().Describe(dsn)
		if got != want || strings.Contains(got, "s3cr3t") || (want == "") != errors.Is(err, dialect.ErrDSN) {
			t.Errorf("%s: %q, %v, want %q", dsn, got, err, want)
		}
	}
}
