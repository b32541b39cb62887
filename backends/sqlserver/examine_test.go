package sqlserver

import (
	"database/sql/driver"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestAnExaminationReportsWhatTheServerSays(t *testing.T) {
	t.Parallel()
	good := map[string][]driver.Value{
		"'ProductVersion'": {"16.0.1000.6", "READ_WRITE"}, "encrypt_option": {"TRUE"}, "'Collation'": {"Czech_CI_AS"},
		"SELECT d.is_read_committed_snapshot_on": {true}, "reserved_page_count": {"run", int64(8192)},
	}
	for name, c := range map[string]struct {
		part    string // of the query that is answered otherwise
		answer  []driver.Value
		check   string
		level   dialect.Level
		found   string
		remedy  string
		missing bool // there is no answer
	}{
		"a server":                  {check: "server", level: dialect.OK, found: "16.0.1000.6"},
		"a secondary":               {part: "'ProductVersion'", answer: []driver.Value{"16.0", "READ_ONLY"}, check: "server", level: dialect.Fail, found: "read-only", remedy: "primary"},
		"TLS":                       {check: "encryption", level: dialect.OK, found: "TLS"},
		"no TLS":                    {part: "encrypt_option", answer: []driver.Value{"FALSE"}, check: "encryption", level: dialect.Warn, found: "none", remedy: "encrypt=true"},
		"a collation":               {check: "encoding", level: dialect.OK, found: "Czech_CI_AS"},
		"row versions":              {check: "isolation", level: dialect.OK, found: "row versions"},
		"no row versions":           {part: "SELECT d.is_read_committed_snapshot_on", answer: []driver.Value{false}, check: "isolation", level: dialect.Warn, found: "locks", remedy: "READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE"},
		"a database that is hidden": {part: "SELECT d.is_read_committed_snapshot_on", missing: true, check: "isolation", level: dialect.Warn, found: "does not say", remedy: "may see it"},
		"tables":                    {check: "size", level: dialect.OK, found: "8.0 KiB, run 8.0 KiB"},
	} {
		r := &recorder{answers: maps.Clone(good)}
		if c.part != "" {
			r.answers[c.part] = c.answer
		}
		if c.missing {
			delete(r.answers, c.part)
		}
		b, err := New(t.Context(), r.pool(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		findings := b.Examine(t.Context())
		i := slices.IndexFunc(findings, func(f dialect.Finding) bool { return f.Check == c.check })
		if i < 0 {
			t.Errorf("%s: nothing was found about %s: %+v", name, c.check, findings)
			continue
		}
		if f := findings[i]; f.Level != c.level || !strings.Contains(f.Found, c.found) || !strings.Contains(f.Remedy, c.remedy) || (f.Remedy == "") != (c.level == dialect.OK) {
			t.Errorf("%s: %+v, want %s, %q and %q", name, f, c.level, c.found, c.remedy)
		}
	}
}

// On Azure SQL Database, the number of DB_ID may differ from the one in sys.databases.
func TestAnExaminationAsksForTheDatabaseByName(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	b, err := New(t.Context(), r.pool(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	b.Examine(t.Context())
	asked := 0
	for i, text := range r.sent {
		for _, arg := range r.args[i] {
			if s, ok := arg.(string); ok {
				text += "\n" + s
			}
		}
		if strings.Contains(text, "sys.databases") {
			asked++
		}
		if strings.Contains(text, "DB_ID") {
			t.Errorf("it asks by a number:\n%s", text)
		}
	}
	if asked < 2 {
		t.Errorf("it asked for the database %d times, want by probing and by examining", asked)
	}
}
