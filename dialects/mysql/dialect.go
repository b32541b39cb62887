// Package mysql spells the tracker's SQL for MySQL 8.0 and later and for MariaDB 10.6
// and later, which accept the same statements.
package mysql

import (
	"embed"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/sqlfile"
	"github.com/processtracker/processtracker-go/dialects/internal/standard"
	"github.com/processtracker/processtracker-go/dialects/internal/views"
)

// DefaultPrefix is the prefix of the tables' names unless the user chooses another.
const DefaultPrefix = "pt_"

// MaxPrefix is how many characters a prefix may have: a table's name may have 64.
const MaxPrefix = 40

//go:embed migrations/*.sql
var migrations embed.FS

// Dialect is MySQL's and MariaDB's. The zero value is not usable; call [New].
//
// Times are DATETIME(6) in UTC. Texts are compared by their characters' code
// points: the tables have the collation utf8mb4_bin, whatever the database's is.
type Dialect struct {
	prefix     string
	migrations []dialect.Migration
	keys       []key
}

// New returns the dialect for tables whose names begin with prefix, in the
// connection's database.
func New(prefix string) (Dialect, error) {
	switch {
	case prefix == "":
		prefix = DefaultPrefix
	case len([]rune(prefix)) > MaxPrefix:
		return Dialect{}, fmt.Errorf("table prefix %q: longer than %d characters; choose a shorter one", prefix, MaxPrefix)
	case strings.ContainsFunc(prefix, func(r rune) bool {
		return r == '?' || r > 0xffff || r == unicode.ReplacementChar || unicode.IsControl(r)
	}):
		return Dialect{}, fmt.Errorf("table prefix %q: contains a question mark, a control character or one beyond U+FFFF; choose another", prefix)
	}
	d := Dialect{prefix: prefix, keys: keys(dialect.ParseParts(expected))}
	var err error
	d.migrations, err = sqlfile.Migrations(sqlfile.Namer{
		Identifier: d.Table, View: "CREATE OR REPLACE SQL SECURITY DEFINER VIEW", Lookup: lookup,
	}, migrations, views.Files)
	return d, err
}

// lookup leaves existing rows unchanged: an interrupted migration inserted them.
func lookup(insert string) []string { return []string{insert + "\nON DUPLICATE KEY UPDATE id = id"} }

// Name implements [dialect.Dialect].
func (d Dialect) Name() string { return "mysql" }

// Prefix returns the prefix of the tables' names.
func (d Dialect) Prefix() string { return d.prefix }

// Placeholders implements [dialect.Dialect].
func (d Dialect) Placeholders() squirrel.PlaceholderFormat { return squirrel.Question }

// Hints implements [dialect.Dialect]: none are needed.
func (d Dialect) Hints(dialect.Stmt) string { return "" }

// Update implements [dialect.Dialect].
func (d Dialect) Update(table string) squirrel.UpdateBuilder { return squirrel.Update(d.Table(table)) }

// Delete implements [dialect.Dialect].
func (d Dialect) Delete(table string) squirrel.DeleteBuilder { return squirrel.Delete(d.Table(table)) }

// Table implements [dialect.Dialect].
func (d Dialect) Table(name string) string { return identifier(d.prefix + name) }

// Read implements [dialect.Dialect]: no hints are needed.
func (d Dialect) Read(table, alias string, _ dialect.Reading) string {
	return d.Table(table) + " AS " + alias
}

// ReadersBlock implements [dialect.Dialect]: a SELECT reads the last committed version of a
// row.
func (d Dialect) ReadersBlock() bool { return false }

// Now implements [dialect.Dialect]: the time at which the statement began,
// whatever the session's time zone.
func (d Dialect) Now() string { return "UTC_TIMESTAMP(6)" }

// ClockIsEarly implements [dialect.EarlyClock].
func (d Dialect) ClockIsEarly() {}

// Clock implements [dialect.Dialect].
func (d Dialect) Clock() (from, now string) { return "", d.Now() }

// Sum implements [dialect.Dialect].
func (d Dialect) Sum(column string) string {
	return "CAST(LEAST(coalesce(sum(" + column + "), 0), 9223372036854775807) AS SIGNED)"
}

