// Package sqlite spells the tracker's SQL for SQLite 3.38 and later.
package sqlite

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/lookups"
	"github.com/processtracker/processtracker-go/dialects/internal/sqlfile"
	"github.com/processtracker/processtracker-go/dialects/internal/standard"
	"github.com/processtracker/processtracker-go/dialects/internal/views"
)

// DefaultPrefix is the prefix of the tables' names unless the user chooses another.
const DefaultPrefix = "pt_"

//go:embed migrations/*.sql
var migrations embed.FS

// Dialect is SQLite's. The zero value is not usable; call [New].
//
// Times are text in UTC. SQLite's clock gives milliseconds; a time that a caller
// gives keeps its microseconds.
type Dialect struct {
	prefix     string
	migrations []dialect.Migration
}

// New returns the dialect for tables whose names begin with prefix. SQLite has no
// limit; the limit of 63 bytes lets a prefix move to any database.
func New(prefix string) (Dialect, error) {
	switch {
	case prefix == "":
		prefix = DefaultPrefix
	case len(prefix) > 63:
		return Dialect{}, fmt.Errorf("table prefix %q: longer than 63 bytes; choose a shorter one", prefix)
	case strings.ContainsFunc(prefix, unicode.IsControl):
		return Dialect{}, fmt.Errorf("table prefix %q: contains a control character; choose another", prefix)
	case strings.HasPrefix(strings.ToLower(prefix), "sqlite_"):
		return Dialect{}, fmt.Errorf("table prefix %q: SQLite reserves names that begin with sqlite_; choose another", prefix)
	}
	d := Dialect{prefix: prefix}
	var err error
	d.migrations, err = sqlfile.Migrations(sqlfile.Namer{Identifier: d.Table, Literal: d.literal, Lookup: lookup}, migrations, views.Files)
	return d, err
}

// lookup reserves the first 100 ids for the tracker.
func lookup(insert string) []string {
	table, _ := lookups.Table(insert)
	return []string{lookups.Bits(insert), "UPDATE sqlite_sequence SET seq = 100 WHERE name = {'" + table + "'}"}
}

// Name implements [dialect.Dialect].
func (d Dialect) Name() string { return "sqlite" }

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
func (d Dialect) Table(name string) string {
	return `"` + strings.ReplaceAll(d.prefix+name, `"`, `""`) + `"`
}

// Read implements [dialect.Dialect]: no hints are needed.
func (d Dialect) Read(table, alias string, _ dialect.Reading) string {
	return d.Table(table) + " AS " + alias
}

// Along implements [dialect.Dialect]: a plan does not depend on how many rows
// the conditions may leave.
func (d Dialect) Along(_, from string, _ ...string) string { return from }

// ReadersBlock implements [dialect.Dialect]: a SELECT reads the last committed version of a
// row.
func (d Dialect) ReadersBlock() bool { return false }

// Now implements [dialect.Dialect].
func (d Dialect) Now() string { return "strftime('%Y-%m-%d %H:%M:%f000', 'now')" }

// Clock implements [dialect.Dialect].
func (d Dialect) Clock() (from, now string) { return "", d.Now() }

// Sum implements [dialect.Dialect]. An overflowing sum is an error, so the higher and
// the lower halves of the numbers are summed separately.
func (d Dialect) Sum(column string) string {
	high, low := "coalesce(sum("+column+" >> 32), 0)", "coalesce(sum("+column+" & 4294967295), 0)"
	return "CASE WHEN " + high + " + (" + low + " >> 32) > 2147483647 THEN 9223372036854775807 ELSE (" + high + " << 32) + " + low + " END"
}

// NowPlus implements [dialect.Dialect].
func (d Dialect) NowPlus() string {
	return "strftime('%Y-%m-%d %H:%M:%f000', 'now', (? / 1000.0) || ' seconds')"
}

// Time implements [dialect.Dialect].
func (d Dialect) Time(t time.Time) any { return t.UTC().Format(dialect.TextTime) }

// Rows implements [dialect.Dialect].
func (d Dialect) Rows(s squirrel.SelectBuilder, json any, columns ...dialect.Column) squirrel.SelectBuilder {
	// squirrel's From takes no arguments; a join clause that stands first does.
	return s.JoinClause("FROM "+recordset(columns), json)
}

