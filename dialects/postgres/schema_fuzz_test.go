package postgres_test

import (
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/statements"
	"github.com/processtracker/processtracker-go/dialects/postgres"
)

// FuzzSchema looks for the name of a schema that gets out of its quotes, or that is taken for something else on the way
// through the migrations' files and the statements' placeholders.
func FuzzSchema(f *testing.F) {
	for _, seed := range []string{
		"etl_meta", " ", `it's "quoted"`, `"`, `'`, `""''`, "{run}", "{'run'}", "{}", "what?", "??", "$1", "; --", "/*", "a.b", "日本🚚", "\xff", "e\u0301", "a\nb", ";\n", "x;\n\ny",
		"\n\n", "%s", `\`, "\u2028",
	} {
		f.Add(seed)
	}
	plain, err := postgres.New("")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, schema string) {
		d, err := postgres.New(schema)
		if err != nil || schema == "" {
			return
		}
		quoted := func(text string) string {
			return strings.ReplaceAll(text, `"processtracker"`, `"`+strings.ReplaceAll(schema, `"`, `""`)+`"`)
		}
		have, want := d.Migrations()[0].Statements, plain.Migrations()[0].Statements
		if len(have) != len(want) {
			t.Fatalf("schema %q: the migration has %d statements, want %d", schema, len(have), len(want))
		}
		for i, s := range want {
			if have[i] != quoted(s) {
				t.Fatalf("schema %q: the migration says\n%s", schema, have[i])
			}
		}
		known := statements.All(plain)
		for i, s := range statements.All(d) {
			if s.SQL != quoted(known[i].SQL) || len(s.Args) != len(known[i].Args) {
				t.Fatalf("schema %q: the statement %s, with %d arguments, says\n%s", schema, s.Name, len(s.Args), s.SQL)
			}
		}
	})
}
