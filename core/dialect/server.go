package dialect

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrServer is what every [ServerError] matches.
var ErrServer = errors.New("server not supported")

// A ServerError says that the tracker does not work with a server: it is too old, or it
// is another product with the same protocol. Nothing was written.
type ServerError struct {
	Server string // the product and its version, such as MySQL 8.0.11
	Why    string // what it lacks
	Needs  string // what the tracker works with
}

func (e *ServerError) Error() string {
	return fmt.Sprintf("%v: %s %s; use %s", ErrServer, e.Server, e.Why, e.Needs)
}

// Unwrap returns [ErrServer].
func (e *ServerError) Unwrap() error { return ErrServer }

// Version is a server's version: major, minor and patch number. Numbers that a product
// does not have are zero.
type Version [3]int

// ParseVersion reads a version from the beginning of a text, such as 8.0.36-log or
// 17beta1, and reports whether there is one.
func ParseVersion(text string) (v Version, ok bool) {
	for i := range v {
		end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
		if end < 0 {
			end = len(text)
		}
		n, err := strconv.Atoi(text[:end])
		if err != nil {
			return v, i > 0
		}
		v[i] = n
		if end == len(text) || text[end] != '.' {
			return v, true
		}
		text = text[end+1:]
	}
	return v, true
}

// Before reports whether v is older than other.
func (v Version) Before(other Version) bool {
	for i := range v {
		if v[i] != other[i] {
			return v[i] < other[i]
		}
	}
	return false
}

// String returns the version in its usual form, without a patch number of zero.
func (v Version) String() string {
	if v[2] == 0 {
		return fmt.Sprintf("%d.%d", v[0], v[1])
	}
	return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2])
}
