package tracker

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// prose makes free text storable on every database, losing nothing that can be
// read: a NUL, which some cannot store, and bytes that are no UTF-8 become the
// replacement character.
func prose(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// mostProse is how many bytes of a text are kept, where the database takes so many in
// one statement.
const mostProse = 256 << 20

// littleProse is how many bytes of a text are kept where more have failed.
const littleProse = 16 << 10

// prose makes a text storable, as far as the database takes it in one piece.
func (t *Tracker) prose(text string) string {
	return kept(prose(text), min(mostProse, t.made().store.MostBytes()))
}

// kept is the beginning of a text, up to so many bytes with the mark that says how
// much was cut. A text that is no longer is all of it.
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
