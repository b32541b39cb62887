// Package sqlserver spells the tracker's SQL for SQL Server 2019 and later and for
// Azure SQL Database.
package sqlserver

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
	"github.com/processtracker/processtracker-go/dialects/internal/views"
)

// DefaultSchema is the schema of the tables unless the user chooses another.
const DefaultSchema = "processtracker"

// maxSchema is how many characters a schema's name may have: an identifier has 128.
const maxSchema = 128

//go:embed migrations/*.sql
var migrations embed.FS

// Dialect is SQL Server's. The zero value is not usable; call [New].
//
// Times are DATETIME2(6) in UTC. Texts are NVARCHAR and compared by the codes of
// their characters: the columns have the collation [collation], whatever the
// database's is.
type Dialect struct {
	schema     string
	migrations []dialect.Migration
	versions   bool // readers use row versions
}

const (
	// collation is the columns' collation.
	collation = "Latin1_General_100_BIN2"
	// utf8 is the same collation for UTF-8, in which LIKE counts each character as one.
	// In the columns' own encoding, characters beyond U+FFFF count as two.
	utf8 = "Latin1_General_100_BIN2_UTF8"
)

// New returns the dialect for tables in the given schema. Any name that SQL Server
// accepts is allowed, up to 128 characters, unless it has a control character, or a
// question mark or an at sign, which make placeholders.
func New(schema string) (Dialect, error) {
	switch {
	case schema == "":
		schema = DefaultSchema
	case units(schema) > maxSchema:
		return Dialect{}, fmt.Errorf("schema %q: longer than SQL Server's limit of %d characters; choose a shorter one", schema, maxSchema)
	case systemSchema(schema):
		return Dialect{}, fmt.Errorf("schema %q: SQL Server reserves it; choose another, such as %s", schema, DefaultSchema)
	case strings.ContainsFunc(schema, func(r rune) bool {
		return r == '?' || r == '@' || r == unicode.ReplacementChar || unicode.IsControl(r)
	}):
		return Dialect{}, fmt.Errorf("schema %q: contains a question mark, an at sign or a control character; choose another", schema)
	}
	d := Dialect{schema: schema}
	var err error
	d.migrations, err = sqlfile.Migrations(sqlfile.Namer{
		Schema:     strings.ReplaceAll(identifier(schema), "'", "''"), // it stands in a text
		Identifier: d.Table, Literal: d.literal, Lookup: lookup,
	}, migrations, views.Files)
	return d, err
}

// systemSchema reports whether a schema belongs to the system or to a fixed role.
func systemSchema(name string) bool {
	name = strings.ToLower(name) // in most databases the case does not count
	return slices.Contains([]string{
		"sys", "information_schema", "guest", "db_owner", "db_accessadmin", "db_securityadmin", "db_ddladmin", "db_backupoperator",
		"db_datareader", "db_datawriter", "db_denydatareader", "db_denydatawriter",
	}, name)
}

// lookup reserves the first 100 ids for the tracker: a row with the last of them, which
// is then deleted, moves the table's counter there.
func lookup(insert string) []string {
	table, columns := lookups.Table(insert)
	rows := strings.ReplaceAll(lookups.Bits(insert), ", '", ", N'")
	return []string{
		"SET IDENTITY_INSERT {" + table + "} ON",
		rows + ",\n    (100, N''" + strings.Repeat(", 0", columns-2) + ")",
		"SET IDENTITY_INSERT {" + table + "} OFF",
		"DELETE FROM {" + table + "} WHERE id = 100",
	}
}

// units returns the length of a text in UTF-16 code units, which SQL Server counts as
// characters.
func units(text string) int {
	n := 0
	for _, r := range text {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}

// Name implements [dialect.Dialect].
func (d Dialect) Name() string { return "sqlserver" }

// Schema returns the schema of the tables.
func (d Dialect) Schema() string { return d.schema }

// Placeholders implements [dialect.Dialect].
func (d Dialect) Placeholders() squirrel.PlaceholderFormat { return squirrel.AtP }

// Table implements [dialect.Dialect].
func (d Dialect) Table(name string) string { return identifier(d.schema) + "." + identifier(name) }

// WithRowVersions returns the dialect for a database that has READ_COMMITTED_SNAPSHOT on.
func (d Dialect) WithRowVersions() Dialect {
	d.versions = true
	return d
}

// ReadersBlock implements [dialect.Dialect]: true without READ_COMMITTED_SNAPSHOT,
// which is off by default.
func (d Dialect) ReadersBlock() bool { return !d.versions }

// Now implements [dialect.Dialect]: the time at which the statement began.
func (d Dialect) Now() string { return "SYSUTCDATETIME()" }

// Clock implements [dialect.Dialect].
func (d Dialect) Clock() (from, now string) { return "", d.Now() }

// Sum implements [dialect.Dialect].
func (d Dialect) Sum(column string) string {
	sum := "sum(CAST(" + column + " AS DECIMAL(38, 0)))"
	return "CAST(CASE WHEN " + sum + " > 9223372036854775807 THEN 9223372036854775807 ELSE coalesce(" + sum + ", 0) END AS BIGINT)"
}

// NowPlus implements [dialect.Dialect]. DATEADD converts the number to INT itself.
func (d Dialect) NowPlus() string { return "DATEADD(millisecond, ?, SYSUTCDATETIME())" }

// Time implements [dialect.Dialect]. The backend sends it as a DATETIME2.
func (d Dialect) Time(t time.Time) any { return t.UTC().Truncate(time.Microsecond) }

// Rows implements [dialect.Dialect].
func (d Dialect) Rows(s squirrel.SelectBuilder, json any, columns ...dialect.Column) squirrel.SelectBuilder {
	// squirrel's From takes no arguments; a join clause that stands first does.
	return s.JoinClause("FROM "+recordset(columns), json)
}

// recordset is a FROM item with one placeholder. Without an explicit collation, a text
// would have the database's. A key must not be NVARCHAR(MAX), which would not be looked
// up in an index.
func recordset(columns []dialect.Column) string {
	types := map[dialect.ColumnType]string{
		dialect.Text: "NVARCHAR(MAX)", dialect.Key: "NVARCHAR(4000)", dialect.Integer: "BIGINT", dialect.Timestamp: "DATETIME2(6)",
	}
	names, fields := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		name := identifier(c.Name)
		names[i], fields[i] = name, name+" "+types[c.Type]+" '$."+c.Name+"'"
		if c.Type == dialect.Text || c.Type == dialect.Key {
			names[i] += " COLLATE " + collation + " AS " + name
		}
	}
	return "(SELECT " + strings.Join(names, ", ") + " FROM " + "OPENJSON(?) WITH (" + strings.Join(fields, ", ") + ")) AS r"
}

