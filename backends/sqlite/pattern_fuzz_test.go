package sqlite

import (
	"database/sql"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/postgres"
	dialects "github.com/processtracker/processtracker-go/dialects/sqlite"
)

// inMemory is a database of one connection that is gone after the test.
func inMemory(tb testing.TB) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		tb.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

// dialectsHere are those whose conditions on texts SQLite can be made to judge. PostgreSQL's LIKE is case-sensitive, and
// its strpos is called instr.
func dialectsHere(tb testing.TB, db *sql.DB) []dialect.Dialect {
	tb.Helper()
	if _, err := db.ExecContext(tb.Context(), "PRAGMA case_sensitive_like = ON"); err != nil {
		tb.Fatal(err)
	}
	ours, err := dialects.New("")
	if err != nil {
		tb.Fatal(err)
	}
	theirs, err := postgres.New("")
	if err != nil {
		tb.Fatal(err)
	}
	return []dialect.Dialect{ours, theirs}
}

// judge asks the database whether the condition holds for a row e with that name.
func judge(t *testing.T, db *sql.DB, name string, condition squirrel.Sqlizer) bool {
	t.Helper()
	text, args, err := condition.ToSql()
	if err != nil {
		t.Fatal(err)
	}
	text = strings.Replace(text, "strpos(", "instr(", 1)
	var n int
	query := "SELECT count(*) FROM (SELECT ? AS name) AS e WHERE " + text
	if err := db.QueryRowContext(t.Context(), query, append([]any{name}, args...)...).Scan(&n); err != nil {
		t.Fatalf("%s with %q: %v", query, args, err)
	}
	return n == 1
}

// fileName reports whether the tracker takes a text as a file name, a part of one or a pattern.
func fileName(text string) bool {
	return text != "" && len(text) <= 1024 && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// matches is what a glob means: which beginnings of the name are matched, one sign of the pattern after the other.
func matches(pattern, name string) bool {
	text := []rune(name)
	ends := make([]bool, len(text)+1)
	ends[0] = true
	for _, sign := range pattern {
		next := make([]bool, len(text)+1)
		for i, ok := range ends {
			switch {
			case sign == '*':
				next[i] = ok || i > 0 && next[i-1]
			case ok && i < len(text) && (sign == '?' || sign == text[i]):
				next[i+1] = true
			}
		}
		ends = next
	}
	return ends[len(text)]
}

// FuzzGlob looks for a pattern in which more than * and ? is special, on any database.
func FuzzGlob(f *testing.F) {
	for _, seed := range [][2]string{
		{"*.csv", "teams.csv"}, {"?1.*", "a1.csv"}, {"[a-z]", "[a-z]"}, {"[!a]", "b"}, {"[^a]", "b"}, {"]", "]"}, {"[]]", "]"}, {"[[]", "["}, {`\*`, `\x`}, {`\%`, `%`},
		{"%", "x"}, {"_", "x"}, {"A*", "a"}, {"é", "e\u0301"}, {"?", "🚚"}, {"x?x", "x\u0301x"}, {strings.Repeat("*a", 12), strings.Repeat("a", 40)},
		{strings.Repeat("*a", 300) + "b", strings.Repeat("a", 1024)}, {`'";--`, `'";--`}, {"**", "x"}, {"a*[", "ab["}, {"ß", "SS"}, {"?", "\ufffd"},
	} {
		f.Add(seed[0], seed[1])
	}
	db := inMemory(f)
	all := dialectsHere(f, db)
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if !fileName(pattern) || !fileName(name) {
			return
		}
		for _, d := range all {
			if got, want := judge(t, db, name, d.Glob("e.name", d.Pattern(pattern))), matches(pattern, name); got != want {
				t.Errorf("%s: %q matches %q: %v, want %v", d.Name(), pattern, name, got, want)
			}
		}
	})
}

// FuzzContains looks for a part in which anything is special, on any database.
func FuzzContains(f *testing.F) {
	for _, seed := range [][3]string{
		{"a", "b", "c"}, {"", "%", ""}, {"x", "_", "y"}, {"", `%_[\'";--🚚`, ""}, {"e", "\u0301", ""}, {"É", "é", ""}, {"ab", "abc", ""}, {"🚚", "🚛", "🚚"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	db := inMemory(f)
	all := dialectsHere(f, db)
	f.Fuzz(func(t *testing.T, before, part, after string) {
		if !fileName(part) || !fileName(before+part+after) {
			return
		}
		for _, d := range all {
			for name, want := range map[string]bool{before + part + after: true, before + after: strings.Contains(before+after, part)} {
				if got := judge(t, db, name, d.Contains("e.name", part)); got != want {
					t.Errorf("%s: %q has %q in it: %v, want %v", d.Name(), name, part, got, want)
				}
			}
		}
	})
}
