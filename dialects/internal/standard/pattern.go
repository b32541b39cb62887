package standard

import (
	"slices"
	"strings"
	"unicode"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Pattern returns the pattern of a LIKE whose escape character is |, and the range of
// the texts with the same beginning, in the order of code points.
func Pattern(glob string) dialect.Pattern {
	p := dialect.Pattern{Text: strings.NewReplacer(`|`, `||`, `%`, `|%`, `_`, `|_`, `*`, `%`, `?`, `_`).Replace(glob)}
	first, _, _ := strings.Cut(strings.ReplaceAll(glob, "?", "*"), "*")
	if end := after(first); end != "" {
		p.First, p.End = first, end
	}
	return p
}

// after is the first text, by code points, that is greater than all that begin with
// first; empty if there is none.
func after(first string) string {
	characters := []rune(first)
	for i, last := range slices.Backward(characters) {
		next := last + 1
		if next == 0xd800 {
			next = 0xe000 // there are no characters between
		}
		if next <= unicode.MaxRune {
			return string(characters[:i]) + string(next)
		}
	}
	return ""
}
