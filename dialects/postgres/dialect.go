// Package postgres spells the tracker's SQL for PostgreSQL 13 and later.
package postgres

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/sqlfile"
	"github.com/processtracker/processtracker-go/dialects/internal/standard"
	"github.com/processtracker/processtracker-go/dialects/internal/views"
)

// DefaultSchema is the schema of the tables unless the user chooses another.
const DefaultSchema = "processtracker"

//go:embed migrations/*.sql
var migrations embed.FS

// Dialect is PostgreSQL's. The zero value is not usable; call [New].
type Dialect struct {
	schema     string
	migrations []dialect.Migration
}

// New returns the dialect for tables in the given schema. Any name that PostgreSQL
// accepts is allowed, up to 63 bytes without NUL, except its own schemas and names with
// a question mark, which is a placeholder while statements are built.
func New(schema string) (Dialect, error) {
	switch {
	case schema == "":
		schema = DefaultSchema
	case len(schema) > 63:
		return Dialect{}, fmt.Errorf("schema %q: longer than PostgreSQL's limit of 63 bytes; choose a shorter one", schema)
	case schema == "information_schema" || strings.HasPrefix(schema, "pg_"):
		return Dialect{}, fmt.Errorf("schema %q: PostgreSQL reserves it; choose another, such as %s", schema, DefaultSchema)
	case strings.ContainsAny(schema, "\x00?"):
		return Dialect{}, fmt.Errorf("schema %q: contains a NUL or a question mark; choose another", schema)
	}
	d := Dialect{schema: schema}
	var err error
	d.migrations, err = sqlfile.Migrations(sqlfile.Namer{
		Schema: identifier(schema), Identifier: d.Table, Literal: literal,
	}, migrations, views.Files)
	return d, err
}

// Name implements [dialect.Dialect].
func (d Dialect) Name() string { return "postgres" }

// Schema returns the schema of the tables.
func (d Dialect) Schema() string { return d.schema }

// Placeholders implements [dialect.Dialect].
func (d Dialect) Placeholders() squirrel.PlaceholderFormat { return squirrel.Dollar }

// Hints implements [dialect.Dialect]: none are needed.
func (d Dialect) Hints(dialect.Stmt) string { return "" }

// Update implements [dialect.Dialect].
func (d Dialect) Update(table string) squirrel.UpdateBuilder { return squirrel.Update(d.Table(table)) }

// Delete implements [dialect.Dialect].
func (d Dialect) Delete(table string) squirrel.DeleteBuilder { return squirrel.Delete(d.Table(table)) }

// Table implements [dialect.Dialect].
func (d Dialect) Table(name string) string { return identifier(d.schema) + "." + identifier(name) }

// Read implements [dialect.Dialect]: no hints are needed.
func (d Dialect) Read(table, alias string, _ dialect.Reading) string {
	return d.Table(table) + " AS " + alias
}

// Along implements [dialect.Dialect]. No hint can be part of a statement; the
// backend sends what it needs before.
func (d Dialect) Along(_, from string, _ ...string) string { return from }

// ReadersBlock implements [dialect.Dialect]: a SELECT reads the last committed version of a
// row.
func (d Dialect) ReadersBlock() bool { return false }

// Now implements [dialect.Dialect]: the clock, not the transaction's start.
func (d Dialect) Now() string { return "clock_timestamp()" }

// Clock implements [dialect.Dialect]. Each call of the function returns a different time.
// A subquery in FROM with it is not inlined, but may run for each row of the outer query;
// a scalar subquery runs once.
func (d Dialect) Clock() (from, now string) {
	return "(SELECT (SELECT " + d.Now() + ") AS now) AS clock ON TRUE", "clock.now"
}

// Sum implements [dialect.Dialect].
func (d Dialect) Sum(column string) string {
	return "CAST(LEAST(coalesce(sum(" + column + "), 0), 9223372036854775807) AS bigint)"
}

// NowPlus implements [dialect.Dialect].
func (d Dialect) NowPlus() string {
	return "clock_timestamp() + CAST(? AS bigint) * INTERVAL '1 millisecond'"
}

// Time implements [dialect.Dialect].
func (d Dialect) Time(t time.Time) any { return t.UTC().Truncate(time.Microsecond) }

// Rows implements [dialect.Dialect].
func (d Dialect) Rows(s squirrel.SelectBuilder, json any, columns ...dialect.Column) squirrel.SelectBuilder {
	// squirrel's From takes no arguments; a join clause that stands first does.
	return s.JoinClause("FROM "+recordset(columns), json)
}

// recordset is a FROM item with one placeholder.
func recordset(columns []dialect.Column) string {
	return record("jsonb_to_recordset(?::jsonb)", columns)
}

