package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/statements"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlite"
)

// FuzzPrefix looks for a prefix of tables that gets out of its quotes, or that is taken for something else on the way
// through the migrations' files and the statements' placeholders.
func FuzzPrefix(f *testing.F) {
	for _, seed := range []string{
		"etl_", " ", `it's "quoted"`, `"`, `'`, `""''`, "{run}", "{'run'}", "{}", "what?", "??", "$1", ":a", "@a", "; --", "/*", "a.b", "[x]", "`", "日本🚚", "\xff", "e\u0301", "PT_",
		"a\nb", ";\n", "sqlite_", "Sqlite_", "%s", `\`, "\u2028",
	} {
		f.Add(seed)
	}
	db := inMemory(f)
	plain, err := dialects.New("")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, prefix string) {
		d, err := dialects.New(prefix)
		if err != nil || prefix == "" {
			return
		}
		quoted := strings.NewReplacer(
			`"pt_`, `"`+strings.ReplaceAll(prefix, `"`, `""`), `'pt_`, `'`+strings.ReplaceAll(prefix, `'`, `''`)).Replace
		for i, s := range plain.Migrations()[0].Statements {
			if got := d.Migrations()[0].Statements[i]; got != quoted(s) {
				t.Fatalf("prefix %q: the migration says\n%s", prefix, got)
			}
		}
		known := statements.All(plain)
		for i, s := range statements.All(d) {
			if s.SQL != quoted(known[i].SQL) || len(s.Args) != len(known[i].Args) {
				t.Fatalf("prefix %q: the statement %s, with %d arguments, says\n%s", prefix, s.Name, len(s.Args), s.SQL)
			}
		}
		makeTable(t, db, d, prefix)
	})
}

// makeTable makes a table of that prefix, and wants to find that one table under its name.
func makeTable(t *testing.T, db *sql.DB, d dialects.Dialect, prefix string) {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := tx.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatalf("prefix %q: %s: %v", prefix, query, err)
		}
	}
	for _, s := range d.Migrations()[0].Statements {
		if strings.Contains(s, "CREATE TABLE "+d.Table("schema_version")+" (") {
			run(s)
		}
	}
	run("INSERT INTO "+d.Table("schema_version")+" (version, name, applied_at) VALUES (?, ?, ?)", 1, "x", "now")
	var name string
	if err := tx.QueryRowContext(t.Context(), "SELECT name FROM sqlite_master WHERE type = 'table'").Scan(&name); err != nil || name != prefix+"schema_version" {
		t.Errorf("prefix %q: the table is called %q, %v", prefix, name, err)
	}
	for table, want := range map[string]int{"schema_version": 1, "schema": 0} {
		if n := count(t.Context(), t, tx, d, table); n != want {
			t.Errorf("prefix %q: there are %d tables %s, want %d", prefix, n, table, want)
		}
	}
}

func count(ctx context.Context, t *testing.T, tx *sql.Tx, d dialect.Dialect, table string) int {
	t.Helper()
	query, args, err := d.TableExists(table).ToSql()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
