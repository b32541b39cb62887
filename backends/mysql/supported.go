package mysql

import (
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// What a server has to be, and what sets it. MySQL: 8.0.14 is the first that takes a
// collation within JSON_TABLE, 8.0.16 the first that keeps checks. MariaDB: the oldest
// that is still looked after, and that was tried.
const needs = "MySQL 8.0.16 or later, or MariaDB 10.11 or later"

func oldest(mariadb bool) dialect.Version {
	if mariadb {
		return dialect.Version{10, 11}
	}
	return dialect.Version{8, 0, 16}
}

// alikes are products that speak MySQL's protocol and are none, by what stands in their
// versions, or in what they say of themselves.
func alikes() map[string]string {
	return map[string]string{
		"tidb": "TiDB", "vitess": "Vitess", "planetscale": "PlanetScale (Vitess)", "oceanbase": "OceanBase", "tddl": "PolarDB-X",
		"singlestore": "SingleStore", "memsql": "SingleStore", "starrocks": "StarRocks", "doris": "Doris", "dolt": "Dolt",
	}
}

// untried is what is wrong with them.
const untried = "is another database behind MySQL's protocol, and the tracker's locks and statements are not known to work on it"

// supported refuses a server that is too old, and one that only looks like MySQL.
// MariaDB's version is such as "10.11.18-MariaDB", older ones' behind "5.5.5-". One that
// nobody knows is taken: its statements will tell.
func supported(version, comment string) error {
	said := strings.ToLower(version + " " + comment)
	for mark, name := range alikes() {
		if strings.Contains(said, mark) {
			return &dialect.ServerError{Server: name + " " + version, Why: untried, Needs: needs}
		}
	}
	name, mariadb := "MySQL", isMariaDB(version)
	if mariadb {
		name, version = "MariaDB", strings.TrimPrefix(version, "5.5.5-")
	}
	if have, ok := dialect.ParseVersion(version); ok && have.Before(oldest(mariadb)) {
		return &dialect.ServerError{Server: name + " " + version, Why: "is too old", Needs: needs}
	}
	return nil
}