// NowPlus implements [dialect.Dialect].
func (d Dialect) NowPlus() string {
	return "UTC_TIMESTAMP(6) + INTERVAL ? * 1000 MICROSECOND"
}

// Time implements [dialect.Dialect]: as text, which no driver setting converts to
// another time zone.
func (d Dialect) Time(t time.Time) any { return t.UTC().Format(dialect.TextTime) }

// Rows implements [dialect.Dialect]. It fixes the order of the joins: otherwise the
// optimizer may read the carried rows again for each row of a table.
func (d Dialect) Rows(s squirrel.SelectBuilder, json any, columns ...dialect.Column) squirrel.SelectBuilder {
	// squirrel's From takes no arguments; a join clause that stands first does.
	return s.Options("STRAIGHT_JOIN").JoinClause("FROM "+recordset(columns), json)
}

// recordset is a FROM item with one placeholder. Its texts have an explicit collation,
// or they would have the connection's. It is a derived table, because MySQL would try
// to lock a JSON_TABLE, which fails.
func recordset(columns []dialect.Column) string {
	const text = "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
	types := map[dialect.ColumnType]string{
		dialect.Text: text, dialect.Key: text, dialect.Integer: "BIGINT", dialect.Timestamp: "DATETIME(6)",
	}
	fields := make([]string, len(columns))
	for i, c := range columns {
		fields[i] = identifier(c.Name) + " " + types[c.Type] + " PATH '$." + c.Name + "'"
	}
	//nolint:unqueryvet // its columns are named in it
	return "(SELECT * FROM JSON_TABLE(?, '$[*]' COLUMNS (" + strings.Join(fields, ", ") + ")) AS j) AS r"
}

// keyless are the tables with no key except an identity column. An inserted row cannot
// exist already, so inserting needs no privilege to update, and the rows cannot be
// changed.
func keyless(table string) bool { return table == "status_history" || table == "run_error" }

// InOrder implements [dialect.Dialect].
func (d Dialect) InOrder() string { return "STRAIGHT_JOIN" }

// Each implements [dialect.Dialect].
func (d Dialect) Each(table, from, alias string, on []dialect.Assignment) string {
	columns := make([]string, len(on))
	for i, c := range on {
		columns[i] = c.Column
	}
	return d.InOrder() + " " + from + d.by(table, columns...) + " ON " + dialect.Equal(alias, on, "AND")
}

// InsertAbsent implements [dialect.Dialect]. It updates a row with the same key to its
// present values, which, unlike INSERT IGNORE, ignores no other errors.
func (d Dialect) InsertAbsent(table string, columns []string, from squirrel.SelectBuilder, match dialect.Match) squirrel.Sqlizer {
	if keyless(table) {
		return standard.InsertAbsent(d.Table(table), columns, from, match, "")
	}
	same := columns[0] + " = " + d.Table(table) + "." + columns[0]
	return standard.InsertAbsent(d.Table(table), columns, from, match, "ON DUPLICATE KEY UPDATE "+same)
}

// UpdateIn implements [dialect.Dialect] with a join. With an IN, MariaDB reads and
// locks the whole table.
func (d Dialect) UpdateIn(table string, update squirrel.UpdateBuilder, key squirrel.Eq, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	if len(key) > 0 {
		update = update.Where(key)
	}
	columns := []string{column}
	for first := range key {
		columns = append(columns, first)
	}
	return updateJoin{table: d.Table(table), hint: d.by(table, columns...), update: update, column: column, ids: ids}
}

type updateJoin struct {
	table  string
	hint   string
	update squirrel.UpdateBuilder
	column string
	ids    squirrel.SelectBuilder
}

// ToSql implements [squirrel.Sqlizer]. squirrel's update has no place for a join
// with arguments: they come first.
func (j updateJoin) ToSql() (string, []any, error) {
	query, args, err := j.ids.ToSql()
	if err != nil {
		return "", nil, err
	}
	join := "(" + query + ") AS w STRAIGHT_JOIN " + j.table + j.hint + " ON " + j.table + "." + j.column + " = w.id"
	text, more, err := j.update.Table(join).ToSql()
	return text, append(args, more...), err
}

