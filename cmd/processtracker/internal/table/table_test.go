package table

import (
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
)

func TestWriteFitsTheTerminal(t *testing.T) {
	t.Parallel()
	columns := []Column{{Title: "ID", Right: true}, {Title: "Name", Least: 8}, {Title: "Place", Least: 6}, {Title: "Status"}}
	rows := [][]string{
		{"1", "a rather long name of an extract.csv", "/a/path/that/is/longer/than/most/of/them/landing", "ready"},
		{"100", "ｎａｍｅ", "x", "initializing"},
	}
	for _, c := range []struct {
		width, most int
		cut         bool
	}{{0, 200, false}, {200, 200, false}, {80, 80, true}, {60, 60, true}, {24, 24, false}} {
		var b strings.Builder
		if err := Write(&b, c.width, columns, rows); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSuffix(line, "\n")
			if strings.TrimRight(line, " ") != line {
				t.Errorf("width %d: trailing white space: %q", c.width, line)
			}
			if w := text.StringWidth(line); w > c.most {
				t.Errorf("width %d: a line has %d\n%s", c.width, w, b.String())
			}
		}
		if strings.Contains(b.String(), "…") != c.cut {
			t.Errorf("width %d: cut should be %v\n%s", c.width, c.cut, b.String())
		}
		if !strings.Contains(b.String(), "initializing") {
			t.Errorf("width %d: a column that may not shrink was cut\n%s", c.width, b.String())
		}
	}
}

func TestWriteWraps(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	columns := []Column{{Title: "ID"}, {Title: "What", Least: 10, Wrap: true}}
	if err := Write(&b, 16, columns, [][]string{{"1", "words\nthat go on"}}); err != nil {
		t.Fatal(err)
	}
	want := "ID  WHAT\n────────────────\n1   words that\n    go on\n"
	if b.String() != want {
		t.Errorf("%s, want %s", b.String(), want)
	}
}

// A row that fits no table is printed as a block, without cutting anything.
func TestWriteBlocks(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	columns := []Column{{Title: "ID"}, {Title: "Process", Least: 16, Wrap: true}, {Title: "Lease"}, {Title: "Status"}}
	rows := [][]string{{"1", "a rather long name", "", "running"}, {"2", "b", "", "failed"}}
	if err := Write(&b, 22, columns, rows); err != nil {
		t.Fatal(err)
	}
	want := "ID       1\nPROCESS  a rather long\n         name\nSTATUS   running\n\nID       2\nPROCESS  b\nSTATUS   failed\n"
	if b.String() != want {
		t.Errorf("%s, want %s", b.String(), want)
	}
}

// Ages have one unit: the largest one of which they have at least two.
func TestAge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 29, 12, 0, 0, 0, time.UTC)
	for ago, want := range map[time.Duration]string{
		-time.Hour: "0s ago", 59 * time.Second: "59s ago", 90 * time.Minute: "1h ago", 47 * time.Hour: "47h ago", 200 * time.Hour: "8d ago",
	} {
		if got := Age(now.Add(-ago), now); got != want {
			t.Errorf("%v: %q, want %q", ago, got, want)
		}
	}
}

// Where clocks changed between two rows, the title names no abbreviation.
func TestClockThatChanges(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Skip(err)
	}
	for want, rows := range map[string][][]string{
		"At (CET)":   {{"2026-01-01 12:00:00"}, {""}},
		"At (CEST)":  {{"2026-07-01 12:00:00"}},
		"At (local)": {{"2026-01-01 12:00:00"}, {"2026-07-01 12:00:00"}},
		"At":         {{""}},
	} {
		columns := []Column{{Title: "At", Time: true}}
		Clock{Zone: zone}.Apply(columns, rows)
		if columns[0].Title != want {
			t.Errorf("%q, want %q", columns[0].Title, want)
		}
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"short", 5, "short"}, {"longer", 5, "l…ger"}, {"longer", 4, "l…er"}, {"/a/b/landing", 9, "/a…anding"},
		{"ｓｈｏｒｔ！", 7, "ｓ…ｔ！"}, {"x", 0, "…"},
	} {
		if got := Shorten(c.in, c.width); got != c.want {
			t.Errorf("%q to %d: %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	if got := Line("a\r\nb\tc\x1b[1m\u202ed\x00"); got != "a b c·[1m·d·" {
		t.Errorf("%q", got)
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for in, want := range map[time.Duration]string{
		0: "0ms", 42 * time.Millisecond: "42ms", 1500 * time.Millisecond: "1.5s", 59999 * time.Millisecond: "59.9s",
		185 * time.Second: "3m05s", 3*time.Hour + 4*time.Minute: "3h04m", 49 * time.Hour: "2d01h",
	} {
		if got := Duration(in); got != want {
			t.Errorf("%v: %q, want %q", in, got, want)
		}
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	if got := Time(time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))); got != "2026-01-02 02:04:05" {
		t.Errorf("%q", got)
	}
	if got := Time(time.Time{}); got != "" {
		t.Errorf("zero: %q", got)
	}
}
