package standard_test

import (
	"testing"

	"github.com/processtracker/processtracker-go/dialects/internal/standard"
)

func TestTheFixedBeginningOfAPatternIsARange(t *testing.T) {
	t.Parallel()
	for glob, want := range map[string][2]any{
		"":                       {nil, nil},
		"*":                      {nil, nil},
		"?a":                     {nil, nil},
		"file*":                  {"file", "filf"},
		"fi?e*":                  {"fi", "fj"},
		"file":                   {"file", "filf"},
		"\U0010ffff*":            {nil, nil},
		"a\U0010ffff\U0010ffff*": {"a\U0010ffff\U0010ffff", "b"},
		"\ud7ff*":                {"\ud7ff", "\ue000"},
		"🚚*":                     {"🚚", "🚛"},
	} {
		if p := standard.Pattern(glob); p.First != want[0] || p.End != want[1] {
			t.Errorf("%q: from %q to %q, want %q", glob, p.First, p.End, want)
		}
	}
	if p := standard.Pattern("a*%_|?"); p.Text != "a%|%|_||_" {
		t.Errorf("the pattern is %q", p.Text)
	}
}
