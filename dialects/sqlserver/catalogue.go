package sqlserver

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/internal/lookups"
)

//go:embed catalogue.txt
var expected string

// Expected implements [dialect.Upkeep]. It is derived from the migrations and from SQL
// Server's manual until a real catalogue has been read: `make golden` writes it.
func (d Dialect) Expected() string { return expected }

const mine = `WITH mine AS (SELECT o.object_id, o.name, o.type FROM sys.objects AS o
	JOIN sys.schemas AS s ON s.schema_id = o.schema_id WHERE s.name = @p1 AND o.type IN (N'U', N'V'))
`

// Catalogue implements [dialect.Upkeep]. It shows the objects that the user has a
// privilege on. For defaults it only says that they exist, and it has no checks,
// because it is not known how a server writes expressions.
func (d Dialect) Catalogue() []dialect.Stmt {
	args := []any{d.schema}
	return []dialect.Stmt{
		{Name: "setup.tables", Args: args, SQL: mine + `SELECT CASE t.type WHEN N'V' THEN N'view' ELSE N'table' END, t.name, N'', coalesce(m.definition, N'')
FROM mine AS t LEFT JOIN sys.sql_modules AS m ON m.object_id = t.object_id`},
		{Name: "setup.columns", Args: args, SQL: mine + `SELECT N'column', t.name, c.name, y.name
	+ CASE WHEN y.name = N'nvarchar' AND c.max_length = -1 THEN N'(max)' WHEN y.name = N'nvarchar' THEN N'(' + CAST(c.max_length / 2 AS NVARCHAR(10)) + N')'
		WHEN y.name = N'varchar' THEN N'(' + CAST(c.max_length AS NVARCHAR(10)) + N')' WHEN y.name = N'datetime2' THEN N'(' + CAST(c.scale AS NVARCHAR(10)) + N')' ELSE N'' END
	+ CASE WHEN c.collation_name IS NULL THEN N'' ELSE N' collate ' + c.collation_name END
	+ CASE WHEN c.is_computed = 1 THEN N' generated' ELSE N'' END + CASE WHEN c.is_nullable = 0 THEN N' not null' ELSE N'' END
FROM mine AS t JOIN sys.columns AS c ON c.object_id = t.object_id JOIN sys.types AS y ON y.user_type_id = c.user_type_id WHERE t.type = N'U'
UNION ALL
SELECT N'identity', t.name, c.name, N'' FROM mine AS t JOIN sys.columns AS c ON c.object_id = t.object_id WHERE t.type = N'U' AND c.is_identity = 1
UNION ALL
SELECT N'default', t.name, c.name, N'' FROM mine AS t JOIN sys.columns AS c ON c.object_id = t.object_id WHERE t.type = N'U' AND c.default_object_id <> 0`},
		{Name: "setup.indexes", Args: args, SQL: mine + `SELECT CASE WHEN i.is_primary_key = 1 THEN N'key' WHEN i.is_unique = 1 THEN N'unique' ELSE N'index' END,
	t.name, CASE WHEN i.is_unique = 1 THEN N'' ELSE i.name END, STRING_AGG(c.name, N',') WITHIN GROUP (ORDER BY k.key_ordinal)
FROM mine AS t JOIN sys.indexes AS i ON i.object_id = t.object_id
JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.key_ordinal > 0
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE t.type = N'U' AND i.is_disabled = 0 AND i.is_hypothetical = 0 AND i.has_filter = 0
GROUP BY t.name, i.name, i.is_primary_key, i.is_unique`},
		{Name: "setup.foreign_keys", Args: args, SQL: mine + `SELECT N'foreign key', t.name, STRING_AGG(c.name, N',') WITHIN GROUP (ORDER BY k.constraint_column_id),
	CASE s.name WHEN @p1 THEN N'' ELSE s.name + N'.' END + o.name + N' (' + STRING_AGG(r.name, N',') WITHIN GROUP (ORDER BY k.constraint_column_id) + N')'
	+ CASE WHEN f.delete_referential_action <> 0 OR f.update_referential_action <> 0 THEN N' with an action' ELSE N'' END
	+ CASE WHEN f.is_disabled = 1 THEN N' disabled' ELSE N'' END
FROM mine AS t JOIN sys.foreign_keys AS f ON f.parent_object_id = t.object_id
JOIN sys.objects AS o ON o.object_id = f.referenced_object_id JOIN sys.schemas AS s ON s.schema_id = o.schema_id
JOIN sys.foreign_key_columns AS k ON k.constraint_object_id = f.object_id
JOIN sys.columns AS c ON c.object_id = k.parent_object_id AND c.column_id = k.parent_column_id
JOIN sys.columns AS r ON r.object_id = k.referenced_object_id AND r.column_id = k.referenced_column_id
GROUP BY t.name, f.name, s.name, o.name, f.delete_referential_action, f.update_referential_action, f.is_disabled`},
	}
}

var remark = regexp.MustCompile(`--[^\n]*|(?s)/\*.*?\*/`)

// Parts implements [dialect.Upkeep]. A view's definition is the text that created it,
// if the user may see that.
func (d Dialect) Parts(rows []dialect.Part) []dialect.Part {
	var parts []dialect.Part
	hidden := false
	for _, p := range rows {
		if p.Kind == dialect.KindView {
			hidden = hidden || p.Is == ""
			text := strings.ReplaceAll(p.Is, identifier(d.schema)+".", "")
			_, body, _ := strings.Cut(remark.ReplaceAllString(text, ""), " AS ")
			p.Is = strings.Join(strings.Fields(body), " ")
		}
		parts = append(parts, p)
	}
	if hidden {
		parts = append(parts, dialect.Part{Kind: dialect.KindUnseen, Is: "views"})
	}
	return parts
}

// Counters implements [dialect.Upkeep].
func (d Dialect) Counters(tables []string) dialect.Stmt {
	each := make([]string, len(tables))
	args := make([]any, len(tables))
	for i, table := range tables {
		least := "0"
		if lookups.Has(table) {
			least = strconv.Itoa(lookups.Reserved)
		}
		place := "@p" + strconv.Itoa(i+1)
		args[i] = d.Table(table)
		each[i] = "SELECT N'" + table + "', N'id', coalesce(CAST(c.last_value AS BIGINT) + CAST(c.increment_value AS BIGINT), CAST(c.seed_value AS BIGINT))," +
			" (SELECT CASE WHEN coalesce(max(x.id), 0) < " + least + " THEN " + least + " ELSE coalesce(max(x.id), 0) END + 1 FROM " + d.Table(table) + " AS x)" +
			" FROM sys.identity_columns AS c WHERE c.object_id = OBJECT_ID(" + place + ", N'U')"
	}
	return dialect.Stmt{Name: "setup.counters", SQL: strings.Join(each, "\nUNION ALL\n"), Args: args}
}
