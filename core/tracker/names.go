package tracker

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The longest names. A longer one is [ErrInvalid], and nothing is sent.
const (
	MaxName     = 250  // characters of a name
	MaxPath     = 4096 // bytes of a location's path
	MaxFileName = 1024 // bytes of an extract's name: the longest key of an object store
)

// name checks a name and removes the white space around it. field says which
// one, for the error.
func name(field, value string) (string, error) {
	trimmed := strings.TrimSpace(value)
	if trimmed == "" {
		return "", invalid(field, value, "empty", "give it a name")
	}
	if err := readable(field, trimmed); err != nil {
		return "", err
	}
	if n := utf8.RuneCountInString(trimmed); n > MaxName {
		return "", invalid(field, value, fmt.Sprintf("has %d characters", n), fmt.Sprintf("use at most %d", MaxName))
	}
	return trimmed, nil
}

// optionalName is name for a field that may be left out.
func optionalName(field, value string) (string, error) {
	if value == "" {
		return "", nil
	}
	return name(field, value)
}

// readable refuses text that some database cannot store or no person can read.
func readable(field, value string) error {
	if !utf8.ValidString(value) {
		return invalid(field, value, "not valid UTF-8", "convert it to UTF-8")
	}
	if i := strings.IndexFunc(value, unicode.IsControl); i >= 0 {
		r, _ := utf8.DecodeRuneInString(value[i:])
		return invalid(field, value, fmt.Sprintf("control character %U at byte %d", r, i), "remove it")
	}
	return nil
}

// exact checks a path or a file name, which is kept as it is.
func exact(field, value string, limit int) error {
	switch {
	case value == "":
		return invalid(field, value, "empty", "give it a value")
	case len(value) > limit:
		return invalid(field, value, fmt.Sprintf("has %d bytes", len(value)), fmt.Sprintf("use at most %d", limit))
	}
	return readable(field, value)
}

// storable refuses a time that some database cannot store. The zero time stands
// for none.
func storable(field string, at time.Time) error {
	if year := at.UTC().Year(); year < 1 || year > 9999 {
		return invalid(field, at.UTC().String(), fmt.Sprintf("in the year %d", year), "give one from the year 1 to 9999")
	}
	return nil
}
