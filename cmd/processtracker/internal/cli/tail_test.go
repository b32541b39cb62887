package cli

import (
	"strings"
	"testing"
)

func TestTail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		writes []string
		want   string
	}{
		{nil, ""},
		{[]string{"short\n"}, "short"},
		{[]string{"exactly", "10"}, "exactly10"},
		{[]string{"a\n", "b\n", "c\n", "d\n", "e\n", "f\n", "g\n"}, "…\nd\ne\nf\ng"},
		{[]string{strings.Repeat("x", 30) + "0123456789"}, "…0123456789"},
		{[]string{"x" + strings.Repeat("ü", 20)}, "…üüüüü"},
		{[]string{strings.Repeat("x", 9) + strings.Repeat("ü", 4) + "é1"}, "…üüüé1"},
	} {
		tl := &tail{size: 10}
		for _, w := range c.writes {
			if n, err := tl.Write([]byte(w)); n != len(w) || err != nil {
				t.Errorf("Write(%q): %d, %v", w, n, err)
			}
		}
		if got := tl.String(); got != c.want {
			t.Errorf("after %q: %q, want %q", c.writes, got, c.want)
		}
		if cap(tl.kept) > 100 {
			t.Errorf("after %q: %d bytes are held", c.writes, cap(tl.kept))
		}
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"one":               "one",
		"one\n\ttwo\n\none": "one; two",
		"head:\n  a\n  b\n": "head: a; b",
		"esc \x1b[2J":       "esc ·[2J",
	} {
		if got := oneLine(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
