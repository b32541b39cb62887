package tracker

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// prose makes free text storable on every database without losing anything readable:
// NUL, which some databases cannot store, and invalid UTF-8 become the replacement
// character.
func prose(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// mostProse is how many bytes of a text are kept, if the database accepts that many in
// one statement.
const mostProse = 256 << 20

// littleProse is how many bytes of a text are kept after an attempt with more has failed.
const littleProse = 16 << 10

// prose makes a text storable, and cuts it to the size that the database accepts in one
// piece.
func (t *Tracker) prose(text string) string {
	return kept(prose(text), min(mostProse, t.made().store.MostBytes()))
}

// kept cuts a text to the given number of bytes, including a mark that says how much
// was cut. It returns a shorter text unchanged.
func kept(text string, most int) string {
	if len(text) <= most {
		return text
	}
	const mark = "\n[cut: the first %d of %d bytes]"
	end := max(0, most-len(fmt.Sprintf(mark, len(text), len(text))))
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + fmt.Sprintf(mark, end, len(text))
}
