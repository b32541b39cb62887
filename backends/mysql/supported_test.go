package mysql

import (
	"errors"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	dialects "github.com/processtracker/processtracker-go/dialects/mysql"
)

func TestOldServersAreRefused(t *testing.T) {
	t.Parallel()
	for version, ok := range map[string]bool{
		"8.0.16": true, "8.0.36": true, "8.4.2-log": true, "9.7.4-2": true, "8.0.36-28.1": true, // the last is Percona's
		"8.0.11": false, "8.0.13": false, "8.0.15": false, "5.7.44": false,
		"10.11.18-MariaDB-0+deb12u1": true, "11.4.2-MariaDB": true, "12.0.1-MariaDB": true, "5.5.5-10.11.2-MariaDB": true,
		"10.6.0-MariaDB": false, "10.10.7-MariaDB": false, "10.5.27-MariaDB": false, "5.5.5-10.4.1-MariaDB": false,
		"something else": true,
	} {
		err := supported(version, "Source distribution")
		if (err == nil) != ok {
			t.Errorf("%s: %v", version, err)
		}
		if !ok && (!errors.Is(err, dialect.ErrServer) || !strings.Contains(err.Error(), strings.TrimPrefix(version, "5.5.5-"))) {
			t.Errorf("%s is refused by: %v", version, err)
		}
	}
}

func TestServersThatLookAlikeAreRefused(t *testing.T) {
	t.Parallel()
	pinned := map[string]bool{}
	for _, c := range []struct{ version, comment, name string }{
		{"8.0.11-TiDB-v8.5.1", "TiDB Server (Apache License 2.0) Community Edition, MySQL 8.0 compatible", "TiDB"},
		{"8.0.40-Vitess", "Version: 22.0.0 (Git revision)", "Vitess"},
		{"8.0.34-PlanetScale", "", "PlanetScale"},
		{"5.7.25-OceanBase-v4.2.1.0", "OceanBase 4.2.1.0", "OceanBase"},
		{"5.7.32", "SingleStoreDB source distribution", "SingleStore"},
		{"8.0.33", "StarRocks version 3.3.0", "StarRocks"},
		{"8.0.31", "Dolt", "Dolt"},
		{"5.7.99", "Doris version doris-3.0.3-rc03", "Doris"},
		{"8.0.32-TDDL-5.4.19-17004745", "Tddl Server (ALIBABA)", "PolarDB-X"},
		{"5.5.58", "MemSQL source distribution (compatible; MySQL Enterprise & MySQL Commercial)", "SingleStore"},
	} {
		pinned[c.name] = true
		err := supported(c.version, c.comment)
		var refused *dialect.ServerError
		if !errors.As(err, &refused) || !strings.HasPrefix(refused.Server, c.name) || !strings.Contains(refused.Needs, "8.0.16") {
			t.Errorf("%s (%s): %v", c.version, c.comment, err)
		}
	}
	for _, name := range alikes() {
		if name, _, _ = strings.Cut(name, " "); !pinned[name] {
			t.Errorf("no case has %s", name)
		}
	}
	// Aurora calls itself MySQL, and is.
	if err := supported("8.0.39", "Source distribution"); err != nil {
		t.Error(err)
	}
}

// TestNoLockInStrictMode is about Percona XtraDB Cluster, which refuses GET_LOCK.
func TestNoLockInStrictMode(t *testing.T) {
	t.Parallel()
	d, err := dialects.New("")
	if err != nil {
		t.Fatal(err)
	}
	var strict dialect.Dialect = lockless{dialects.Galera{Dialect: d}}
	if lock, unlock := strict.SetupLock(); lock.SQL+unlock.SQL != "" {
		t.Errorf("locks by %q, %q", lock.SQL, unlock.SQL)
	}
	if _, ok := strict.(dialect.Certifier); !ok {
		t.Error("is not known to certify")
	}
}

func TestABinaryLogOfStatementsIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		log, format string
		ok          bool
	}{
		{"ON", "STATEMENT", false}, {"ON", "ROW", true}, {"ON", "MIXED", true},
		{"OFF", "STATEMENT", true}, // nothing is written
		{"", "", true},             // a server that does not say
	} {
		err := checkLog(map[string]string{"log_bin": c.log, "binlog_format": c.format})
		if (err == nil) != c.ok || !c.ok && (!errors.Is(err, dialect.ErrSetting) || !strings.Contains(err.Error(), "MIXED")) {
			t.Errorf("log_bin %s, binlog_format %s: %v", c.log, c.format, err)
		}
	}
}
