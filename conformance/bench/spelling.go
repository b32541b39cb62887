package bench

import "regexp"

// spelled is what the databases spell differently in what fills a place.
type spelled struct {
	session  []string // statements that make the connection fit for it
	optional bool     // it is so, too, if they fail: for want of a right
	ownIDs   string   // in an INSERT that gives ids
	ids      []string // queries that have the next ids of TABLE come after those that there are
	analyze  string   // followed by a table, gathers statistics
	still    string   // has a table, in ALTER TABLE, keep its statistics; empty if it does anyway
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
			still:   "SET (autovacuum_enabled = false)",
			hash:    "encode(sha256(convert_to($1, 'UTF8')), 'hex')",
			at:      "TIMESTAMPTZ '2020-01-01 00:00:00+00' + ($1) * INTERVAL '1 second'",
		}
	case "mysql":
		return spelled{
			session: []string{"SET foreign_key_checks = 0, unique_checks = 0"},
			analyze: "ANALYZE TABLE",
			hash:    "SHA2($1, 256)",
			at:      "TIMESTAMPADD(SECOND, $1, '2020-01-01 00:00:00.000000')",
		}
	default:
		return spelled{
			session: []string{"PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000"},
			analyze: "ANALYZE",
			hash:    "lower(hex(randomblob(32)))", // it has no such function, and any key will do
			at:      "strftime('%Y-%m-%d %H:%M:%f000', '2020-01-01', ($1) || ' seconds')",
		}
	}
}

var brackets = regexp.MustCompile(`\[(hash|at|own ids) ?([^\]]*)\]`)

// replace puts in what stands in brackets: a hash, a time, a clause.
func (s spelled) replace(query string) string {
	return brackets.ReplaceAllStringFunc(query, func(word string) string {
		parts := brackets.FindStringSubmatch(word)
		text := map[string]string{"hash": s.hash, "at": s.at, "own ids": s.ownIDs}[parts[1]]
		return regexp.MustCompile(`\$1`).ReplaceAllLiteralString(text, parts[2])
	})
}
