package mysql

import (
	"errors"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestADescriptionNamesTheDatabaseWithoutThePassword(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]string{
		"mysql://u:s3cr3t@h/d?tls=true":                    "database d, tables pt_…, on h:3306",
		"mariadb://u:s3cr3t@/d?socket=/run/my&prefix=etl_": "database d, tables etl_…, on /run/my",
		"mysql://u:s3cr3t@h/":                              "",
	} {
		got, err := Driver().Describe(dsn)
		if got != want || strings.Contains(got, "s3cr3t") || (want == "") != errors.Is(err, dialect.ErrDSN) {
			t.Errorf("%s: %q, %v, want %q", dsn, got, err, want)
		}
	}
}