// InOrder implements [dialect.Dialect]: the optimizer knows the cost of each order.
func (d Dialect) InOrder() string { return "JOIN" }

// Each implements [dialect.Dialect].
func (d Dialect) Each(_, from, alias string, on []dialect.Assignment) string {
	return d.InOrder() + " " + from + " ON " + dialect.Equal(alias, on, "AND")
}

// Limit implements [dialect.Dialect].
func (d Dialect) Limit(s squirrel.SelectBuilder, n any, most int64, _ string) squirrel.SelectBuilder {
	if n == nil {
		return s.Suffix(fmt.Sprintf("OFFSET 0 ROWS FETCH NEXT %d ROWS ONLY", most))
	}
	return s.Suffix("OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY", n)
}

// Contains implements [dialect.Dialect].
func (d Dialect) Contains(column string, part any) squirrel.Sqlizer {
	return squirrel.Expr("CHARINDEX(?, "+column+") > 0", part)
}

// Glob implements [dialect.Dialect]. Both sides end with a full stop, because trailing
// spaces of UTF-8 text would not count.
func (d Dialect) Glob(column string, pattern dialect.Pattern) squirrel.Sqlizer {
	return squirrel.Expr("EXISTS (SELECT 1 FROM (SELECT ("+column+" + N'.') COLLATE "+utf8+" AS name, (? + N'.') COLLATE "+utf8+" AS pattern) AS g"+
		` WHERE CAST(g.name AS VARCHAR(8000)) LIKE CAST(g.pattern AS VARCHAR(8000)) ESCAPE '\')`, pattern.Text)
}

// Pattern implements [dialect.Dialect].
func (d Dialect) Pattern(glob string) dialect.Pattern {
	return dialect.Pattern{Text: strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, `[`, `\[`, `*`, `%`, `?`, `_`).Replace(glob)}
}

// TableExists implements [dialect.Dialect]. A table that the user may not see counts as
// missing.
func (d Dialect) TableExists(name string) squirrel.Sqlizer {
	return squirrel.Expr("SELECT CASE WHEN OBJECT_ID(?, N'U') IS NULL THEN 0 ELSE 1 END", d.Table(name))
}

// Migrations implements [dialect.Dialect].
func (d Dialect) Migrations() []dialect.Migration { return d.migrations }

// InTheWay implements [dialect.Dialect]. Index names are local to their tables.
func (d Dialect) InTheWay(names dialect.Names) dialect.Stmt {
	text, args, err := squirrel.Select("CASE o.type_desc WHEN N'USER_TABLE' THEN N'table' ELSE LOWER(REPLACE(o.type_desc, N'_', N' ')) END + N' ' + o.name").
		From("sys.objects AS o").Join("sys.schemas AS s ON s.schema_id = o.schema_id").
		Where(squirrel.Eq{"s.name": d.schema, "o.name": slices.Concat(names.Tables, names.Views)}).OrderBy("o.name").ToSql()
	if err == nil {
		text, err = squirrel.AtP.ReplacePlaceholders(text)
	}
	if err != nil {
		panic(err) // nothing in it comes from outside
	}
	return dialect.Stmt{Name: "setup.in_the_way", SQL: text, Args: args}
}

// identifier quotes a name, so that any name is allowed.
func identifier(name string) string { return "[" + strings.ReplaceAll(name, "]", "]]") + "]" }

// literal returns the name of a table as a text literal, or of the schema if there is no
// table.
func (d Dialect) literal(name string) string {
	text := d.schema
	if name != "" {
		text = d.Table(name)
	}
	return "N'" + strings.ReplaceAll(text, "'", "''") + "'"
}
