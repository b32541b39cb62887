package mysql

import (
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// The supported versions, and the reasons. MySQL: 8.0.14 is the first version that
// accepts a collation within JSON_TABLE, 8.0.16 the first that enforces checks.
// MariaDB: the oldest version that is still maintained and was tested.
const needs = "MySQL 8.0.16 or later, or MariaDB 10.11 or later"

func oldest(mariadb bool) dialect.Version {
	if mariadb {
		return dialect.Version{10, 11}
	}
	return dialect.Version{8, 0, 16}
}

// alikes are other products with MySQL's protocol, by a text in their versions or
// version comments.
func alikes() map[string]string {
	return map[string]string{
		"tidb": "TiDB", "vitess": "Vitess", "planetscale": "PlanetScale (Vitess)", "oceanbase": "OceanBase", "tddl": "PolarDB-X",
		"singlestore": "SingleStore", "memsql": "SingleStore", "starrocks": "StarRocks", "doris": "Doris", "dolt": "Dolt",
	}
}

// untried is what is wrong with them.
const untried = "is another database with MySQL's protocol, on which the tracker's locks and statements have not been shown to work"

// supported refuses a server that is too old, and one that only looks like MySQL.
// MariaDB's version looks like "10.11.18-MariaDB"; older servers put "5.5.5-" before it.
// An unknown version is accepted: if it does not work, statements will fail.
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
