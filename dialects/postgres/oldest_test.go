package postgres_test

import (
	"os"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/statements"
	"github.com/processtracker/processtracker-go/dialects/postgres"
)

// newer returns words that PostgreSQL 11, the oldest version that the tracker opens, does not
// know: appendix E of PostgreSQL's manual, "Release Notes". Only a server of that version
// knows all of them.
func newer() []string {
	return []string{
		"as materialized", "as not materialized", "generated always as (", "reindex concurrently", "jsonb_path_", "@?", "@@", // 12
		"with ties", "gen_random_uuid", // 13
		"date_bin", "string_to_table", "unistr", "compression lz4", "extract(epoch from", // 14, where extract returns numeric
		"merge into", "nulls not distinct", "regexp_like", "regexp_substr", "regexp_count", "security_invoker", // 15
		"any_value", "is json", "json_array(", "json_object(", "json_arrayagg", "json_objectagg", // 16
		"json_table", "json_value", "json_query", "json_exists", "merge_action", // 17
		"returning with", "uuidv7", "virtual", // 18
	}
}

func TestStatementsAreOfTheOldestVersion(t *testing.T) {
	t.Parallel()
	d, err := postgres.New("s")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("testdata/setup.sql")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{"setup": string(script)}
	for _, s := range statements.All(d) {
		texts[s.Name] += s.SQL + ";\n"
	}
	for name, text := range texts {
		for _, word := range newer() {
			if strings.Contains(strings.ToLower(text), word) {
				t.Errorf("%s says %q, which PostgreSQL 11 does not know", name, word)
			}
		}
	}
}
