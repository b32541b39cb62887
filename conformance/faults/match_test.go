package faults_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/faults"
)

func TestMatches(t *testing.T) {
	t.Parallel()
	const (
		execute = "B\x00\x00\x00\x04E\x00\x00\x00\x09\x00\x00\x00\x00\x00"
		sync    = "S\x00\x00\x00\x04"
		idle    = "Z\x00\x00\x00\x05I"
		within  = "Z\x00\x00\x00\x05T"
		headers = "\x06\x00\x00\x00\x00\x00" // 6 bytes, of those of any message of SQL Server's
	)
	for _, c := range []struct {
		name, sent, after string
		match             faults.Match
		want              bool
	}{
		{"COMMIT", "Q\x00\x00\x00\x0bcommit\x00", within, faults.PostgresCommit, true},
		{"another statement", "Q\x00\x00\x00\x0bcommits\x00", within, faults.PostgresCommit, false},
		{"a pipeline", execute + execute + sync, idle, faults.PostgresCommit, true},
		{"half a pipeline", execute + execute, idle, faults.PostgresCommit, false},
		{"a pipeline in a transaction", execute + execute + sync, within, faults.PostgresCommit, false},
		{"a pipeline that begins a transaction", prepared("begin isolation level read committed") + execute + sync, idle, faults.PostgresCommit, false},
		{"a pipeline that ends one", execute + prepared("commit") + sync, within, faults.PostgresCommit, true},
		{"one that begins and ends it", prepared("begin isolation level read committed") + execute + prepared("commit") + sync, idle, faults.PostgresCommit, true},
		{"one statement", execute + sync, idle, faults.PostgresCommit, false},
		{"what prepares statements", "P\x00\x00\x00\x04D\x00\x00\x00\x04" + sync, idle, faults.PostgresCommit, false},
		{"COMMIT", "\x07\x00\x00\x00\x03COMMIT", "", faults.MySQLCommit, true},
		{"several statements", "\x20\x00\x00\x00\x03SELECT 1;\nUPDATE t;\nCOMMIT", "", faults.MySQLCommit, true},
		{"several without", "\x20\x00\x00\x00\x03SELECT 1;\nCOMMIT;\nSELECT 1", "", faults.MySQLCommit, false},
		{"a word that ends so", "\x20\x00\x00\x00\x03SELECT 'x COMMIT", "", faults.MySQLCommit, false},
		{"another command", "\x07\x00\x00\x00\x16COMMIT", "", faults.MySQLCommit, false},
		{"COMMIT", packet(1, true, headers+wide("COMMIT")), "", faults.SQLServerCommit, true},
		{"a commit's own request", packet(14, true, headers+"\x07\x00\x00\x00"), "", faults.SQLServerCommit, true},
		{"a rollback's", packet(14, true, headers+"\x08\x00\x00\x00"), "", faults.SQLServerCommit, false},
		{"several statements", packet(3, true, headers+wide("UPDATE t;\nCOMMIT TRANSACTION;\nSET x")+"args"), "", faults.SQLServerCommit, true},
		{"several packets", packet(3, false, headers+wide("UPDATE t;\nCOMM")) + packet(3, true, wide("IT TRANSACTION;\nSET x")), "", faults.SQLServerCommit, true},
		{"half of them", packet(3, false, headers+wide("UPDATE t;\nCOMMIT TRANSACTION;\nSET x")), "", faults.SQLServerCommit, false},
		{"half a packet", packet(1, true, headers+wide("COMMIT"))[:20], "", faults.SQLServerCommit, false},
		{"a word that ends so", packet(1, true, headers+wide("SELECT 'x COMMIT")), "", faults.SQLServerCommit, false},
		{"another message", packet(6, true, headers+wide("COMMIT")), "", faults.SQLServerCommit, false},
		{"no length", "\x01\x01\x00\x00\x00\x00\x00\x00", "", faults.SQLServerCommit, false},
		{"nothing", "", "", faults.SQLServerCommit, false},
		{"nothing", "", "", faults.MySQLCommit, false},
		{"nothing", "", idle, faults.PostgresCommit, false},
	} {
		if got := c.match(faults.Request{Sent: []byte(c.sent), After: []byte(c.after)}); got != c.want {
			t.Errorf("%s (%q): %t", c.name, c.sent, got)
		}
	}
}

// prepared returns a Bind and an Execute of a statement that pgx has prepared.
func prepared(statement string) string {
	digest := sha256.Sum256([]byte(statement))
	return "B\x00\x00\x00\x40\x00stmtcache_" + hex.EncodeToString(digest[:24]) + "\x00E\x00\x00\x00\x09\x00\x00\x00\x00\x00"
}

// packet returns a packet of SQL Server's protocol.
func packet(kind byte, last bool, payload string) string {
	status := byte(0)
	if last {
		status = 1
	}
	length := 8 + len(payload)
	return string([]byte{kind, status, byte(length >> 8), byte(length), 0, 0, 1, 0}) + payload
}

// wide returns a text in that protocol's encoding.
func wide(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.Write([]byte{c, 0})
	}
	return b.String()
}

// TestCutAfter loses the answer to a request that the server has got.
func TestCutAfter(t *testing.T) {
	t.Parallel()
	s := listen(t)
	p := proxy(t, s)
	c, other := dial(t, p), dial(t, p)
	struck := p.CutAfter(faults.Containing("commit"))
	c.say("begin")
	c.hear("BEGIN")
	c.say("com") // a request may come in pieces
	c.hear("COM")
	c.say("commit")
	c.hearNothing()
	wait(t, struck)
	if got := s.heard(); got != "begin com commit" {
		t.Errorf("the server heard %q", got)
	}
	other.say("commit")
	other.hear("COMMIT") // it strikes once
	wantCounts(t, p, faults.Counts{Accepted: 2, CutAfter: 1})
}

// TestCutBefore loses a request.
func TestCutBefore(t *testing.T) {
	t.Parallel()
	s := listen(t)
	p := proxy(t, s)
	c := dial(t, p)
	struck := p.CutBefore(func(r faults.Request) bool {
		return string(r.Sent) == "commit\n" && string(r.After) == "BEGIN\n"
	})
	c.say("begin")
	c.hear("BEGIN")
	c.say("commit")
	c.hearNothing()
	wait(t, struck)
	wait(t, s.ended)
	if got := s.heard(); got != "begin" {
		t.Errorf("the server heard %q", got)
	}
	p.CutBefore(faults.Anything)
	p.Disarm()
	after := dial(t, p)
	after.say("again")
	after.hear("AGAIN")
	wantCounts(t, p, faults.Counts{Accepted: 2, CutBefore: 1})
}

// TestMuteAfter lets the server get a request whose answer its client does not get.
func TestMuteAfter(t *testing.T) {
	t.Parallel()
	s := listen(t)
	p := proxy(t, s)
	c := dial(t, p)
	c.say("begin")
	c.hear("BEGIN")
	struck := p.MuteAfter(faults.Containing("commit"))
	c.say("commit")
	wait(t, struck)
	for p.Counts().Swallowed == 0 {
	}
	if got := s.heard(); got != "begin commit" {
		t.Errorf("the server heard %q", got)
	}
	p.Mute(false)
	c.hearNothing()
	after := dial(t, p)
	after.say("again")
	after.hear("AGAIN")
	wantCounts(t, p, faults.Counts{Accepted: 2, Swallowed: 1, Cut: 1, MuteAfter: 1})
}
