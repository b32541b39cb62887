package faults

import (
	"bytes"
	"strings"
)

// A Request is what a client has said on a connection since the server last did.
type Request struct {
	Sent  []byte // its last MiB
	After []byte // the end of what the server said before it, 64 bytes at most
}

// A Match says whether what a client sent is what is waited for. It is asked again
// each time that a piece more of the request comes, and must be quick.
type Match func(Request) bool

// Anything matches whatever is sent next.
func Anything(Request) bool { return true }

// Containing matches a request that contains the text, in the case given.
func Containing(text string) Match {
	return func(r Request) bool { return bytes.Contains(r.Sent, []byte(text)) }
}

// What PostgreSQL's protocol has: its manual, "Message Formats".
const (
	postgresExecute = "E\x00\x00\x00\x09\x00\x00\x00\x00\x00" // the unnamed portal, all rows
	postgresSync    = "S\x00\x00\x00\x04"
	postgresIdle    = "Z\x00\x00\x00\x05I" // ready, and not in a transaction
	postgresQuery   = 'Q'
)

// PostgresCommit matches a COMMIT, and a pipeline of several statements outside of a
// transaction: that is a transaction itself, which its Sync commits.
func PostgresCommit(r Request) bool {
	if len(r.Sent) > 5 && r.Sent[0] == postgresQuery {
		return strings.EqualFold(string(bytes.Trim(r.Sent[5:], "\x00; ")), "commit")
	}
	return bytes.HasSuffix(r.After, []byte(postgresIdle)) &&
		bytes.HasSuffix(r.Sent, []byte(postgresExecute+postgresSync)) &&
		bytes.Count(r.Sent, []byte(postgresExecute)) > 1
}

// mysqlQuery is MySQL's COM_QUERY: a packet of a length of 3 bytes and a number,
// which is 0, and this.
const mysqlQuery = 3

// MySQLCommit matches a COMMIT, also at the end of a text of several statements.
func MySQLCommit(r Request) bool {
	const header = 4
	if len(r.Sent) <= header || r.Sent[header-1] != 0 || r.Sent[header] != mysqlQuery {
		return false
	}
	text := strings.TrimRight(string(r.Sent[max(header+1, len(r.Sent)-16):]), "; \n")
	last := text[strings.LastIndexAny(text, ";\n")+1:]
	return strings.EqualFold(strings.TrimSpace(last), "commit")
}
