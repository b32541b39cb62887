package faults

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// A Request is the data that a client has sent on a connection since the server last
// sent something.
type Request struct {
	Sent  []byte // the last MiB
	After []byte // the end of the server's data before it, at most 64 bytes
}

// A Match reports whether a client's request is the expected one. It is called again
// for every piece of the request that arrives, and must be fast.
type Match func(Request) bool

// Anything matches any request.
func Anything(Request) bool { return true }

// Containing matches a request that contains the text, in the same case.
func Containing(text string) Match {
	return func(r Request) bool { return bytes.Contains(r.Sent, []byte(text)) }
}

// Messages of PostgreSQL's protocol: see its manual, "Message Formats".
const (
	postgresExecute = "E\x00\x00\x00\x09\x00\x00\x00\x00\x00" // the unnamed portal, all rows
	postgresSync    = "S\x00\x00\x00\x04"
	postgresIdle    = "Z\x00\x00\x00\x05I" // ready, and not in a transaction
	postgresQuery   = 'Q'
)

// PostgresCommit matches a COMMIT, also at the end of a pipeline. It also matches a
// pipeline of several statements outside of a transaction that does not begin one: such
// a pipeline is a transaction itself, and its Sync commits it.
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

// preparedByPgx is the name, in the form of a Bind message, under which pgx has
// prepared a statement.
func preparedByPgx(statement string) []byte {
	digest := sha256.Sum256([]byte(statement))
	return []byte("\x00stmtcache_" + hex.EncodeToString(digest[:24]) + "\x00")
}

// mysqlQuery is MySQL's COM_QUERY: a packet header with a length of 3 bytes and the
// sequence number 0, and this command byte.
const mysqlQuery = 3

// MySQLCommit matches a COMMIT or COMMIT AND NO CHAIN, also at the end of a text of
// several statements.
func MySQLCommit(r Request) bool {
	const header = 4
	if len(r.Sent) <= header || r.Sent[header-1] != 0 || r.Sent[header] != mysqlQuery {
		return false
	}
	text := strings.TrimRight(string(r.Sent[max(header+1, len(r.Sent)-64):]), "; \n")
	last := strings.ToLower(strings.TrimSpace(text[strings.LastIndexAny(text, ";\n")+1:]))
	return last == "commit" || strings.HasPrefix(last, "commit and no chain")
}

// Constants of TDS, SQL Server's protocol: [MS-TDS] 2.2.3, and 2.2.6.9 for transactions.
const (
	tdsHeader      = 8 // of a packet: its type, its status, its length in 2 bytes, ...
	tdsLast        = 1 // in the status: the message ends with it
	tdsBatch       = 1
	tdsCall        = 3
	tdsTransaction = 14
	tdsCommit      = 7
)

// SQLServerCommit matches a COMMIT that is sent as a request of its own, as a text, or
// at the end of a text of several statements. It sees nothing in an encrypted
// connection.
func SQLServerCommit(r Request) bool {
	kind, message := tdsMessage(r.Sent)
	if len(message) < 4 {
		return false
	}
	said := message[min(int(binary.LittleEndian.Uint32(message)), len(message)):] // after the headers
	switch kind {
	case tdsTransaction:
		return len(said) >= 2 && binary.LittleEndian.Uint16(said) == tdsCommit
	case tdsBatch:
		return bytes.Equal(said, utf16Text("COMMIT")) || bytes.Contains(said, utf16Text("\nCOMMIT TRANSACTION;\n"))
	case tdsCall: // a call of the procedure that runs a text, with arguments after it
		return bytes.Contains(said, utf16Text("\nCOMMIT TRANSACTION;\n"))
	default:
		return false
	}
}

// tdsMessage joins the packets of a message, if all of them have arrived.
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

// utf16Text returns an ASCII text as TDS encodes it.
func utf16Text(text string) []byte {
	var wide []byte
	for _, c := range []byte(text) {
		wide = append(wide, c, 0)
	}
	return wide
}
