package cli

import (
	"bytes"
	"unicode/utf8"
)

// tailSize is the number of bytes of a command's standard error that are kept.
const tailSize = 8 << 10

// tail keeps the last bytes that were written to it.
type tail struct {
	size int
	kept []byte // up to twice the size
	cut  bool   // earlier bytes were dropped
}

// Write implements [io.Writer].
func (t *tail) Write(p []byte) (int, error) {
	n := len(p)
	if len(p) > t.size {
		p, t.cut = p[len(p)-t.size:], true
	}
	t.kept = append(t.kept, p...)
	if len(t.kept) > 2*t.size {
		t.shrink()
	}
	return n, nil
}

func (t *tail) shrink() {
	if drop := len(t.kept) - t.size; drop > 0 {
		t.kept, t.cut = append(t.kept[:0], t.kept[drop:]...), true
	}
}

// String returns the kept bytes. If earlier bytes were dropped, it returns an ellipsis
// and continues at the start of a line, or at least of a character.
func (t *tail) String() string {
	t.shrink()
	text := bytes.TrimRight(t.kept, "\r\n \t")
	if !t.cut {
		return string(text)
	}
	if i := bytes.IndexByte(text, '\n'); i >= 0 && i < len(text)/2 {
		return "…\n" + string(text[i+1:])
	}
	for len(text) > 0 && !utf8.RuneStart(text[0]) {
		text = text[1:]
	}
	return "…" + string(text)
}