// DeleteIn implements [dialect.Dialect] with a join, for the same reason.
func (d Dialect) DeleteIn(table, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	t := d.Table(table)
	return squirrel.Expr("DELETE "+t+" FROM (?) AS w STRAIGHT_JOIN "+t+d.by(table, column)+" ON "+t+"."+column+" = w.id", ids)
}

// UpdateRows implements [dialect.Dialect].
func (d Dialect) UpdateRows(table string, set []dialect.Assignment, rows []dialect.Column, key string) string {
	return "UPDATE " + recordset(rows) + " STRAIGHT_JOIN " + d.Table(table) + " AS x" + d.by(table, key) + " ON x." + key + " = r." + key + " SET " + standard.Assignments("x.", set)
}

// Lock implements [dialect.Dialect]. MariaDB has no FOR UPDATE OF, so a locking select
// reads only one table.
func (d Dialect) Lock(table, alias string, skip bool, along ...string) (from, suffix string) {
	suffix = "FOR UPDATE"
	if skip {
		suffix += " SKIP LOCKED"
	}
	return d.Table(table) + " AS " + alias + d.inOrderOf(table, along), suffix
}

// Limit implements [dialect.Dialect].
func (d Dialect) Limit(s squirrel.SelectBuilder, n any, most int64, lock string) squirrel.SelectBuilder {
	return standard.Limit(s, n, most, lock)
}

// Contains implements [dialect.Dialect].
func (d Dialect) Contains(column string, part any) squirrel.Sqlizer {
	return squirrel.Expr("instr("+column+", ?) > 0", part)
}

// Glob implements [dialect.Dialect]. The escape character is one that means the
// same under every sql_mode.
//
// The range is looked up in an index, and the pattern is kept from one: what MySQL and
// MariaDB make of it ends at U+FFFF, before a name that goes on with an emoji. A text
// that ends where another goes on is compared as if it went on with spaces, and no name
// has a character before that.
func (d Dialect) Glob(column string, pattern dialect.Pattern) squirrel.Sqlizer {
	if pattern.End != nil {
		return squirrel.Expr(column+` >= ? AND `+column+` < ? AND CONCAT(`+column+`, '') LIKE ? ESCAPE '|'`, pattern.First, pattern.End, pattern.Text)
	}
	return squirrel.Expr(`CONCAT(`+column+`, '') LIKE ? ESCAPE '|'`, pattern.Text)
}

// Pattern implements [dialect.Dialect].
func (d Dialect) Pattern(glob string) dialect.Pattern { return standard.Pattern(glob) }

// TableExists implements [dialect.Dialect]. Whether the case of a table's name counts
// is a server setting.
func (d Dialect) TableExists(name string) squirrel.Sqlizer {
	return squirrel.Expr("SELECT count(*) FROM information_schema.tables"+
		" WHERE table_schema = DATABASE() AND table_name = ?"+
		" AND (@@lower_case_table_names > 0 OR CAST(table_name AS BINARY) = CAST(? AS BINARY))", d.prefix+name, d.prefix+name)
}

// Migrations implements [dialect.Dialect]. DDL commits implicitly, so each statement
// can be run again.
func (d Dialect) Migrations() []dialect.Migration { return d.migrations }

// SetupLock implements [dialect.Dialect] with a session lock, because DDL ends
// transactions. Its name has at most 64 characters.
func (d Dialect) SetupLock() (lock, unlock dialect.Stmt) {
	const name = "CONCAT('processtracker ', LEFT(SHA2(CONCAT(DATABASE(), ' ', ?), 256), 40))"
	return dialect.Stmt{Name: "setup.lock", SQL: "SELECT GET_LOCK(" + name + ", 86400)", Args: []any{d.prefix}},
		dialect.Stmt{Name: "setup.unlock", SQL: "SELECT RELEASE_LOCK(" + name + ")", Args: []any{d.prefix}}
}

// identifier quotes a name, so that any name is allowed.
func identifier(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