// record is a FROM item of a function's result.
func record(function string, columns []dialect.Column) string {
	types := map[dialect.ColumnType]string{dialect.Text: "text", dialect.Key: "text", dialect.Integer: "bigint", dialect.Timestamp: "timestamp"}
	fields, values := make([]string, len(columns)), make([]string, len(columns))
	zoned := false
	for i, c := range columns {
		fields[i], values[i] = c.Name+" "+types[c.Type], c.Name
		if c.Type == dialect.Timestamp { // otherwise the session's time zone would apply
			values[i] += " AT TIME ZONE 'UTC' AS " + c.Name
			zoned = true
		}
	}
	if !zoned {
		return function + " AS r(" + strings.Join(fields, ", ") + ")"
	}
	return "(SELECT " + strings.Join(values, ", ") + " FROM " + function + " AS j(" + strings.Join(fields, ", ") + ")) AS r"
}

// InOrder implements [dialect.Dialect]: the planner knows the cost of each order.
func (d Dialect) InOrder() string { return "JOIN" }

// Each implements [dialect.Dialect]. A subquery with an OFFSET is not flattened, so it runs
// for each carried row, and finds its row by the key. A plain join is planned for 100 carried
// rows and for the table's size in the statistics: if that is zero, the carried rows are read
// again for each row of the table.
func (d Dialect) Each(_, from, alias string, on []dialect.Assignment) string {
	return "JOIN LATERAL (SELECT * FROM " + from + " WHERE " + dialect.Equal(alias, on, "AND") + " OFFSET 0) AS " + alias + " ON TRUE" //nolint:unqueryvet // the query around it names columns
}

// InsertAbsent implements [dialect.Dialect]. It only skips a row with the same name or
// other natural key. The same id is an error: it means that a counter is behind its
// rows. No other transaction can insert the same run or change, because inserting it
// requires the lock of the process's row.
func (d Dialect) InsertAbsent(table string, columns []string, from squirrel.SelectBuilder, match dialect.Match) squirrel.Sqlizer {
	onKey := "ON CONFLICT DO NOTHING"
	switch {
	case table == "run", table == "status_history":
		onKey = ""
	case len(match.Any) == 0:
		var key []string
		for _, m := range match.All {
			key = append(key, m.Column)
		}
		onKey = "ON CONFLICT (" + strings.Join(key, ", ") + ") DO NOTHING"
	}
	// NOT EXISTS would become a join, which may scan the whole table for each row.
	absent := "coalesce((SELECT 1 FROM " + d.Table(table) + " AS x WHERE " + match.Condition() + " LIMIT 1), 0) <> 1"
	insert := squirrel.Insert(d.Table(table)).Columns(columns...).Select(from.Where(absent, match.Args...))
	if onKey == "" {
		return insert
	}
	return insert.Suffix(onKey)
}

// UpdateIn implements [dialect.Dialect]. An array is looked up in an index, element by
// element; a subquery would be joined in any order. With a two-column key, the database
// might look up only the first column and compare each of its rows with the array, so such
// rows are named by their ctid: the transaction that changes them has locked the row that
// they belong to.
func (d Dialect) UpdateIn(table string, update squirrel.UpdateBuilder, key squirrel.Eq, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	if len(key) == 0 {
		return update.Where(squirrel.Expr(column+" = ANY (ARRAY (?))", ids))
	}
	found := squirrel.Select("x.ctid").From(d.Table(table) + " AS x").Where("x." + column + " = k.id")
	for name, value := range key {
		found = found.Where(squirrel.Eq{"x." + name: value})
	}
	return update.Where(squirrel.Expr("ctid = ANY (ARRAY (SELECT x.ctid FROM (?) AS k JOIN LATERAL (? OFFSET 0) AS x ON TRUE))", ids, found))
}

// DeleteIn implements [dialect.Dialect].
func (d Dialect) DeleteIn(table, column string, ids squirrel.SelectBuilder) squirrel.Sqlizer {
	return squirrel.Delete(d.Table(table)).Where(squirrel.Expr(column+" = ANY (ARRAY (?))", ids))
}

