package cli

import (
	"testing"
	"time"
)

// Durations accept days and weeks. The error for an invalid duration lists the units.
func TestDurations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"2d": 48 * time.Hour, "1w1d": 8 * 24 * time.Hour, "1.5d": 36 * time.Hour, "1d30m": 24*time.Hour + 30*time.Minute, "90s": 90 * time.Second} {
		var got time.Duration
		a := &app{}
		cmd := a.waitCommand()
		sayDays(cmd)
		if err := cmd.Flags().Set("timeout", text); err != nil {
			t.Fatal(err)
		}
		got, err := cmd.Flags().GetDuration("timeout")
		if err != nil || got != want {
			t.Errorf("%s: %v, %v, want %v", text, got, err, want)
		}
	}
	newTool(t).run("wait", "P", "--timeout", "3 months").want(CodeUsage, "not a duration; write 90s, 30m (minutes), 12h, 2d or 1w")
}

// Ages accept days and weeks. The unit m is rejected, because it may stand for minutes
// or months.
func TestPastTimes(t *testing.T) {
	t.Parallel()
	a := &app{env: Env{Zone: time.FixedZone("", 3600)}}
	at, err := a.parsePast("since", "2026-03-01 10:00:00")
	if want := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC); err != nil || !at.Equal(want) {
		t.Errorf("%v, %v, want %v", at, err, want)
	}
	for text, ago := range map[string]time.Duration{"30min": 30 * time.Minute, "12h": 12 * time.Hour, "2d": 48 * time.Hour, "1w": 7 * 24 * time.Hour} {
		before := time.Now().Add(-ago)
		if at, err := a.parsePast("since", text); err != nil || at.Before(before) || at.After(time.Now().Add(-ago)) {
			t.Errorf("%s: %v, %v", text, at, err)
		}
	}
	tl := newSetUp(t)
	tl.run("history", "--since", "3m").want(CodeUsage, `--since "3m": m could be minutes or months; write 3min, or days or weeks (30d, 4w)`)
	tl.run("history", "--since", "yesterday").want(CodeUsage, "or how long ago: 12h, 2d, 1w")
}

// Unknown commands and flags are rejected with a suggestion.
func TestUnknownCommandsAndFlags(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	tl.run("runz").want(CodeUsage, "did you mean runs?")
	tl.run("runs", "--proces", "x").want(CodeUsage, "unknown flag: --proces; did you mean --process?")
	tl.run("runs", "--nothing-like-it").want(CodeUsage, "unknown flag: --nothing-like-it (see")
	tl.run("extract", "regster").want(CodeUsage, `unknown command "regster" for "processtracker extract"; did you mean "register"?`)
	tl.run("extracts", "relase").want(CodeUsage, `did you mean "release"?`)
	tl.run("extract").want(CodeOK, "Usage:")
}
