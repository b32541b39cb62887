// Package grammar checks that what the tracker sends to SQL Server is T-SQL, where no SQL Server can be had. It is
// a module of its own, so that programs that use the dialect do not get the parser.
package grammar

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sqlc-dev/teesql/ast"
	"github.com/sqlc-dev/teesql/parser"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/statements"
	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/dialects/sqlserver"
)

// schemas are names that need quoting, and one that does not.
func schemas() []string {
	return []string{"processtracker", " ETL it's \"quoted\" a.b]", "日本✈ $1 %s \\ [x]", "select", "{run} ; --"}
}

func each(t *testing.T, test func(*testing.T, sqlserver.Dialect)) {
	t.Helper()
	for _, schema := range schemas() {
		t.Run(schema, func(t *testing.T) {
			t.Parallel()
			d, err := sqlserver.New(schema)
			if err != nil {
				t.Fatal(err)
			}
			test(t, d)
		})
	}
}

// mends are the statements that undo each kind of drift.
func mends(d sqlserver.Dialect) (all []dialect.Stmt) {
	for _, c := range []struct {
		part       dialect.Part
		have, line string
	}{
		{dialect.Part{Kind: dialect.KindColumn, Name: "memory", Is: "bigint not null"}, "", "memory BIGINT NOT NULL DEFAULT 0"},
		{dialect.Part{Kind: dialect.KindColumn, Name: "created_by", Is: "bigint"}, "int", "created_by BIGINT REFERENCES [x].[actor] (id)"},
		{dialect.Part{Kind: dialect.KindColumn, Name: "name", Is: "nvarchar(500)"}, "ntext", "name NVARCHAR(500) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT N''"},
		{dialect.Part{Kind: dialect.KindDefault, Name: "changed_at"}, "", "changed_at DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME()"},
		{dialect.Part{Kind: dialect.KindKey, Is: "run_id,parent_id"}, "", ""},
		{dialect.Part{Kind: dialect.KindUnique, Is: "process_id,run_no"}, "", ""},
		{dialect.Part{Kind: dialect.KindForeignKey, Name: "process_id", Is: "process (id)"}, "", ""},
		{dialect.Part{Kind: dialect.KindIndex, Name: "run_by_name", Is: "process_id,name"}, "", ""},
		{dialect.Part{Kind: dialect.KindCounter, Name: "id", Is: "17"}, "1", ""},
	} {
		c.part.Table = "run"
		for _, text := range d.Mend(c.part, c.have, c.line) {
			all = append(all, dialect.Stmt{Name: "mend " + c.part.Kind, SQL: text})
		}
	}
	return all
}

func TestStatementsAreTSQL(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d sqlserver.Dialect) {
		t.Helper()
		all := statements.All(d)
		if lock, _ := d.SetupLock(); lock.SQL != "" {
			all = append(all, lock)
		}
		all = append(all, d.Catalogue()...)
		all = append(all, d.InTheWay(dialect.Names{Tables: []string{"run"}, Views: []string{"v1_runs"}}), d.Counters([]string{"run", "run_status"}))
		all = append(all, mends(d)...)
		if len(all) < 80 {
			t.Errorf("there are only %d statements", len(all))
		}
		for _, s := range all {
			if err := check(s.SQL); err != nil {
				t.Errorf("%s: %v\n%s", s.Name, err, s.SQL)
			}
		}
	})
}

func TestGrantsAreTSQL(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d sqlserver.Dialect) {
		t.Helper()
		for _, role := range setup.Roles() {
			for _, to := range []string{"etl", "it's [me]"} {
				grants, err := setup.Grants(d, role, to)
				if err != nil || len(grants) < 3 {
					t.Errorf("grants for a %s: %q, %v", role, grants, err)
				}
				for _, s := range grants {
					if err := check(s); err != nil {
						t.Errorf("%v\n%s", err, s)
					}
				}
			}
		}
		if _, err := setup.Grants(d, setup.Reader, "a\x00b"); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("a name with a NUL: %v", err)
		}
	})
}

func TestMigrationsAreTSQL(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d sqlserver.Dialect) {
		t.Helper()
		for _, m := range d.Migrations() {
			for i, s := range m.Statements {
				if err := check(s); err != nil {
					t.Errorf("migration %d, statement %d: %v\n%s", m.Version, i+1, err, s)
				}
			}
		}
	})
}

