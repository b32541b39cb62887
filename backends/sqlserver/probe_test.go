package sqlserver

import (
	"errors"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestServersThatAreRefused(t *testing.T) {
	t.Parallel()
	const azure = "Microsoft SQL Azure (RTM) - 12.0.2000.8"
	for _, c := range []struct {
		version        string
		edition, level int // 0 if it does not say
		want           error
	}{
		{"Microsoft SQL Server 2019 (RTM-CU20) - 15.0.4312.2 (X64)", 3, 150, nil},
		{"Microsoft SQL Server 2022 (RTM) - 16.0.1000.6", 4, 130, nil},
		{"Microsoft SQL Server 2017 (RTM-CU31) - 14.0.3456.2", 3, 140, dialect.ErrServer},
		{"Microsoft SQL Server 2022 (RTM) - 16.0.1000.6", 2, 120, dialect.ErrSetting},
		{azure, 5, 160, nil},
		{azure, 5, 120, dialect.ErrSetting},
		{azure, 8, 110, dialect.ErrSetting},
		{azure, 8, 150, nil},
		{azure, 12, 160, nil}, // Microsoft Fabric's SQL database
		{azure, 6, 160, dialect.ErrServer},
		{"Microsoft Azure SQL Data Warehouse - 10.0.15665.0", 6, 130, dialect.ErrServer},
		{azure, 11, 160, dialect.ErrServer},
		{"Babelfish for PostgreSQL with SQL Server Compatibility - 12.0.2000.8", 3, 120, dialect.ErrServer},
		{"something else", 0, 0, nil},
	} {
		f := found{version: c.version, database: "dwh"}
		if c.edition != 0 {
			f.edition = &c.edition
		}
		if c.level != 0 {
			f.level = &c.level
		}
		if err := f.supported(); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s, edition %d, level %d: %v, want %v", c.version, c.edition, c.level, err, c.want)
		}
	}
	level := 120
	if err := (found{database: "a]b", level: &level}).supported(); err == nil || !strings.Contains(err.Error(), "ALTER DATABASE [a]]b]") || !strings.Contains(err.Error(), "120") {
		t.Errorf("an old compatibility level: %v", err)
	}
}

// TestDatabasesAreFoundByName pins what Azure SQL Database needs.
func TestDatabasesAreFoundByName(t *testing.T) {
	t.Parallel()
	if strings.Contains(probing, "DB_ID") || !strings.Contains(probing, "d.name = DB_NAME()") {
		t.Error(probing)
	}
}