// recordset is a FROM item with one placeholder.
func recordset(columns []dialect.Column) string {
	fields := make([]string, len(columns))
	for i, c := range columns {
		fields[i] = "value ->> '$." + c.Name + "' AS " + c.Name
	}
	return "(SELECT " + strings.Join(fields, ", ") + " FROM json_each(?)) AS r"
}

// InOrder implements [dialect.Dialect]: a cross join is never reordered.
func (d Dialect) InOrder() string { return "CROSS JOIN" }

// Each implements [dialect.Dialect].
func (d Dialect) Each(_, from, alias string, on []dialect.Assignment) string {
	return d.InOrder() + " " + from + " ON " + dialect.Equal(alias, on, "AND")
}

// InsertAbsent implements [dialect.Dialect].
func (d Dialect) InsertAbsent(table string, columns []string, from squirrel.SelectBuilder, match dialect.Match) squirrel.Sqlizer {
	return standard.InsertAbsent(d.Table(table), columns, from, match, "ON CONFLICT DO NOTHING")
}

// UpdateIn implements [dialect.Dialect].
func (d Dialect) UpdateIn(_ string, update squirrel.UpdateBuilder, key squirrel.Eq, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	return standard.UpdateIn(update, key, column, ids)
}

// DeleteIn implements [dialect.Dialect].
func (d Dialect) DeleteIn(table, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	return standard.DeleteIn(d.Table(table), column, ids)
}

// UpdateRows implements [dialect.Dialect].
func (d Dialect) UpdateRows(table string, set []dialect.Assignment, rows []dialect.Column, key string) string {
	return standard.UpdateFrom(d.Table(table), set, recordset(rows), "x."+key+" = r."+key)
}

// Lock implements [dialect.Dialect]: a writing transaction locks the whole database.
func (d Dialect) Lock(table, alias string, _ bool, _ ...string) (from, suffix string) {
	return d.Table(table) + " AS " + alias, ""
}

// Limit implements [dialect.Dialect].
func (d Dialect) Limit(s squirrel.SelectBuilder, n any, most int64, lock string) squirrel.SelectBuilder {
	return standard.Limit(s, n, most, lock)
}

// Contains implements [dialect.Dialect].
func (d Dialect) Contains(column string, part any) squirrel.Sqlizer {
	return squirrel.Expr("instr("+column+", ?) > 0", part)
}

// Glob implements [dialect.Dialect]: * and ? mean the same to SQLite, an opening
// bracket has to be quoted.
func (d Dialect) Glob(column string, pattern dialect.Pattern) squirrel.Sqlizer {
	return squirrel.Expr(column+" GLOB ?", pattern.Text)
}

// Pattern implements [dialect.Dialect].
func (d Dialect) Pattern(glob string) dialect.Pattern {
	return dialect.Pattern{Text: strings.ReplaceAll(glob, "[", "[[]")}
}

// TableExists implements [dialect.Dialect]. As everywhere in SQLite, the case of
// a table's name does not count.
func (d Dialect) TableExists(name string) squirrel.Sqlizer {
	return squirrel.Expr("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE", d.prefix+name)
}

// Migrations implements [dialect.Dialect].
func (d Dialect) Migrations() []dialect.Migration { return d.migrations }

// SetupLock implements [dialect.Dialect]: a writing transaction excludes every other.
func (d Dialect) SetupLock() (lock, unlock dialect.Stmt) { return lock, unlock }

// InTheWay implements [dialect.Dialect]. The case of a name does not count.
func (d Dialect) InTheWay(names dialect.Names) dialect.Stmt {
	var all []string
	for _, name := range slices.Concat(names.Tables, names.Views, names.Indexes) {
		all = append(all, d.prefix+name)
	}
	text, args, err := squirrel.Select("type || ' ' || name").From("sqlite_master").
		Where(squirrel.NotEq{"type": "trigger"}).Where(squirrel.Eq{"name COLLATE NOCASE": all}).OrderBy("1").ToSql()
	if err != nil {
		panic(err) // nothing in it comes from outside
	}
	return dialect.Stmt{Name: "setup.in_the_way", SQL: text, Args: args}
}

func (d Dialect) literal(name string) string {
	return `'` + strings.ReplaceAll(d.prefix+name, `'`, `''`) + `'`
}
