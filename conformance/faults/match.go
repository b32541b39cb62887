package faults

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
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

// PostgresCommit matches a COMMIT, also at the end of a pipeline, and a pipeline of
// several statements outside of a transaction that does not begin one: that is a
// transaction itself, which its Sync commits.
func PostgresCommit(r Request) bool {
	if len(r.Sent) > 5 && r.Sent[0] == postgresQuery {
		return strings.EqualFold(string(bytes.Trim(r.Sent[5:], "\x00; ")), "commit")
	}
	if !bytes.HasSuffix(r.Sent, []byte(postgresExecute+postgresSync)) {
		return false
	}
	if bytes.Contains(r.Sent, preparedByPgx("commit")) {
		return true
	}
	return bytes.HasSuffix(r.After, []byte(postgresIdle)) && bytes.Count(r.Sent, []byte(postgresExecute)) > 1 &&
		!bytes.Contains(r.Sent, preparedByPgx("begin isolation level read committed"))
}

// preparedByPgx is the name, as a Bind has it, under which pgx has prepared a statement.
func preparedByPgx(statement string) []byte {
	digest := sha256.Sum256([]byte(statement))
	return []byte("\x00stmtcache_" + hex.EncodeToString(digest[:24]) + "\x00")
}

// mysqlQuery is MySQL's COM_QUERY: a packet of a length of 3 bytes and a number,
// which is 0, and this.
const mysqlQuery = 3

// MySQLCommit matches a COMMIT, also at the end of a text of several statements, and
// also one that says that nothing else is to follow.
func MySQLCommit(r Request) bool {
	const header = 4
	if len(r.Sent) <= header || r.Sent[header-1] != 0 || r.Sent[header] != mysqlQuery {
		return false
	}
	text := strings.TrimRight(string(r.Sent[max(header+1, len(r.Sent)-64):]), "; \n")
	last := strings.ToLower(strings.TrimSpace(text[strings.LastIndexAny(text, ";\n")+1:]))
	return last == "commit" || strings.HasPrefix(last, "commit and no chain")
}

// What TDS has, SQL Server's protocol: [MS-TDS] 2.2.3, and 2.2.6.9 of transactions.
const (
	tdsHeader      = 8 // of a packet: its type, its status, its length in 2 bytes, ...
	tdsLast        = 1 // in the status: the message ends with it
	tdsBatch       = 1
	tdsCall        = 3
	tdsTransaction = 14
	tdsCommit      = 7
)

// SQLServerCommit matches a COMMIT, sent as a request of its own, as a text, or at
// the end of one of several statements. Of an encrypted connection it sees nothing.
func SQLServerCommit(r Request) bool {
	kind, message := tdsMessage(r.Sent)
	if len(message) < 4 {
		return false
	}
	said := message[min(int(binary.LittleEndian.Uint32(message)), len(message)):] // after its headers
	switch kind {
	case tdsTransaction:
		return len(said) >= 2 && binary.LittleEndian.Uint16(said) == tdsCommit
	case tdsBatch:
		return bytes.Equal(said, utf16Text("COMMIT")) || bytes.Contains(said, utf16Text("\nCOMMIT TRANSACTION;\n"))
	case tdsCall: // of a procedure that runs the text, with arguments after it
		return bytes.Contains(said, utf16Text("\nCOMMIT TRANSACTION;\n"))
	default:
		return false
	}
}

// tdsMessage puts the packets of a message together, if all of them are there.
func tdsMessage(sent []byte) (kind byte, message []byte) {
	for len(sent) >= tdsHeader {
		length := int(binary.BigEndian.Uint16(sent[2:]))
		if length < tdsHeader || length > len(sent) {
			break
		}
		kind = sent[0]
		message = append(message, sent[tdsHeader:length]...)
		if last := sent[1]&tdsLast != 0; last {
			if length == len(sent) {
				return kind, message
			}
			break
		}
		sent = sent[length:]
	}
	return 0, nil
}

// utf16Text is an ASCII text as TDS has it.
func utf16Text(text string) []byte {
	var wide []byte
	for _, c := range []byte(text) {
		wide = append(wide, c, 0)
	}
	return wide
}
