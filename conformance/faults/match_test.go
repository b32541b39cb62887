package faults_test

import (
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
		{"one statement", execute + sync, idle, faults.PostgresCommit, false},
		{"what prepares statements", "P\x00\x00\x00\x04D\x00\x00\x00\x04" + sync, idle, faults.PostgresCommit, false},
		{"COMMIT", "\x07\x00\x00\x00\x03COMMIT", "", faults.MySQLCommit, true},
		{"several statements", "\x20\x00\x00\x00\x03SELECT 1;\nUPDATE t;\nCOMMIT", "", faults.MySQLCommit, true},
		{"several without", "\x20\x00\x00\x00\x03SELECT 1;\nCOMMIT;\nSELECT 1", "", faults.MySQLCommit, false},
		{"a word that ends so", "\x20\x00\x00\x00\x03SELECT 'x COMMIT", "", faults.MySQLCommit, false},
		{"another command", "\x07\x00\x00\x00\x16COMMIT", "", faults.MySQLCommit, false},
		{"nothing", "", "", faults.MySQLCommit, false},
		{"nothing", "", idle, faults.PostgresCommit, false},
	} {
		if got := c.match(faults.Request{Sent: []byte(c.sent), After: []byte(c.after)}); got != c.want {
			t.Errorf("%s (%q): %t", c.name, c.sent, got)
		}
	}
}
