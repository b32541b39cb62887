package bench

import (
	"regexp"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Spelling translates SQL for filling a database, for benchmarks of other modules. Words in
// braces stand for tables; [hash x], [at seconds] and [own ids] for a key, a time after
// the beginning of 2020, and the clause of an INSERT with explicit IDs.
type Spelling struct {
	words
	spelled
}

// NewSpelling returns the spelling of a database.
func NewSpelling(d dialect.Dialect) Spelling { return Spelling{newWords(d), spelling(d.Name())} }

// SQL translates a statement.
func (s Spelling) SQL(query string) string { return s.sql(s.replace(query)) }

// Session returns statements that prepare a session for filling, and whether they may
// fail because the user lacks a privilege.
func (s Spelling) Session() (statements []string, optional bool) { return s.session, s.optional }

// Numbers returns statements that create the table bench_number, whose column n holds
// the numbers from 0 to 99,999.
func (s Spelling) Numbers() []string { return []string{s.SQL(numberTable), s.SQL(numberRows)} }

// Analyze returns the statement that gathers the statistics of a table.
func (s Spelling) Analyze(table string) string { return s.SQL(s.analyze + " {" + table + "}") }

// spelled holds the SQL for filling a place that differs between databases.
type spelled struct {
	session  []string // statements that prepare the session
	optional bool     // session may fail, for example without the privilege
	ownIDs   string   // in an INSERT with explicit IDs
	ids      []string // statements that set the next IDs of TABLE after the existing ones
	analyze  string   // followed by a table, gathers statistics
	sample   string   // the same, and nothing else, as a server does it by itself
	still    string   // in ALTER TABLE, keeps a table's statistics; empty if the database does so anyway
	hash     string   // of $1, a text: 64 hexadecimal digits
	at       string   // $1 seconds after a time years ago
}

func spelling(database string) spelled {
	switch database {
	case "postgres":
		return spelled{
			session: []string{"SET session_replication_role = replica"}, optional: true, // no foreign keys
			ownIDs:  "OVERRIDING SYSTEM VALUE",
			ids:     []string{"SELECT setval(pg_get_serial_sequence('{TABLE}', 'id'), max(id)) FROM {TABLE}"},
			analyze: "VACUUM (ANALYZE)",
			sample:  "ANALYZE",
			still:   "SET (autovacuum_enabled = false)",
			hash:    "encode(sha256(convert_to($1, 'UTF8')), 'hex')",
			at:      "TIMESTAMPTZ '2020-01-01 00:00:00+00' + ($1) * INTERVAL '1 second'",
		}
	case "mysql":
		return spelled{
			session: []string{"SET foreign_key_checks = 0, unique_checks = 0"},
			analyze: "ANALYZE TABLE",
			sample:  "ANALYZE TABLE",
			hash:    "SHA2($1, 256)",
			at:      "TIMESTAMPADD(SECOND, $1, '2020-01-01 00:00:00.000000')",
		}
	default:
		return spelled{
			session: []string{"PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000"},
			analyze: "ANALYZE",
			sample:  "ANALYZE",
			hash:    "lower(hex(randomblob(32)))", // SQLite has no such function, and any key will do
			at:      "strftime('%Y-%m-%d %H:%M:%f000', '2020-01-01', ($1) || ' seconds')",
		}
	}
}

var brackets = regexp.MustCompile(`\[(hash|at|own ids) ?([^\]]*)\]`)

// replace substitutes the bracketed expressions: a hash, a time, a clause.
func (s spelled) replace(query string) string {
	return brackets.ReplaceAllStringFunc(query, func(word string) string {
		parts := brackets.FindStringSubmatch(word)
		text := map[string]string{"hash": s.hash, "at": s.at, "own ids": s.ownIDs}[parts[1]]
		return regexp.MustCompile(`\$1`).ReplaceAllLiteralString(text, parts[2])
	})
}