// TestInvalidTSQLIsRefused shows that the check would find what other databases
// have.
func TestInvalidTSQLIsRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"SELECT id FROM run LIMIT 5",
		"SELECT id FROM run ORDER BY id LIMIT @p1",
		"SELECT id FROM run WHERE id = @p1 FOR UPDATE",
		"SELECT id FROM run FOR UPDATE SKIP LOCKED",
		"SELECT id FROM run FOR NO KEY UPDATE OF run",
		"INSERT INTO run (id) VALUES (1) RETURNING id",
		"UPDATE run SET id = 1 RETURNING id",
		"INSERT INTO run (id) VALUES (1) ON CONFLICT DO NOTHING",
		"INSERT INTO run (id) VALUES (1) ON DUPLICATE KEY UPDATE id = id",
		"INSERT IGNORE INTO run (id) VALUES (1)",
		"SELECT 'a' || 'b'",
		"SELECT name || 'b' FROM run",
		"SELECT @p1::jsonb",
		"SELECT id FROM run WHERE id = $1",
		"SELECT id FROM run WHERE id = ?",
		"SELECT `id` FROM `run`",
		"SELECT id FROM run WHERE name ILIKE @p1",
		"SELECT id FROM run WHERE name GLOB @p1",
		"SELECT DISTINCT ON (id) id FROM run",
		"SELECT id FROM run USING (id)",
		"WITH RECURSIVE up(id) AS (SELECT 1 UNION SELECT 2) SELECT id FROM up",
		"SELECT TRUE AND FALSE",
		"UPDATE run SET active = TRUE",
		"SELECT id FROM run WHERE active",
		"CREATE TABLE run (id BIGINT GENERATED ALWAYS AS IDENTITY)",
		"CREATE TABLE run (id BIGINT AUTO_INCREMENT)",
		"CREATE TABLE IF NOT EXISTS run (id BIGINT)",
		"CREATE TABLE run (id BIGINT) ENGINE = InnoDB",
		"CREATE TABLE run (at TIMESTAMPTZ)",
		"CREATE TABLE run (active BOOLEAN)",
		"CREATE TABLE run (name TEXT)",
		"CREATE TABLE run (name VARCHAR(250))",
		"CREATE TABLE run (at DATETIME)",
		"CREATE SCHEMA IF NOT EXISTS etl",
		"SELECT now()",
		"SELECT clock_timestamp()",
		"SELECT strpos(name, @p1) FROM run",
		"UPDATE run WITH (FORCESEEK) SET id = 1 WHERE id = 2",
		"DELETE FROM run WITH (INDEX (1)) WHERE id = 2",
		"nonsense",
		"SELECT",
		"",
	} {
		if check(s) == nil {
			t.Errorf("it is taken for T-SQL: %s", s)
		}
	}
}

// check parses a statement and looks for what the parser takes and SQL Server does
// not: it reads a word that it does not expect as a label or the name of a procedure.
func check(text string) error {
	for name, pattern := range foreign() {
		if found := pattern.FindString(blank(text)); found != "" {
			return fmt.Errorf("%s: %q", name, found)
		}
	}
	script, err := parser.Parse(context.Background(), strings.NewReader(text))
	if err != nil {
		return err
	}
	var all []ast.Statement
	for _, batch := range script.Batches {
		all = append(all, batch.Statements...)
	}
	if len(all) != 1 {
		return fmt.Errorf("it is %d statements", len(all))
	}
	return walk(reflect.ValueOf(all[0]), strings.HasPrefix(text, "EXEC ") || strings.HasPrefix(text, "IF SCHEMA_ID(") || strings.HasPrefix(text, "BEGIN DECLARE "))
}

// walk refuses labels, and calls of procedures unless the text says EXEC.
func walk(v reflect.Value, calls bool) error {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		switch v.Interface().(type) {
		case *ast.LabelStatement, *ast.GoToStatement:
			return fmt.Errorf("a label: %T", v.Interface())
		case *ast.ExecuteStatement:
			if !calls {
				return fmt.Errorf("a call: %T", v.Interface())
			}
		}
		if !v.IsNil() {
			return walk(v.Elem(), calls)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := walk(v.Field(i), calls); err != nil {
				return err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := walk(v.Index(i), calls); err != nil {
				return err
			}
		}
	default:
	}
	return nil
}

// quoted is what stands in quotes or brackets, or in a comment.
var quoted = regexp.MustCompile(`N?'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|--.*`)

// blank empties what is quoted.
func blank(text string) string { return quoted.ReplaceAllString(text, "[]") }

