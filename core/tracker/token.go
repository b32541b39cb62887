package tracker

import (
	"crypto/rand"
	"encoding/hex"
)

// A token proves that a caller may write to a run. The database stores only its digest,
// so that a user who may read the tables cannot write to runs.

// newToken returns 128 random bits, in hexadecimal.
func newToken() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	return hex.EncodeToString(b[:])
}

// tokenDigest returns the digest of a token that the database stores. It needs no salt,
// because tokens are random.
func tokenDigest(token string) string { return key(token) }