// UpdateRows implements [dialect.Dialect]. An UPDATE's FROM is joined in any order. So the
// carried rows become one JSON object, in which each row of the table looks up its own
// values. They are read once, as the statement refers to j twice.
func (d Dialect) UpdateRows(table string, set []dialect.Assignment, rows []dialect.Column, key string) string {
	columns, values := make([]string, len(set)), make([]string, len(set))
	for i, a := range set {
		columns[i], values[i] = a.Column, a.Expr
	}
	own := "(SELECT jsonb_object_agg(o.value ->> '" + key + "', o.value) FROM jsonb_array_elements((SELECT j.all FROM j)) AS o) -> x." + key + "::text"
	return "WITH j AS (SELECT ?::jsonb AS all) UPDATE " + d.Table(table) + " AS x" +
		" SET (" + strings.Join(columns, ", ") + ") = (SELECT " + strings.Join(values, ", ") + " FROM " + record("jsonb_to_record("+own+")", rows) + ")" +
		" WHERE x." + key + " = ANY (ARRAY (SELECT (o.value ->> '" + key + "')::bigint FROM jsonb_array_elements((SELECT j.all FROM j)) AS o))"
}

// Combine implements [dialect.Returner].
func (d Dialect) Combine(parts []dialect.CombinedPart, last squirrel.Sqlizer) squirrel.Sqlizer {
	texts, args := make([]string, len(parts)), make([]any, 0, len(parts)+1)
	for i, part := range parts {
		texts[i] = part.Name + " AS (?)"
		args = append(args, part.Sqlizer)
	}
	return squirrel.Expr("WITH "+strings.Join(texts, ", ")+" ?", append(args, last)...)
}

// Lock implements [dialect.Dialect]. NO KEY allows inserts of rows that refer to the
// locked one.
func (d Dialect) Lock(table, alias string, skip bool, _ ...string) (from, suffix string) {
	suffix = "FOR NO KEY UPDATE OF " + alias
	if skip {
		suffix += " SKIP LOCKED"
	}
	return d.Table(table) + " AS " + alias, suffix
}

// Limit implements [dialect.Dialect]. A plan for any values takes a limit that is one of
// them for a tenth of the table, so that nothing but planning anew, for each call, gives
// few rows quickly. The inner limit says how many there are at most. No more rows are
// read, and locked, than the outer one lets through.
func (d Dialect) Limit(s squirrel.SelectBuilder, n any, most int64, lock string) squirrel.SelectBuilder {
	if n == nil || most == 0 {
		return standard.Limit(s, n, most, lock)
	}
	return standard.Limit(squirrel.Select("*").FromSelect(standard.Limit(s, nil, most, lock), "listed"), n, 0, "") //nolint:unqueryvet // s names its columns
}

// Contains implements [dialect.Dialect].
func (d Dialect) Contains(column string, part any) squirrel.Sqlizer {
	return squirrel.Expr("strpos("+column+", ?) > 0", part)
}

// Glob implements [dialect.Dialect]. The escape character is one that means the
// same whatever standard_conforming_strings is. Texts that begin with the same
// characters are a range, which is looked up in an index also by a plan that was made
// for any pattern: the collation is C.
func (d Dialect) Glob(column string, pattern dialect.Pattern) squirrel.Sqlizer {
	if pattern.End != nil {
		return squirrel.Expr(column+` >= ? AND `+column+` < ? AND `+column+` LIKE ? ESCAPE '|'`, pattern.First, pattern.End, pattern.Text)
	}
	return squirrel.Expr(column+` LIKE ? ESCAPE '|'`, pattern.Text)
}

// Pattern implements [dialect.Dialect].
func (d Dialect) Pattern(glob string) dialect.Pattern { return standard.Pattern(glob) }

// TableExists implements [dialect.Dialect]. A table that the user may not read counts
// as existing, so that the error names the missing privilege instead of asking for
// setup.
func (d Dialect) TableExists(name string) squirrel.Sqlizer {
	return squirrel.Expr("SELECT count(*) FROM pg_catalog.pg_class AS c"+
		" JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"+
		" WHERE n.nspname = ? AND c.relname = ?", d.schema, name)
}

// Migrations implements [dialect.Dialect].
func (d Dialect) Migrations() []dialect.Migration { return d.migrations }

// SetupLock implements [dialect.Dialect]: an advisory lock whose key is derived from
// the schema's name. It ends with the transaction.
func (d Dialect) SetupLock() (lock, unlock dialect.Stmt) {
	return dialect.Stmt{
		Name: "setup.lock",
		SQL:  "SELECT pg_advisory_xact_lock(hashtext('processtracker setup'), hashtext($1))",
		Args: []any{d.schema},
	}, unlock
}

// identifier quotes a name, so that any name is allowed.
func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// literal returns a text literal that means the same whatever standard_conforming_strings
// is.
func literal(text string) string {
	text = `'` + strings.ReplaceAll(text, `'`, `''`) + `'`
	if strings.Contains(text, `\`) {
		return `E` + strings.ReplaceAll(text, `\`, `\\`)
	}
	return text
}