// foreign lists words that the parser accepts somewhere but SQL Server does not know, and
// types that the tracker's columns must not have.
func foreign() map[string]*regexp.Regexp {
	all := map[string]*regexp.Regexp{}
	for name, pattern := range map[string]string{
		"another database's operator":   `\|\||::|` + "`" + `|\$\d|\?`,
		"another database's word":       `(?i)\b(LIMIT|RETURNING|RECURSIVE|ILIKE|GLOB|CONFLICT|IGNORE|DUPLICATE|BOOLEAN|TRUE|FALSE|GENERATED|AUTO_INCREMENT|ENGINE|TIMESTAMPTZ|JSONB)\b`,
		"another database's clause":     `(?i)\bFOR (NO KEY )?(UPDATE|SHARE)\b|\bDISTINCT ON\b|\bIF NOT EXISTS [^(]|\bUSING \(`,
		"another database's function":   `(?i)\b(now|clock_timestamp|strftime|strpos|instr|json_each|json_table|jsonb_to_recordset|length|group_concat)\(`,
		"a type that is not used":       `(?i)\b(DATETIME|SMALLDATETIME|TIMESTAMP|TEXT|NTEXT|INT|INTEGER)\b|[^N]VARCHAR\((250|64|MAX)\)`,
		"a condition that is no such":   `(?i)\bWHERE \w+$`,
		"an index hint for a target":    `^(UPDATE|DELETE FROM) \S+ WITH`,
		"a hint that gives up the rule": `(?i)\b(NOLOCK|READUNCOMMITTED|TABLOCK|TABLOCKX|MERGE)\b`,
	} {
		all[name] = regexp.MustCompile(pattern)
	}
	return all
}

// TestParametersHaveTheTypesOfColumns looks at what the driver makes of the sample
// arguments: a text travels as NVARCHAR, a whole number as BIGINT, a truth value as
// BIT, and the backend sends times as DATETIME2. Any other type would have SQL
// Server convert the column, and not find it by index.
func TestParametersHaveTheTypesOfColumns(t *testing.T) {
	t.Parallel()
	d, err := sqlserver.New("")
	if err != nil {
		t.Fatal(err)
	}
	placeholder := regexp.MustCompile(`@p(\d+)`)
	for _, s := range statements.All(d) {
		var used []int
		for _, m := range placeholder.FindAllStringSubmatch(blank(s.SQL), -1) {
			n, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			used = append(used, n)
		}
		slices.Sort(used)
		if used = slices.Compact(used); len(used) != len(s.Args) || len(used) > 0 && used[len(used)-1] != len(s.Args) {
			t.Errorf("%s has placeholders %v and %d arguments", s.Name, used, len(s.Args))
		}
		for i, arg := range s.Args {
			switch v := arg.(type) {
			case nil, string, int64, int, bool, *int64, *string:
			case time.Time:
				if v.Location() != time.UTC || v.Nanosecond()%1000 != 0 {
					t.Errorf("%s: @p%d is the time %v, want UTC and microseconds", s.Name, i+1, v)
				}
			default:
				t.Errorf("%s: @p%d is a %T", s.Name, i+1, arg)
			}
		}
	}
}

var column = regexp.MustCompile(`(?m)^    (\w+) +(\w+(?:\([^)]*\))?(?: COLLATE \w+)?)`)

// TestColumnsHaveTheTypesOfParameters looks at the tables: ids are BIGINT, texts
// NVARCHAR in the collation that tells all characters apart, times DATETIME2(6).
func TestColumnsHaveTheTypesOfParameters(t *testing.T) {
	t.Parallel()
	d, err := sqlserver.New("")
	if err != nil {
		t.Fatal(err)
	}
	known := regexp.MustCompile(`^(BIGINT|BIT|DATETIME2\(6\)|NVARCHAR\((\d+|MAX)\) COLLATE Latin1_General_100_BIN2)$`)
	n := 0
	for _, m := range d.Migrations() {
		for _, s := range m.Statements {
			for _, c := range column.FindAllStringSubmatch(s, -1) {
				if name, kind := c[1], c[2]; name == strings.ToLower(name) {
					n++
					switch {
					case !known.MatchString(kind):
						t.Errorf("column %s is %s", name, kind)
					case (name == "id" || strings.HasSuffix(name, "_id")) && kind != "BIGINT",
						strings.HasSuffix(name, "_at") && kind != "DATETIME2(6)",
						(name == "name" || strings.HasSuffix(name, "_key") && name != "is_key") && !strings.HasPrefix(kind, "NVARCHAR"):
						t.Errorf("column %s is %s", name, kind)
					}
				}
			}
		}
	}
	if n < 200 {
		t.Errorf("there are only %d columns", n)
	}
}
