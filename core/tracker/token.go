package tracker

import (
	"crypto/rand"
	"encoding/hex"
)

// A token proves that a caller may write to a run. The database keeps only its
// digest, so that whoever may read the tables cannot write to the runs in them.

// newToken returns 128 random bits, in hexadecimal.
func newToken() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	return hex.EncodeToString(b[:])
}

// tokenDigest is what the database keeps of a token. Tokens are random, so that it
// needs no salt.
func tokenDigest(token string) string { return key(token) }
