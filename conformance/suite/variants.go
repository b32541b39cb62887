package suite

import (
	"strings"
	"testing"
)

// A Variant is a setting, of a server or of a program, with which a backend goes through
// cases once more.
type Variant struct {
	Name string
	Run  func(t *testing.T)
}

// RunVariants goes through one of the variants of a backend, another at each commit;
// at night through all, and with -short through none. It is up to Run to ask for a
// server, so that none is started for nothing.
func RunVariants(t *testing.T, backend string, all []Variant) {
	t.Helper()
	var rest []string
	chosen := rotation(t) % len(all)
	for i, v := range all {
		switch {
		case testing.Short() || raced, AtLevel() == Commit && i != chosen:
			rest = append(rest, v.Name)
		default:
			t.Run(v.Name, v.Run)
		}
	}
	if len(rest) > 0 && (AtLevel() != Nightly) {
		Leave(t, backend+": the settings "+strings.Join(rest, "; "))
	}
}

// UnlessShort skips a test with -short, and has the report say what it leaves out.
func UnlessShort(t *testing.T, what string) {
	t.Helper()
	if !testing.Short() && !raced {
		return
	}
	if AtLevel() != Nightly {
		Leave(t, what)
	}
	t.Skip("left out with -short: " + what)
}
