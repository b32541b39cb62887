package tracker

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"Teams Load": "Teams Load", "  Teams  Load\t\n": "Teams  Load", "\u00a0x\u2003": "x", "é": "é", "e\u0301": "e\u0301", "\u202Ex": "\u202Ex",
		strings.Repeat("🚚", 250): strings.Repeat("🚚", 250), " " + strings.Repeat("x", 250) + " ": strings.Repeat("x", 250),
	} {
		if got, err := name("field", given); got != want || err != nil {
			t.Errorf("%q became %q, %v", given, got, err)
		}
	}
	for given, reason := range map[string]string{
		"": "empty", "\n": "empty", "a\nb": "U+000A at byte 1", "ü\x00": "U+0000 at byte 2", "a\u0085b": "U+0085", "a\xff": "UTF-8",
		strings.Repeat("é", 251): "251 characters",
	} {
		var invalid *InvalidError
		if _, err := name("field", given); !errors.As(err, &invalid) || invalid.Field != "field" || !strings.Contains(invalid.Reason, reason) {
			t.Errorf("%q: %v, want %q", given, err, reason)
		}
	}
	if got, err := optionalName("field", ""); got != "" || err != nil {
		t.Errorf("no name: %q, %v", got, err)
	}
	if _, err := optionalName("field", " "); err == nil {
		t.Error("a name of a space is taken for none")
	}
}

func TestExactTexts(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		" ": true, " a ": true, "12345678": true, "éééé": true, "ééééx": false, "123456789": false, "": false, "a\x7f": false, "\xc3": false,
	} {
		if err := exact("field", text, 8); (err == nil) != ok || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestProse(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"": "", "a\nb\a": "a\nb\a", "a\x00\x00b": "a\uFFFD\uFFFDb", "\xff\xfe": "\uFFFD", "a\xc3": "a\uFFFD", "\xed\xa0\x80": "\uFFFD",
	} {
		if got := prose(given); got != want || !utf8.ValidString(got) {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
}

func TestStorableTimes(t *testing.T) {
	t.Parallel()
	west := time.FixedZone("", -3600)
	for at, ok := range map[time.Time]bool{
		{}: true, time.Date(9999, 12, 31, 22, 59, 59, 0, west): true, time.Date(9999, 12, 31, 23, 0, 0, 0, west): false,
		time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC): true, time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC): false, time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC): false,
	} {
		if err := storable("field", at); (err == nil) != ok {
			t.Errorf("%v: %v", at, err)
		}
	}
}

// FuzzInvalid looks for a value that makes the error unreadable or lets it grow.
func FuzzInvalid(f *testing.F) {
	for _, seed := range []string{"", "a\x00b", strings.Repeat("é", 40), strings.Repeat("x", 63) + "🚚", "\xff\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		text := invalid("field", value, "reason", "remedy").Error()
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || len(text) > 64*6+100 {
			t.Errorf("%q: %q", value, text)
		}
	})
}
